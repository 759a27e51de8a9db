"""Verbs of red partners: signing, ending, posts, and what becomes of an issue."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.gate_rights import require_rows
from backend.core.models import ChangeSet
from backend.partners import rules
from backend.partners.escalation import beginning_in, known_in_register
from backend.partners.models import (
    AgreementDuty,
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    VanguardPost,
)
from backend.people.queries import names_in


def make_agreement(
    agreement: CoBuildingAgreement, duties: Sequence[tuple[str, str]], *, by: Actor
) -> CoBuildingAgreement:
    """A draft with its duties (side, text), in their order. Raises: what the gate raises."""
    with gate.change_set("make agreement", by=by, community_id=agreement.community_id) as changes:
        gate.save(agreement, by=by, within=changes)
        rows = [
            AgreementDuty(
                community_id=agreement.community_id,
                agreement=agreement,
                position=number,
                side=side,
                text=text,
            )
            for number, (side, text) in enumerate(duties, start=1)
        ]
        gate.save_many(rows, by=by, within=changes)
    return agreement


def sign(agreement: CoBuildingAgreement, *, by: Actor) -> CoBuildingAgreement:
    """The agreement, signed on its day.

    Raises: wrong_state; signed_on_missing; signed_in_future; agreement_without_duties; not_allowed.
    """

    def guard(fresh: CoBuildingAgreement) -> None:
        rules.may_be_signed(fresh.signed_on, timezone.localdate(), fresh.duties.count())

    signed_on = agreement.signed_on
    return gate.move(agreement, "sign", by=by, guard=guard, occurred_at=_noon(signed_on))


def revise(agreement: CoBuildingAgreement, *, by: Actor, reason: str) -> CoBuildingAgreement:
    """The agreement, a draft again. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(agreement, "revise", by=by, reason=reason)


def activate(agreement: CoBuildingAgreement, *, by: Actor) -> CoBuildingAgreement:
    """The agreement, in force. Raises: wrong_state; agreement_not_begun; not_allowed."""
    today = timezone.localdate()
    return gate.move(
        agreement,
        "activate",
        by=by,
        guard=lambda fresh: rules.may_begin(fresh.starts_on, today),
        occurred_at=_noon(agreement.starts_on),
    )


def expire(agreement: CoBuildingAgreement, *, by: Actor) -> CoBuildingAgreement:
    """The agreement, at its end; its posts end with it.

    Raises: wrong_state; agreement_still_runs; not_allowed.
    """
    today = timezone.localdate()

    def guard(fresh: CoBuildingAgreement) -> None:
        rules.may_expire(fresh.ends_on, today)

    return _end(agreement, "expire", by=by, reason="", guard=guard)


def terminate(agreement: CoBuildingAgreement, *, by: Actor, reason: str) -> CoBuildingAgreement:
    """The agreement, ended before its time; its posts end with it.

    Raises: wrong_state; reason_required; not_allowed.
    """
    return _end(agreement, "terminate", by=by, reason=reason, guard=None)


def _end(
    agreement: CoBuildingAgreement,
    verb: str,
    *,
    by: Actor,
    reason: str,
    guard: Callable[[Any], None] | None,
) -> CoBuildingAgreement:
    name = f"{verb} {CoBuildingAgreement._meta.label}"
    with gate.change_set(
        name, by=by, community_id=agreement.community_id, reason=reason
    ) as changes:
        moved = gate.move(agreement, verb, by=by, reason=reason, guard=guard, within=changes)
        _close_posts(moved, by=by, within=changes)
    return moved


def _close_posts(agreement: CoBuildingAgreement, *, by: Actor, within: ChangeSet) -> None:
    today = timezone.localdate()
    posts = list(VanguardPost.objects.filter(agreement=agreement, until=None).order_by("pk"))
    for post in posts:
        post.until = rules.last_day_of_post(post.since, agreement.ends_on, today)
    # Whoever may end the agreement ends its posts.
    gate.save_many(posts, by=by.vouched_for(), within=within)


def close_post(post: VanguardPost, *, on: date, by: Actor, reason: str = "") -> VanguardPost:
    """The post, kept for the last time on a day.

    Raises: post_closed; term_reversed; post_outside_term; day_in_future; not_allowed.
    """
    rules.post_is_open(post.until)
    rules.day_is_past(on, timezone.localdate(), "until")
    post.until = on
    return gate.save(post, by=by, reason=reason)


