"""诉求办理期限 in the main API: by which deadlines a community handles its demands."""

from datetime import datetime

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.demands import models
from backend.demands.terms import settings_of
from backend.people.queries import community_of
from schema.main.base import Connection, InputError, Seen, actor, reread
from schema.main.changes import SEEN, put
from schema.main.filters import of_community, updated_since
from schema.main.places import Community
from schema.main.verbs import Verbs

_TERMS = (
    *("urgent_hours", "ordinary_days", "response_days", "extension_days", "return_days"),
    "old_days",
)


@strawberry_django.filter_type(models.DemandSettings)
class DemandSettingsFilter:
    """Filters of deadlines."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.DemandSettings)
class DemandSettingsOrder:
    """Orders of deadlines."""

    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.DemandSettings,
    filters=DemandSettingsFilter,
    ordering=DemandSettingsOrder,
    description="诉求办理期限: the deadlines of a community. A change holds for demands that are "
    "registered from then on.",
)
class DemandSettings(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    urgent_hours: int = strawberry_django.field(
        description="Hours from registering, for what is urgent."
    )
    ordinary_days: int = strawberry_django.field(
        description="Working days from the day after, for what is not."
    )
    response_days: int = strawberry_django.field(
        description="Working days until the first answer; 0: the same day."
    )
    extension_days: int = strawberry_django.field(
        description="Working days by which one may be put off, once; 0: never."
    )
    return_days: int = strawberry_django.field(
        description="Working days in which an assignment may go back."
    )
    old_days: int = strawberry_django.field(
        description="Days after which an open one may be put before a joint meeting."
    )
    updated_at: datetime
    community: Community


@strawberry.type
class DemandSettingsQuery:
    demand_settings: Connection[DemandSettings] = strawberry_django.connection(
        description="The communities' own deadlines of demands; who has made none has the usual."
    )


@strawberry.input
class UpdateDemandSettingsInput:
    """What changes of a community's deadlines; a field left out stays, or is the usual one."""

    community: str = strawberry.field(description="The community's code.")
    urgent_hours: int | None = strawberry.UNSET
    ordinary_days: int | None = strawberry.UNSET
    response_days: int | None = strawberry.UNSET
    extension_days: int | None = strawberry.UNSET
    return_days: int | None = strawberry.UNSET
    old_days: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.type
class DemandSettingsAnswer:
    """The deadlines as they now stand, or what was wrong."""

    errors: list[InputError]
    settings: DemandSettings | None = None


SETTINGS = Verbs(models.DemandSettings, DemandSettingsAnswer, "settings")


@strawberry.type
class DemandSettingsMutation:
    @strawberry.mutation(
        description="Changes the deadlines by which a community handles demands; a community that "
        "has made none yet has its own from then on. Demands that have begun keep theirs."
    )
    def update_demand_settings(
        self, info: Info, input: UpdateDemandSettingsInput
    ) -> DemandSettingsAnswer:
        def stands(by: Actor) -> models.DemandSettings:
            return settings_of(community_of(by.user, input.community).pk)

        def do(by: Actor) -> models.DemandSettings:
            return gate.save(put(stands(by), input, _TERMS), by=by)

        found = SETTINGS.done(info, do)
        if any(error.code == "changed_meanwhile" for error in found.errors):
            # Both versions are with the caller then: the own one in the input, this one here.
            found.settings = reread(stands(actor(info)), info, "settings")
        return found
