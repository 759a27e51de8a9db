"""Rules asked before one presses: by register, of rows that need no database."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core.access import SYSTEM, Actor
from backend.core.asking import asked_by, refusal, why_not
from backend.core.errors import RuleViolation
from backend.core.models import Kept
from backend.education.models import Venue
from backend.meetings.models import ActionItem
from backend.owner_votes.models import OwnerVote
from backend.partners.models import StewardSelection
from backend.people.models import User
from backend.privacy.models import SubjectRequest
from backend.services.models import Slot

# From when the tests are gathered: a run goes on for hours, and past midnight.
DAY = datetime.timedelta(days=1)
TODAY = timezone.localdate()
DOER = User(pk=7, username="doer", is_active=True)
BY_DOER = Actor.of(DOER, "admin")


@pytest.mark.parametrize(
    ("refused", "passing", "verb", "word"),
    [
        (
            Slot(ends_at=timezone.now() - DAY),
            Slot(ends_at=timezone.now() + DAY),
            "reopen",
            "时段",
        ),
        (SubjectRequest(kind="erase"), SubjectRequest(kind="show"), "finish", "删除请求"),
        (
            OwnerVote(ends_on=TODAY - DAY),
            OwnerVote(ends_on=TODAY + DAY),
            "open",
            "截止日期已过",
        ),
        (ActionItem(done_by_id=7), ActionItem(done_by_id=8), "verify", "核验"),
        (StewardSelection(), StewardSelection(announcement="选出三位。"), "announce", "请先写好"),
    ],
    ids=lambda one: type(one).__name__ if isinstance(one, Kept) else str(one),
)
def test_the_rule_of_a_register_is_told(refused: Kept, passing: Kept, verb: str, word: str) -> None:
    told = why_not(refused, verb, BY_DOER)
    assert told is not None
    assert word in told
    assert why_not(passing, verb, BY_DOER) is None


def test_a_register_that_says_nothing_refuses_nothing_and_is_asked_in_one_way_alone() -> None:
    assert why_not(Venue(), "open", SYSTEM) is None
    with pytest.raises(LookupError):
        asked_by(Slot, lambda row, verb, by: None)


def test_a_refusal_is_the_rule_s_own_message() -> None:
    def no() -> Any:
        raise RuleViolation("never", "不行，请先看说明。")

    assert refusal(no) == "不行，请先看说明。"
    assert refusal(lambda: None) is None
