"""选聘 in the main API: rounds in which outstanding stewards are chosen. Names come masked."""

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core.personal import masked
from backend.partners import models, selecting
from backend.partners.choices import SelectionMethod, SelectionStatus
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Language,
    Seen,
    label_of,
    moves_of,
    one_row,
    since,
    visible,
)
from schema.main.files import HasAttachments
from schema.main.organizations import Organization
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.verbs import Verbs

strawberry.enum(SelectionMethod, name="StewardSelectionMethod", description="What is counted.")
strawberry.enum(
    SelectionStatus, name="StewardSelectionStatus", description="The states of a round."
)


@strawberry_django.type(models.StewardCandidate, description="候选管家, masked.")
class StewardCandidate(Seen, relay.Node):
    id: relay.NodeID[int]
    score: int | None = strawberry_django.field(description="Hundredths of a point.")
    votes: int | None
    chosen: bool
    organization: Organization | None

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")}, description="Masked: 张*"
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined]

    name_in_full = in_full(models.StewardCandidate, "name")


@strawberry_django.filter_type(models.StewardSelection)
class StewardSelectionFilter:
    """Filters of rounds."""

    @strawberry_django.filter_field(description="In one of these states.")
    def status(self, value: list[SelectionStatus], prefix: str) -> Q:
        return Q(**{f"{prefix}status__in": value})

    @strawberry_django.filter_field(description="Of the community with this code.")
    def community(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}community__code": value})

    @strawberry_django.filter_field(description="Changed at or after this moment.")
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return since(value, prefix)


@strawberry_django.order_type(models.StewardSelection)
class StewardSelectionOrder:
    """Orders of rounds."""

    opens_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.StewardSelection,
    filters=StewardSelectionFilter,
    ordering=StewardSelectionOrder,
    description="选聘: a round in which outstanding stewards are chosen.",
)
class StewardSelection(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    title: str
    method: SelectionMethod
    places: int
    criteria: str
    opens_on: date
    closes_on: date
    announcement: str = strawberry_django.field(description="Public once announced; no names.")
    status: SelectionStatus
    created_at: datetime
    updated_at: datetime
    community: Community
    candidates: list[StewardCandidate]

    @strawberry_django.field(only=["status"], description="The state in words.")
    def status_label(self, lang: Language = Language.ZH) -> str:
        return label_of(SelectionStatus, self.status, lang)

    @strawberry_django.field(
        only=["status", "community_id"], description="What the caller may do with the round now."
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        found: Any = moves_of(self, info)
        return found  # type: ignore[no-any-return]


@strawberry.type
class SelectionsQuery:
    steward_selections: Connection[StewardSelection] = strawberry_django.connection(
        description="Rounds, the latest first unless ordered."
    )

    @strawberry_django.field(description="One round by its code; null if not the caller's.")
    @one_row()
    def steward_selection(self, info: Info, code: str) -> StewardSelection | None:
        rows = visible(models.StewardSelection, info).filter(code=code)
        return rows  # type: ignore[return-value]


@strawberry.input
class MoveStewardSelectionInput:
    """A round to move to its next state."""

    selection_id: relay.GlobalID
    reason: str = ""


@strawberry.type
class StewardSelectionAnswer:
    """The round as it now stands, or what was wrong."""

    errors: list[InputError]
    selection: StewardSelection | None = None


ROUNDS = Verbs(models.StewardSelection, StewardSelectionAnswer, "selection")


def _move(info: Info, given: MoveStewardSelectionInput, verb: str) -> StewardSelectionAnswer:
    return ROUNDS.move(info, given.selection_id, selecting.SELECTION_VERBS[verb], given.reason)


@strawberry.type
class SelectionsMutation:
    @strawberry.mutation(description="Begins a round that has criteria and candidates enough.")
    def open_steward_selection(
        self, info: Info, input: MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "open")

    @strawberry.mutation(description="Chooses those with the highest counts; a tie is refused.")
    def decide_steward_selection(
        self, info: Info, input: MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "decide")

    @strawberry.mutation(description="Opens a decided round again; needs a reason.")
    def recount_steward_selection(
        self, info: Info, input: MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "recount")

    @strawberry.mutation(description="Makes the result public.")
    def announce_steward_selection(
        self, info: Info, input: MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "announce")

    @strawberry.mutation(description="Calls a round off; needs a reason.")
    def cancel_steward_selection(
        self, info: Info, input: MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "cancel")
