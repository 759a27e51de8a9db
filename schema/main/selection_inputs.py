"""What the mutations of the selection of outstanding stewards take."""

from datetime import date

import strawberry
from strawberry import relay

from backend.partners.choices import SelectionMethod
from schema.main.changes import SEEN

strawberry.enum(SelectionMethod, name="StewardSelectionMethod", description="What is counted.")
KEY = "The same key twice: the first result."
SCORE = "Hundredths of a point (95.5 is 9550), where points are counted."
VOTES = "Where votes are counted."
ANNOUNCEMENT = "Public once announced; names nobody."


@strawberry.input
class MoveStewardSelectionInput:
    """A round to move to its next state."""

    selection_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class CandidateInput:
    """Somebody who stands for it, of which body; what they got, once it is known."""

    name: str
    organization_id: relay.GlobalID
    score: int | None = strawberry.field(default=None, description=SCORE)
    votes: int | None = strawberry.field(default=None, description=VOTES)


@strawberry.input
class CreateStewardSelectionInput:
    """A new round; it begins as DRAFT."""

    community: str = strawberry.field(description="Code of the community.")
    title: str
    places: int = strawberry.field(description="How many are chosen.")
    opens_on: date
    closes_on: date
    idempotency_key: str = strawberry.field(description=KEY)
    method: SelectionMethod = SelectionMethod.SCORE
    criteria: str = strawberry.field(default="", description="Must stand before the round begins.")
    announcement: str = strawberry.field(default="", description=ANNOUNCEMENT)
    candidates: list[CandidateInput] = strawberry.field(default_factory=list)


@strawberry.input
class UpdateStewardSelectionInput:
    """What changes of a round; a field left out stays."""

    selection_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    method: SelectionMethod | None = strawberry.UNSET
    places: int | None = strawberry.UNSET
    criteria: str | None = strawberry.UNSET
    opens_on: date | None = strawberry.UNSET
    closes_on: date | None = strawberry.UNSET
    announcement: str | None = strawberry.field(default=strawberry.UNSET, description=ANNOUNCEMENT)
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class AddStewardCandidateInput:
    """One more candidate of a round."""

    selection_id: relay.GlobalID
    candidate: CandidateInput
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateStewardCandidateInput:
    """What changes of a candidate; a field left out stays. A mask sent back stays, too."""

    candidate_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    organization_id: relay.GlobalID | None = strawberry.UNSET
    score: int | None = strawberry.field(default=strawberry.UNSET, description=SCORE)
    votes: int | None = strawberry.field(default=strawberry.UNSET, description=VOTES)
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveStewardCandidateInput:
    """A candidate to be taken away."""

    candidate_id: relay.GlobalID
