"""Verbs of festivals and their stalls; whoever comes to work there is told."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Max, Sum
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by
from backend.core.edits import edited_by
from backend.core.errors import ManyViolations
from backend.core.hangers_on import Upset, upset
from backend.festivals import rules
from backend.festivals.choices import FestivalStatus
from backend.festivals.models import FestivalHeads, NeighborFestival, Stall
from backend.festivals.telling import moment, tell_everybody, tell_providers


def save_festival(festival: NeighborFestival, *, by: Actor, reason: str = "") -> NeighborFestival:
    """Writes a festival. Once it is announced, whoever works there is told of another time or place.

    Raises: festival_month_taken; festival_ends_before_start; what the gate raises.
    """
    with _changes("save", festival, by, reason) as changes:
        before = gate.hold(NeighborFestival(pk=festival.pk)) if festival.pk is not None else None
        saved = gate.save(festival, by=by, within=changes)
        if before is not None and _is_to_come(saved):
            was = (before.starts_at, before.place)
            if was != (saved.starts_at, saved.place):
                tell_everybody(
                    saved, "festival_moved", f"moved {saved.revision}", before=moment(before)
                )
        if before is not None and _when_and_where(before) != _when_and_where(saved):
            upset(Upset(saved, by, before=before, within=changes))
    return saved


edited_by(NeighborFestival, save_festival)


def save_stalls(stalls: Iterable[Stall], *, by: Actor) -> list[Stall]:
    """Writes stalls of one festival; a body whose stall is new to an announced one is told.

    One without a number gets the next. Raises: stall_number_taken; stall_kind_missing;
        festival_closed; what the gate raises.
    """
    rows = list(stalls)
    if not rows:
        return rows
    with _changes("save", rows[0], by, "") as changes:
        festival = gate.hold(NeighborFestival(pk=rows[0].festival_id))
        known = dict(Stall.objects.filter(festival=festival).values_list("pk", "provider_id"))
        _number(rows, festival)
        try:
            gate.save_many(rows, by=by, within=changes)
        except ManyViolations as refused:
            # The first is enough to go on with: pages show one sentence.
            raise refused.by_index[min(refused.by_index)] from None
        if _is_to_come(festival):
            new = [row for row in rows if known.get(row.pk) != row.provider_id]
            tell_providers(festival, new, "festival_stalls", f"stalls {changes.pk}")
    return rows


edited_by(Stall, lambda stall, *, by: save_stalls([stall], by=by))


def drop_stall(stall: Stall, *, by: Actor) -> None:
    """Takes a stall out of the plan; who was to run it at an announced festival is told.

    Raises: in_use once heads or helpers hang on it; festival_closed; not_allowed.
    """
    with _changes("delete", stall, by, "") as changes:
        festival = gate.hold(NeighborFestival(pk=stall.festival_id))
        gate.delete_many([stall], by=by, within=changes)
        if _is_to_come(festival):
            tell_providers(festival, [stall], "festival_stall_dropped", f"dropped {changes.pk}")


def announce(
    festival: NeighborFestival,
    *,
    by: Actor,
    reason: str = "",
    occurred_at: datetime | None = None,
) -> NeighborFestival:
    """Everybody may read of it; each body is told of its stalls, if it is still to come.

    Raises: festival_without_stalls; wrong_state; not_allowed.
    """

    def has_stalls(fresh: NeighborFestival) -> None:
        rules.festival_has_stalls(Stall.objects.filter(festival=fresh).count())

    with _changes("announce", festival, by, reason) as changes:
        moved = gate.move(
            festival,
            "announce",
            by=by,
            guard=has_stalls,
            occurred_at=occurred_at,
            within=changes,
        )
        if _is_to_come(moved):
            stalls = Stall.objects.filter(festival=moved).order_by("number")
            tell_providers(moved, stalls, "festival_stalls", f"stalls {changes.pk}")
    return moved


def hold_festival(festival: NeighborFestival, *, by: Actor, reason: str = "") -> NeighborFestival:
    """It has taken place, or is under way. Raises: festival_not_started; wrong_state; not_allowed."""

    def has_begun(fresh: NeighborFestival) -> None:
        rules.festival_has_begun(fresh.starts_at, timezone.now())

    return gate.move(
        festival,
        "hold",
        by=by,
        reason=reason,
        guard=has_begun,
        occurred_at=min(festival.starts_at, timezone.now()),
    )


def close_festival(
    festival: NeighborFestival,
    *,
    by: Actor,
    reason: str = "",
    occurred_at: datetime | None = None,
) -> NeighborFestival:
    """All has been entered. Raises: festival_without_heads; wrong_state; not_allowed."""

    def has_heads(fresh: NeighborFestival) -> None:
        rules.festival_has_heads(heads_of(fresh.pk))

    return gate.move(
        festival, "close", by=by, reason=reason, guard=has_heads, occurred_at=occurred_at
    )


def reopen_festival(festival: NeighborFestival, *, by: Actor, reason: str) -> NeighborFestival:
    """Open again for corrections. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(festival, "reopen", by=by, reason=reason)


