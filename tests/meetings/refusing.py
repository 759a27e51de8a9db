"""A refusal: its code, and the proof that nothing was written."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.core.errors import RuleViolation
from backend.core.models import Transition
from backend.meetings.models import (
    ActionItem,
    ActionProgress,
    AgendaItem,
    Ballot,
    JointMeeting,
    MeetingAttendance,
    MinutesRevision,
    Resolution,
    RollSeat,
    Seat,
    Vote,
)
from tests.core.residents import table

TABLES = (
    JointMeeting,
    AgendaItem,
    MeetingAttendance,
    Vote,
    Ballot,
    Resolution,
    ActionItem,
    ActionProgress,
    MinutesRevision,
    RollSeat,
    Seat,
)


def _everything() -> list[Any]:
    return [table(model) for model in TABLES] + [Transition.objects.count()]


def refused(do: Callable[[], object]) -> str:
    """The code; nothing was written."""
    before = _everything()
    with pytest.raises(RuleViolation) as violation:
        do()
    assert _everything() == before
    return violation.value.code
