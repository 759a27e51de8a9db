"""选聘 in the main API: rounds in which outstanding stewards are chosen. Names come masked."""

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.core.personal import masked
from backend.partners import models, selecting
from backend.partners.choices import SelectionMethod, SelectionStatus
from backend.people.models import Organization as OrganizationRecord
from backend.people.queries import community_of
from schema.main import selection_inputs as inputs
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Seen,
    chosen,
    moves_of,
    one_row,
    visible,
)
from schema.main.files import HasAttachments
from schema.main.filters import of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.organizations import Organization
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs

strawberry.enum(
    SelectionStatus, name="StewardSelectionStatus", description="The states of a round."
)


@strawberry_django.type(models.StewardCandidate, description="候选管家, masked.")
class StewardCandidate(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
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

    status = one_of(SelectionStatus, "status", "In one of these states.")
    community = of_community()
    updated_since = updated_since()


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
    revision: int
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

    status_label = in_words(SelectionStatus, "status", "The state in words.")

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


@strawberry.type
class StewardSelectionAnswer:
    """The round as it now stands, or what was wrong."""

    errors: list[InputError]
    selection: StewardSelection | None = None


@strawberry.type
class StewardCandidateAnswer:
    """The candidate as they now stand (null once removed), or what was wrong."""

    errors: list[InputError]
    candidate: StewardCandidate | None = None


ROUNDS = Verbs(models.StewardSelection, StewardSelectionAnswer, "selection")
CANDIDATES = Verbs(models.StewardCandidate, StewardCandidateAnswer, "candidate")
_ROUND = ("title", "method", "places", "criteria", "opens_on", "closes_on", "announcement")


def _candidate(info: Info, given: inputs.CandidateInput, **more: Any) -> models.StewardCandidate:
    return models.StewardCandidate(
        name=given.name,
        organization=chosen(OrganizationRecord, given.organization_id, info),
        score=given.score,
        votes=given.votes,
        **more,
    )


def _move(info: Info, given: inputs.MoveStewardSelectionInput, verb: str) -> StewardSelectionAnswer:
    return ROUNDS.move(info, given.selection_id, selecting.SELECTION_VERBS[verb], given.reason)


@strawberry.type
class SelectionsMutation:
    @strawberry.mutation(description="A new round, as a draft, with the candidates known so far.")
    def create_steward_selection(
        self, info: Info, input: inputs.CreateStewardSelectionInput
    ) -> StewardSelectionAnswer:
        def make(by: Actor) -> models.StewardSelection:
            community = community_of(by.user, input.community)
            values = {name: getattr(input, name) for name in _ROUND}
            return selecting.draft_round(
                models.StewardSelection(community=community, **values),
                [_candidate(info, one) for one in input.candidates],
                by=by,
            )

        return ROUNDS.made(info, input, "createStewardSelection", make)

    @strawberry.mutation(
        description="Changes a round, never its state: once it has begun, neither method nor "
        "places nor criteria."
    )
    def update_steward_selection(
        self, info: Info, input: inputs.UpdateStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return changed(ROUNDS, info, input.selection_id, input, _ROUND)

    @strawberry.mutation(description="One more candidate, until the round is decided.")
    def add_steward_candidate(
        self, info: Info, input: inputs.AddStewardCandidateInput
    ) -> StewardCandidateAnswer:
        def make(by: Actor) -> models.StewardCandidate:
            selection = chosen(models.StewardSelection, input.selection_id, info)
            place = selection.community_id
            row = _candidate(info, input.candidate, selection=selection, community_id=place)
            return gate.save(row, by=by)

        return CANDIDATES.made(info, input, "addStewardCandidate", make)

    @strawberry.mutation(description="Changes a candidate, or writes down what they got.")
    def update_steward_candidate(
        self, info: Info, input: inputs.UpdateStewardCandidateInput
    ) -> StewardCandidateAnswer:
        links: Any = {"organization_id": OrganizationRecord}

        return changed(
            CANDIDATES, info, input.candidate_id, input, ("name", "score", "votes"), links
        )

    @strawberry.mutation(description="Takes a candidate away, until the round is decided.")
    def remove_steward_candidate(
        self, info: Info, input: inputs.RemoveStewardCandidateInput
    ) -> StewardCandidateAnswer:
        return removed(CANDIDATES, info, input.candidate_id)

    @strawberry.mutation(description="Begins a round that has criteria and candidates enough.")
    def open_steward_selection(
        self, info: Info, input: inputs.MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "open")

    @strawberry.mutation(description="Chooses those with the highest counts; a tie is refused.")
    def decide_steward_selection(
        self, info: Info, input: inputs.MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "decide")

    @strawberry.mutation(description="Opens a decided round again; needs a reason.")
    def recount_steward_selection(
        self, info: Info, input: inputs.MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "recount")

    @strawberry.mutation(description="Makes the result public.")
    def announce_steward_selection(
        self, info: Info, input: inputs.MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "announce")

    @strawberry.mutation(description="Calls a round off; needs a reason.")
    def cancel_steward_selection(
        self, info: Info, input: inputs.MoveStewardSelectionInput
    ) -> StewardSelectionAnswer:
        return _move(info, input, "cancel")
