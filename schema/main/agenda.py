"""The agenda in the main API: its items, where they came from, and what waits to be put on it."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core.numbers import whole_number
from backend.meetings import models
from backend.meetings.choices import ItemKind, ItemStatus
from backend.meetings.proposing import candidates_for
from schema.main import meeting_choices  # noqa: F401  the enums, before they are used
from schema.main.base import Connection, Seen, viewer, visible
from schema.main.filters import of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.votes import Vote

if TYPE_CHECKING:
    from schema.main.meetings import JointMeeting

_Meeting = Annotated["JointMeeting", strawberry.lazy("schema.main.meetings")]


@strawberry_django.filter_type(models.AgendaItem)
class AgendaItemFilter:
    """Filters of agenda items."""

    status = one_of(ItemStatus, "status", "In one of these states.")

    @strawberry_django.filter_field(description="Made of records of this register: action_item, …")
    def origin_kind(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}origin_kind": value})

    @strawberry_django.filter_field(description="Made of the record with this code there.")
    def origin_code(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}origin_code": value})

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.AgendaItem)
class AgendaItemOrder:
    """Orders of agenda items."""

    position: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.AgendaItem,
    filters=AgendaItemFilter,
    ordering=AgendaItemOrder,
    description="议题: one matter of one meeting.",
)
class AgendaItem(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    position: int
    title: str
    kind: ItemKind
    presenter: str
    note: str
    background: str = strawberry_django.field(description="What there is to know of it.")
    status: ItemStatus
    status_label = in_words(ItemStatus, "status", "The state in words.")
    started_at: datetime | None
    ended_at: datetime | None
    origin_kind: str = strawberry_django.field(
        description="The register it was chosen from: incipient_issue, …; empty for what was written."
    )
    origin_label: str
    origin_code: str
    origin_count: int | None = strawberry_django.field(
        description="A figure that no register holds, such as a month's hotline calls."
    )
    owner_matter: str = strawberry_django.field(
        description="A matter of Civil Code art. 278, on which a joint meeting only recommends; or empty."
    )
    votes: list[Vote] = strawberry_django.field(
        description="What was put to the vote on it, in order: ties and void votes among them."
    )
    meeting: _Meeting
    updated_at: datetime


@strawberry.type(description="A record that may be put on an agenda.")
class AgendaCandidate:
    kind: str = strawberry.field(description="`originKind` for `addAgendaItemFrom`.")
    code: str = strawberry.field(description="`originCode` for `addAgendaItemFrom`.")
    title: str
    text: str
    listed_in: list[str] = strawberry.field(
        description="Meetings on whose agenda it stands or stood, the latest first."
    )


@strawberry.type(description="What waits in one register.")
class AgendaCandidates:
    kind: str
    label: str
    candidates: list[AgendaCandidate]
    more: bool = strawberry.field(description="Whether there are more: search for them.")


@strawberry.type
class AgendaQuery:
    agenda_items: Connection[AgendaItem] = strawberry_django.connection(
        description="Items over all meetings: in which meetings a record was on the agenda."
    )

    @strawberry.field(
        description="What the caller sees waiting to be put on a meeting's agenda, by register."
    )
    def agenda_candidates(
        self, info: Info, meeting_id: relay.GlobalID, kind: str = "", search: str = ""
    ) -> list[AgendaCandidates]:
        key = whole_number(meeting_id.node_id) or 0
        meeting = visible(models.JointMeeting, info).filter(pk=key).first()
        if meeting is None:
            return []
        return [
            AgendaCandidates(
                kind=group.kind,
                label=group.label,
                more=group.more,
                candidates=[
                    AgendaCandidate(
                        kind=one.kind,
                        code=one.code,
                        title=one.title,
                        text=one.text,
                        listed_in=[str(item.meeting) for item in one.listed],
                    )
                    for one in group.found
                ],
            )
            for group in candidates_for(meeting, viewer(info), kind=kind, search=search[:60])
        ]
