"""Verbs of minutes: revised without overwriting one another, confirmed, published, taken down."""

from dataclasses import dataclass
from datetime import datetime

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.meetings import rules
from backend.meetings.choices import ActionStatus
from backend.meetings.drafting import drafted_minutes
from backend.meetings.holding import holding, step
from backend.meetings.models import JointMeeting, MinutesRevision
from backend.meetings.telling import tell_accountable
from backend.people.queries import names_in


@dataclass(frozen=True)
class SavedMinutes:
    """What came of a save: the revision written, and the current one where another came first."""

    revision: MinutesRevision
    current: MinutesRevision
    conflict: RuleViolation | None = None


def write_revision(
    meeting: JointMeeting, text: str, *, by: Actor, within: ChangeSet
) -> JointMeeting:
    """The meeting with a new current revision. Call it under the meeting's lock."""
    revision = _write(meeting, text, meeting.current_minutes, False, by, within)
    meeting.current_minutes = revision.number
    return gate.save(meeting, by=by, within=within)


def revise_minutes(meeting: JointMeeting, text: str, based_on: int, *, by: Actor) -> SavedMinutes:
    """The text, saved as a new revision. If somebody else has saved since `based_on`, it is set
    aside beside theirs and `conflict` says so: nothing is lost, nothing is overwritten.

    Raises: minutes_are_fixed; minutes_empty; too_long; not_allowed.
    """
    with holding(meeting, "revise minutes", by=by) as (fresh, changes):
        rules.minutes_take_changes(fresh.status)
        try:
            rules.minutes_start_from(based_on, fresh.current_minutes)
        except RuleViolation as violation:
            current = fresh.minutes.get(number=fresh.current_minutes)
            if current.text == text:
                return SavedMinutes(current, current)
            aside = _write(fresh, text, based_on, True, by, changes)
            return SavedMinutes(aside, current, violation)
        moved = write_revision(fresh, text, by=by, within=changes)
        saved = moved.minutes.get(number=moved.current_minutes)
        return SavedMinutes(saved, saved)


def redraft_minutes(meeting: JointMeeting, based_on: int, *, by: Actor) -> SavedMinutes:
    """As `revise_minutes`, with the text made anew from what happened."""
    return revise_minutes(meeting, drafted_minutes(meeting), based_on, by=by)


def _write(
    meeting: JointMeeting, text: str, based_on: int, aside: bool, by: Actor, within: ChangeSet
) -> MinutesRevision:
    last = meeting.minutes.order_by("-number").values_list("number", flat=True).first() or 0
    return gate.save(
        MinutesRevision(
            community_id=meeting.community_id,
            meeting=meeting,
            number=last + 1,
            based_on=based_on,
            text=text,
            set_aside=aside,
            written_by=by.user,
        ),
        by=by,
        within=within,
    )


def confirm(
    meeting: JointMeeting,
    *,
    by: Actor,
    occurred_at: datetime | None = None,
    reason: str = "",
    quiet: bool = False,
) -> JointMeeting:
    """The meeting, its minutes confirmed: from now on they stand; each body is told its tasks,
    unless `quiet`.

    Raises: wrong_state; minutes_empty; resolution_without_action; not_allowed.
    """
    with holding(meeting, "confirm", by=by) as (fresh, changes):
        step(fresh, "confirm")
        rules.minutes_are_there(current_text(fresh))
        without = fresh.resolutions.filter(action_items__isnull=True).order_by("number")
        rules.resolutions_have_actions([one.numbered for one in without])
        moved = gate.move(
            fresh, "confirm", by=by, occurred_at=occurred_at, reason=reason, within=changes
        )
        if not quiet:
            tell_accountable(moved)
    return moved


def reopen_minutes(meeting: JointMeeting, *, by: Actor, reason: str) -> JointMeeting:
    """The meeting, its minutes a draft again. Raises: wrong_state; reason_required."""
    with holding(meeting, "reopen minutes", by=by, reason=reason) as (fresh, changes):
        return gate.move(fresh, "reopen_minutes", by=by, reason=reason, within=changes)


def publish(
    meeting: JointMeeting, *, by: Actor, occurred_at: datetime | None = None, reason: str = ""
) -> JointMeeting:
    """The meeting, its minutes and resolutions open to everybody.

    Raises: wrong_state; text_has_personal_data; not_allowed.
    """
    with holding(meeting, "publish", by=by) as (fresh, changes):
        step(fresh, "publish")
        texts_are_publishable(fresh)
        return gate.move(
            fresh, "publish", by=by, occurred_at=occurred_at, reason=reason, within=changes
        )


def withdraw(meeting: JointMeeting, *, by: Actor, reason: str) -> JointMeeting:
    """The meeting, taken down from the open data. Raises: wrong_state; reason_required."""
    with holding(meeting, "withdraw", by=by, reason=reason) as (fresh, changes):
        return gate.move(fresh, "withdraw", by=by, reason=reason, within=changes)


def void(meeting: JointMeeting, *, by: Actor, reason: str) -> JointMeeting:
    """A meeting that a ledger brought, void: its number stays, nothing of it counts any more.

    Raises: wrong_state; reason_required; not_from_ledger; meeting_has_work.
    """
    with holding(meeting, "void", by=by, reason=reason) as (fresh, changes):
        step(fresh, "void", reason)
        rules.only_ledgers_are_void(fresh.from_ledger)
        rules.nobody_has_verified(verified_in(fresh))
        return gate.move(fresh, "void", by=by, reason=reason, within=changes)


def verified_in(meeting: JointMeeting) -> int:
    """How many of its action items somebody has verified."""
    return int(meeting.action_items.filter(status=ActionStatus.VERIFIED).count())


def current_text(meeting: JointMeeting) -> str:
    """The minutes as they now stand; "" before there are any."""
    rows = meeting.minutes.filter(number=meeting.current_minutes)
    return rows.values_list("text", flat=True).first() or ""


def texts_are_publishable(meeting: JointMeeting) -> None:
    """Raises: text_has_personal_data, of whatever everybody would read."""
    texts = public_texts(meeting)
    names = names_in(meeting.community_id, [text for _, text in texts.values()])
    rules.minutes_are_publishable(texts, names)


def public_texts(meeting: JointMeeting) -> dict[str, tuple[str, str]]:
    """What everybody will read: by field, the label and the text."""
    found = {
        "title": ("会议名称", meeting.title),
        "place": ("地点", meeting.place),
        "text": ("会议纪要", current_text(meeting)),
    }
    for resolution in meeting.resolutions.order_by("number"):
        found[f"resolution {resolution.pk}"] = (f"决议{resolution.numbered}", resolution.text)
    for action in meeting.action_items.order_by("pk"):
        found[f"action {action.pk}"] = ("落实事项", action.title)
    for item in meeting.items.order_by("position"):
        found[f"item {item.pk}"] = (f"议题 {item.position}", item.title)
    return found
