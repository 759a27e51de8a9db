"""Verbs on heads that signed no list."""

import strawberry
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.education import models
from schema.main.base import InputError, chosen
from schema.main.changes import SEEN
from schema.main.education import HeadcountEntry
from schema.main.education_inputs import HeadcountKind
from schema.main.setting_up_inputs import KEY
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs


@strawberry.input
class RecordHeadcountInput:
    """Heads that were counted, or watched, at an event; with evidence."""

    event_id: relay.GlobalID
    kind: HeadcountKind
    count: int = strawberry.field(description="Heads (人次), never distinct people.")
    evidence: str = strawberry.field(description="Where the photo, screenshot or note is kept.")
    idempotency_key: str = strawberry.field(description=KEY)
    includes_signed_in: bool = strawberry.field(
        default=False, description="Those on the list were counted, too: they are taken off again."
    )
    remark: str = ""


@strawberry.input
class UpdateHeadcountInput:
    """What changes of a count; a field left out stays."""

    headcount_id: relay.GlobalID
    kind: HeadcountKind | None = strawberry.UNSET
    count: int | None = strawberry.UNSET
    evidence: str | None = strawberry.UNSET
    includes_signed_in: bool | None = strawberry.UNSET
    remark: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveHeadcountInput:
    """A count that was entered by mistake."""

    headcount_id: relay.GlobalID


@strawberry.type
class HeadcountAnswer:
    """The count as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    headcount: HeadcountEntry | None = None


COUNTS = Verbs(models.HeadcountEntry, HeadcountAnswer, "headcount")


@strawberry.type
class HeadcountsMutation:
    @strawberry.mutation(description="Heads that signed no list: a crowd, viewers of a broadcast.")
    def record_headcount(self, info: Info, input: RecordHeadcountInput) -> HeadcountAnswer:
        def make(by: Actor) -> models.HeadcountEntry:
            event = chosen(models.LegalEducationEvent, input.event_id, info)
            row = models.HeadcountEntry(
                community_id=event.community_id,
                event=event,
                kind=input.kind,
                count=input.count,
                evidence=input.evidence,
                includes_signed_in=input.includes_signed_in,
                remark=input.remark,
            )
            return gate.save(row, by=by)

        return COUNTS.made(info, input, "recordHeadcount", make)

    @strawberry.mutation(description="Changes a count while the event takes attendance.")
    def update_headcount(self, info: Info, input: UpdateHeadcountInput) -> HeadcountAnswer:
        names = ("kind", "count", "evidence", "includes_signed_in", "remark")
        return changed(COUNTS, info, input.headcount_id, input, names)

    @strawberry.mutation(description="Takes away a count that was entered by mistake.")
    def remove_headcount(self, info: Info, input: RemoveHeadcountInput) -> HeadcountAnswer:
        return removed(COUNTS, info, input.headcount_id)