def cancel_festival(festival: NeighborFestival, *, by: Actor, reason: str) -> NeighborFestival:
    """Called off; if it had been announced, whoever was to work there is told why.

    Raises: wrong_state; reason_required; not_allowed.
    """
    with _changes("cancel", festival, by, reason) as changes:
        told = _is_to_come(gate.hold(festival))
        moved = gate.move(festival, "cancel", by=by, reason=reason, within=changes)
        if told:
            tell_everybody(moved, "festival_cancelled", f"off {changes.pk}", reason=reason)
        upset(Upset(moved, by, reason=f"邻里节取消：{reason}", within=changes))
    return moved


def heads_of(festival: int) -> int:
    """The heads (人次) of one festival, none counted twice."""
    rows = FestivalHeads.objects.filter(festival=festival)
    return int(rows.aggregate(n=Sum("count"))["n"] or 0)


def why_cannot(festival: NeighborFestival, verb: str) -> str | None:
    """Why a move that the state allows is refused now, None if it is not: for buttons."""
    asks = {
        "announce": lambda: rules.festival_has_stalls(
            Stall.objects.filter(festival=festival.pk).count()
        ),
        "hold": lambda: rules.festival_has_begun(festival.starts_at, timezone.now()),
        "close": lambda: rules.festival_has_heads(heads_of(festival.pk)),
    }
    try:
        if verb in asks:
            asks[verb]()
    except rules.RuleViolation as violation:
        return violation.message
    return None


asked_by(NeighborFestival, lambda row, verb, by: why_cannot(row, verb))


def _number(rows: list[Stall], festival: NeighborFestival) -> None:
    if all(row.number is not None for row in rows):
        return
    found = Stall.objects.filter(festival=festival).aggregate(n=Max("number"))["n"] or 0
    last = max([found, *(row.number for row in rows if row.number is not None)])
    for row in rows:
        if row.number is None:
            last += 1
            row.number = last


def _when_and_where(festival: NeighborFestival) -> tuple[object, ...]:
    return festival.starts_at, festival.ends_at, festival.place


def _is_to_come(festival: NeighborFestival) -> bool:
    """Whether people have been told of it, and it matters to them still."""
    announced = festival.status == FestivalStatus.ANNOUNCED
    return announced and festival.ends_at > timezone.now()


def _changes(verb: str, record: Any, by: Actor, reason: str) -> Any:
    return gate.change_set(
        f"{verb} {record._meta.label}", by=by, community_id=record.community_id, reason=reason
    )


# The machine's verbs, by name: what buttons and mutations call.
FESTIVAL_VERBS = {
    "announce": announce,
    "hold": hold_festival,
    "close": close_festival,
    "reopen": reopen_festival,
    "cancel": cancel_festival,
}