def cancel_shift(shift: DutyShift, *, by: Actor) -> None:
    """Takes a shift off the rota: a correction, so an edit. Raises: not_allowed; not_found."""
    gate.delete_many([shift], by=by, action="edit")


def defuse(issue: IncipientIssue, *, how: str, by: Actor, on: date | None = None) -> IncipientIssue:
    """The issue, defused on a day (today); `how` is kept with it, and names nobody.

    Raises: wrong_state; reason_required; text_has_personal_data; day_in_future;
        settled_before_found; not_allowed.
    """
    return _settle(issue, "defuse", {"how_defused": how.strip()}, by=by, reason=how, on=on)


def escalate(
    issue: IncipientIssue, *, register: str, code: str, by: Actor, on: date | None = None
) -> IncipientIssue:
    """The issue, gone on as a demand or a mediation case, which it names by its code.

    Without a code it is taken down there in the same act, where that register takes issues down.

    Raises: wrong_state; escalation_missing; escalation_unknown; day_in_future;
        settled_before_found; not_allowed; what that register raises.
    """
    # Before the other register is looked into: who may not escalate learns nothing of it.
    require_rows(IncipientIssue, [issue], by, "move")
    code = code.strip()
    begin = beginning_in(register)
    if not code and begin is not None:
        name = f"escalate {IncipientIssue._meta.label}"
        # One act: who comes second is told wrong_state, and has used no number.
        with gate.change_set(name, by=by, community_id=issue.community_id):
            values = {"escalated_to": register, "escalated_code": begin(issue, by)}
            return _settle(issue, "escalate", values, by=by, reason="", on=on)
    known = known_in_register(register, code, issue.community_id)
    rules.escalation_is_named(register, code, known)
    values = {"escalated_to": register, "escalated_code": code}
    return _settle(issue, "escalate", values, by=by, reason="", on=on)


def reopen(issue: IncipientIssue, *, by: Actor, reason: str) -> IncipientIssue:
    """The issue, open again; what was said of its end is taken back, and stays in its history.

    Raises: wrong_state; reason_required; not_allowed.
    """
    cleared = {"how_defused": "", "escalated_to": "", "escalated_code": "", "settled_on": None}
    name = f"reopen {IncipientIssue._meta.label}"
    with gate.change_set(name, by=by, community_id=issue.community_id, reason=reason) as changes:
        moved = gate.move(issue, "reopen", by=by, reason=reason, within=changes)
        return _written(moved, cleared, by, changes)


def _settle(
    issue: IncipientIssue,
    verb: str,
    values: dict[str, Any],
    *,
    by: Actor,
    reason: str,
    on: date | None,
) -> IncipientIssue:
    today = timezone.localdate()
    day = on or today
    rules.day_is_past(day, today, "settled_on")
    texts = {"how_defused": ("化解办法", values.get("how_defused", ""))}
    told = [text for _, text in texts.values()]
    rules.issue_texts_tell_nobody(texts, names_in(issue.community_id, told))
    name = f"{verb} {IncipientIssue._meta.label}"
    with gate.change_set(name, by=by, community_id=issue.community_id) as changes:
        moved = gate.move(
            issue,
            verb,
            by=by,
            reason=reason,
            occurred_at=_noon(day) if on is not None else None,
            guard=lambda fresh: rules.settled_after_found(fresh.found_on, day),
            within=changes,
        )
        return _written(moved, values | {"settled_on": day}, by, changes)


def _written(
    issue: IncipientIssue, values: dict[str, Any], by: Actor, within: ChangeSet
) -> IncipientIssue:
    """What the move says of the issue, by the right that moved it."""
    for name, value in values.items():
        setattr(issue, name, value)
    return gate.save(issue, by=by.vouched_for(), within=within)


def _noon(day: date | None) -> datetime | None:
    """A day as a moment: nobody noted the hour."""
    return timezone.make_aware(datetime.combine(day, time(12))) if day is not None else None


AGREEMENT_VERBS = {
    "sign": lambda row, *, by, reason: sign(row, by=by),
    "revise": lambda row, *, by, reason: revise(row, by=by, reason=reason),
    "activate": lambda row, *, by, reason: activate(row, by=by),
    "expire": lambda row, *, by, reason: expire(row, by=by),
    "terminate": lambda row, *, by, reason: terminate(row, by=by, reason=reason),
}
# Escalating has a page of its own: it names where to.
ISSUE_VERBS = {
    "defuse": lambda row, *, by, reason: defuse(row, how=reason, by=by),
    "reopen": lambda row, *, by, reason: reopen(row, by=by, reason=reason),
}
