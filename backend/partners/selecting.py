"""Verbs of the selection of outstanding stewards."""

from typing import Any

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.partners import selection_rules
from backend.partners.choices import SelectionMethod
from backend.partners.models import StewardCandidate, StewardSelection


def open_round(selection: StewardSelection, *, by: Actor) -> StewardSelection:
    """The round, begun. Raises: wrong_state; criteria_missing; too_few_candidates; not_allowed."""

    return gate.move(selection, "open", by=by, guard=_may_open)


def decide(selection: StewardSelection, *, by: Actor) -> StewardSelection:
    """The round, with those chosen who have the highest points or votes.

    Raises: wrong_state; result_incomplete; selection_tied; not_allowed.
    """
    with gate.change_set(
        f"decide {StewardSelection._meta.label}", by=by, community_id=selection.community_id
    ) as changes:
        # Locked before the candidates are read: nobody's count changes meanwhile.
        fresh = gate.hold(selection)
        candidates = list(fresh.candidates.order_by("pk"))
        chosen: set[int] = set()

        def guard(row: StewardSelection) -> None:
            chosen.update(_winners(row, candidates))

        moved = gate.move(fresh, "decide", by=by, within=changes, guard=guard)
        for at, candidate in enumerate(candidates):
            candidate.chosen = at in chosen
        gate.save_many(candidates, by=by.vouched_for(), within=changes)
    return moved


def recount(selection: StewardSelection, *, by: Actor, reason: str) -> StewardSelection:
    """The round, open again, with nobody chosen. Raises: wrong_state; reason_required; not_allowed."""
    with gate.change_set(
        f"recount {StewardSelection._meta.label}",
        by=by,
        community_id=selection.community_id,
        reason=reason,
    ) as changes:
        moved = gate.move(selection, "recount", by=by, reason=reason, within=changes)
        candidates = list(StewardCandidate.objects.filter(selection=moved, chosen=True))
        for candidate in candidates:
            candidate.chosen = False
        gate.save_many(candidates, by=by.vouched_for(), within=changes)
    return moved


def announce(selection: StewardSelection, *, by: Actor) -> StewardSelection:
    """The round, public. Raises: wrong_state; announcement_missing; not_allowed."""
    return gate.move(
        selection,
        "announce",
        by=by,
        guard=_may_be_announced,
    )


def cancel(selection: StewardSelection, *, by: Actor, reason: str) -> StewardSelection:
    """The round, called off. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(selection, "cancel", by=by, reason=reason)


def why_selection_cannot(selection: StewardSelection, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    asks = {"open": _may_open, "decide": _may_be_decided, "announce": _may_be_announced}
    return refusal(lambda: asks[verb](selection)) if verb in asks else None


asked_by(StewardSelection, lambda row, verb, by: why_selection_cannot(row, verb))


def _may_open(selection: StewardSelection) -> None:
    candidates = selection.candidates.count()
    selection_rules.selection_may_open(candidates, selection.places, selection.criteria)


def _may_be_decided(selection: StewardSelection) -> None:
    _winners(selection, list(selection.candidates.order_by("pk")))


def _may_be_announced(selection: StewardSelection) -> None:
    selection_rules.announcement_is_written(selection.announcement)


def _winners(selection: StewardSelection, candidates: list[StewardCandidate]) -> list[int]:
    scored = selection.method == SelectionMethod.SCORE
    counts = [row.score if scored else row.votes for row in candidates]
    return selection_rules.winners(counts, selection.places)


SELECTION_VERBS: dict[str, Any] = {
    "open": lambda row, *, by, reason: open_round(row, by=by),
    "decide": lambda row, *, by, reason: decide(row, by=by),
    "recount": lambda row, *, by, reason: recount(row, by=by, reason=reason),
    "announce": lambda row, *, by, reason: announce(row, by=by),
    "cancel": lambda row, *, by, reason: cancel(row, by=by, reason=reason),
}
