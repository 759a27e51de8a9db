"""The rules of legal education, as pure functions."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from backend.core.errors import RuleViolation
from backend.education import rules
from backend.education.choices import EventStatus

NOON = datetime.datetime(2025, 5, 1, 12, tzinfo=datetime.UTC)
SECOND = datetime.timedelta(seconds=1)


@pytest.mark.parametrize(
    ("rule", "given", "code"),
    [
        (rules.event_ends_after_it_starts, (NOON, NOON), "event_ends_before_start"),
        (rules.event_ends_after_it_starts, (NOON, NOON - SECOND), "event_ends_before_start"),
        (rules.capacity_is_positive, (0,), "capacity_invalid"),
        (rules.capacity_is_positive, (-1,), "capacity_invalid"),
        (rules.venue_suits_format, ("cloud_classroom", "onsite"), "venue_unsuitable"),
        (rules.event_takes_attendance, ("planned",), "event_not_open"),
        (rules.event_takes_attendance, ("archived",), "event_not_open"),
        (rules.event_takes_attendance, ("cancelled",), "event_not_open"),
        (rules.event_has_begun, (NOON + SECOND, NOON), "event_not_started"),
        (rules.event_has_heads, (0,), "event_without_heads"),
        (rules.event_may_be_cancelled, (1,), "event_has_attendance"),
        (rules.headcount_is_credible, (0,), "headcount_invalid"),
        (rules.headcount_has_evidence, ("",), "evidence_missing"),
        (rules.headcount_has_evidence, (" \n",), "evidence_missing"),
        (rules.headcount_counts_signed_in_once, ("live_viewers", True), "overlap_impossible"),
        (rules.headcount_counts_signed_in_once, ("recording_views", True), "overlap_impossible"),
        (rules.headcount_suits_format, ("live_viewers", "onsite"), "headcount_unsuitable"),
        (rules.headcount_suits_format, ("recording_views", "onsite"), "headcount_unsuitable"),
        (rules.headcount_suits_format, ("crowd", "online"), "headcount_unsuitable"),
    ],
)
def test_refuses_by_its_code(rule: Callable[..., None], given: tuple[Any, ...], code: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        rule(*given)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("rule", "given"),
    [
        (rules.event_ends_after_it_starts, (NOON, NOON + SECOND)),
        (rules.capacity_is_positive, (None,)),
        (rules.capacity_is_positive, (1,)),
        (rules.venue_suits_format, ("cloud_classroom", "online")),
        (rules.venue_suits_format, ("cloud_classroom", "hybrid")),
        (rules.venue_suits_format, ("stool_theatre", "onsite")),
        (rules.event_takes_attendance, ("open",)),
        (rules.event_takes_attendance, ("held",)),
        (rules.event_has_begun, (NOON, NOON)),
        (rules.event_has_heads, (1,)),
        (rules.event_may_be_cancelled, (0,)),
        (rules.headcount_is_credible, (1,)),
        (rules.headcount_has_evidence, ("现场照片 3 张",)),
        (rules.headcount_counts_signed_in_once, ("crowd", True)),
        (rules.headcount_counts_signed_in_once, ("live_viewers", False)),
        (rules.headcount_suits_format, ("live_viewers", "hybrid")),
        (rules.headcount_suits_format, ("crowd", "hybrid")),
        (rules.headcount_suits_format, ("crowd", "onsite")),
        (rules.headcount_suits_format, ("recording_views", "online")),
    ],
)
def test_lets_pass_what_is_just_allowed(rule: Callable[..., None], given: tuple[Any, ...]) -> None:
    rule(*given)


@pytest.mark.parametrize("status", sorted(set(EventStatus) - set(rules.RECORDABLE)))
def test_every_closed_state_says_why_and_what_to_do(status: EventStatus) -> None:
    with pytest.raises(RuleViolation) as refused:
        rules.event_takes_attendance(status)
    assert "请" in refused.value.message
