"""Verbs of joint meetings, by name: what buttons, mutations and the ledger call."""

from collections.abc import Callable, Mapping
from typing import Any

from backend.meetings import convening, minuting, working
from backend.meetings.convening import (
    add_item,
    carry_over,
    left_over,
    notice,
    open_meeting,
    postpone,
    reconvene,
)
from backend.meetings.minuting import confirm, publish, redraft_minutes, revise_minutes
from backend.meetings.proposing import add_items_from
from backend.meetings.resolving import add_action, resolve
from backend.meetings.sitting import (
    RollCall,
    call_roll,
    close,
    declare_inquorate,
    defer_item,
    finish_item,
    note_item,
    start_item,
)
from backend.meetings.voting import call_vote, cast, count, void_vote

__all__ = [
    "ACTION_VERBS",
    "MEETING_VERBS",
    "RollCall",
    "add_action",
    "add_item",
    "add_items_from",
    "call_roll",
    "call_vote",
    "carry_over",
    "cast",
    "close",
    "confirm",
    "count",
    "declare_inquorate",
    "defer_item",
    "finish_item",
    "left_over",
    "note_item",
    "notice",
    "open_meeting",
    "postpone",
    "publish",
    "reconvene",
    "redraft_minutes",
    "resolve",
    "revise_minutes",
    "start_item",
    "void_vote",
]

# The machines' verbs: called with the record, by= and reason=.
MEETING_VERBS: Mapping[str, Callable[..., Any]] = {
    "notice": lambda meeting, *, by, reason: notice(meeting, by=by),
    "reconvene": lambda meeting, *, by, reason: reconvene(meeting, by=by),
    "postpone": convening.postpone,
    "cancel": convening.cancel,
    "open": lambda meeting, *, by, reason: open_meeting(meeting, by=by),
    "declare_inquorate": lambda meeting, *, by, reason: declare_inquorate(
        meeting, by=by, reason=reason
    ),
    "close": lambda meeting, *, by, reason: close(meeting, by=by),
    "confirm": lambda meeting, *, by, reason: confirm(meeting, by=by),
    "reopen_minutes": minuting.reopen_minutes,
    "publish": lambda meeting, *, by, reason: publish(meeting, by=by),
    "withdraw": minuting.withdraw,
    "void": minuting.void,
}
ACTION_VERBS: Mapping[str, Callable[..., Any]] = {
    "start": lambda item, *, by, reason: working.start(item, by=by),
    "finish": lambda item, *, by, reason: working.finish(item, by=by),
    "verify": lambda item, *, by, reason: working.verify(item, by=by),
    "reopen": working.reopen,
}
