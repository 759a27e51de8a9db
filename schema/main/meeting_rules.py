"""议事规则: by which rules a community meets, read and settled."""

from datetime import datetime

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.meetings import models
from backend.meetings.choices import Denominator, MajorityRule, VoteMethod
from backend.people.queries import community_of
from schema.main.base import Connection, InputError, Seen
from schema.main.changes import SEEN
from schema.main.filters import of_community, updated_since
from schema.main.places import Community
from schema.main.setting_up_inputs import COMMUNITY, KEY
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs

_FIELDS = (
    "notice_days",
    "core_required",
    "tripartite_least",
    "over_numerator",
    "over_denominator",
    "proxies_most",
    "majority",
    "denominator",
    "method",
    "action_days",
    "seat_term_months",
)


@strawberry_django.filter_type(models.MeetingSettings)
class MeetingSettingsFilter:
    """Filters of rules of procedure."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.MeetingSettings)
class MeetingSettingsOrder:
    """Orders of rules of procedure."""

    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.MeetingSettings,
    filters=MeetingSettingsFilter,
    ordering=MeetingSettingsOrder,
    description="议事规则: by which rules a community meets; the usual ones where it has settled none.",
)
class MeetingSettings(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    notice_days: int = strawberry_django.field(description="Days between notice and meeting.")
    core_required: bool = strawberry_django.field(description="No quorum without the 1.")
    tripartite_least: int = strawberry_django.field(description="How many of the 3 must be there.")
    over_numerator: int = strawberry_django.field(
        description="More than overNumerator / overDenominator of all seats must be there."
    )
    over_denominator: int
    proxies_most: int = strawberry_django.field(
        description="How many seats one may speak for besides their own; 0: nobody for another."
    )
    majority: MajorityRule
    denominator: Denominator
    method: VoteMethod
    action_days: int = strawberry_django.field(
        description="Working days for an action item that names no day."
    )
    seat_term_months: int = strawberry_django.field(
        description="Months after which a seat without an end is due for renewal."
    )
    updated_at: datetime
    community: Community


@strawberry.type
class MeetingSettingsQuery:
    meeting_settings: Connection[MeetingSettings] = strawberry_django.connection(
        description="The rules that communities have settled for their joint meetings."
    )


@strawberry.input
class CreateMeetingSettingsInput:
    """Rules of procedure, settled for the first time; a field left out or null is as usual."""

    community: str = strawberry.field(description=COMMUNITY)
    idempotency_key: str = strawberry.field(description=KEY)
    notice_days: int | None = strawberry.UNSET
    core_required: bool | None = strawberry.UNSET
    tripartite_least: int | None = strawberry.UNSET
    over_numerator: int | None = strawberry.UNSET
    over_denominator: int | None = strawberry.UNSET
    proxies_most: int | None = strawberry.UNSET
    majority: MajorityRule | None = strawberry.UNSET
    denominator: Denominator | None = strawberry.UNSET
    method: VoteMethod | None = strawberry.UNSET
    action_days: int | None = strawberry.UNSET
    seat_term_months: int | None = strawberry.UNSET


@strawberry.input
class UpdateMeetingSettingsInput:
    """Rules of procedure, changed; a field left out stays. Meetings convened before keep theirs."""

    settings_id: relay.GlobalID
    notice_days: int | None = strawberry.UNSET
    core_required: bool | None = strawberry.UNSET
    tripartite_least: int | None = strawberry.UNSET
    over_numerator: int | None = strawberry.UNSET
    over_denominator: int | None = strawberry.UNSET
    proxies_most: int | None = strawberry.UNSET
    majority: MajorityRule | None = strawberry.UNSET
    denominator: Denominator | None = strawberry.UNSET
    method: VoteMethod | None = strawberry.UNSET
    action_days: int | None = strawberry.UNSET
    seat_term_months: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.type
class MeetingSettingsAnswer:
    """The rules as they are now, or what was wrong."""

    errors: list[InputError]
    settings: MeetingSettings | None = None


SETTINGS = Verbs(models.MeetingSettings, MeetingSettingsAnswer, "settings")


@strawberry.type
class MeetingSettingsMutation:
    @strawberry.mutation(description="Settles the rules of a community that has the usual ones.")
    def create_meeting_settings(
        self, info: Info, input: CreateMeetingSettingsInput
    ) -> MeetingSettingsAnswer:
        def make(by: Actor) -> models.MeetingSettings:
            given = {name: getattr(input, name) for name in _FIELDS}
            settled = {name: v for name, v in given.items() if v not in (None, strawberry.UNSET)}
            community = community_of(by.user, input.community)
            return gate.save(models.MeetingSettings(community=community, **settled), by=by)

        return SETTINGS.made(info, input, "createMeetingSettings", make)

    @strawberry.mutation(description="Changes the rules of a community for meetings to come.")
    def update_meeting_settings(
        self, info: Info, input: UpdateMeetingSettingsInput
    ) -> MeetingSettingsAnswer:
        return changed(SETTINGS, info, input.settings_id, input, _FIELDS)
