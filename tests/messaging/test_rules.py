"""Placeholders, quiet hours and patience: pure rules."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.core.errors import RuleViolation
from backend.messaging import rules
from backend.messaging.templates import TemplateKind, all_kinds, declare, kind_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALLOWED = {"event_title": "活动名称", "place": "地点"}
NIGHT = (time(21), time(8))


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def code_of(rule: object, *args: object) -> str:
    with pytest.raises(RuleViolation) as caught:
        rule(*args)  # type: ignore[operator]
    return caught.value.code


# --- placeholders --------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "无", "{event_title}", "{place}{place} {event_title}"])
def test_known_placeholders_pass(text):
    rules.placeholders_are_known(text, ALLOWED, "body")


@pytest.mark.parametrize(
    "text", ["{oops}", "{}", "{event_title", "event_title}", "{{place}}", "{place!r}", "{place.x}"]
)
def test_anything_else_in_braces_is_unknown(text):
    assert code_of(rules.placeholders_are_known, text, ALLOWED, "body") == "placeholder_unknown"


def test_a_needed_placeholder_may_not_be_left_out():
    rules.placeholders_are_kept("{place}", ["place"], ALLOWED, "body")
    left_out = ("{event_title}", ["place"], ALLOWED, "body")
    assert code_of(rules.placeholders_are_kept, *left_out) == "placeholder_missing"


@given(title=st.text(), place=st.text())
def test_values_stand_as_they_are_whatever_they_hold(title, place):
    filled = rules.fill("<{event_title}|{place}>", {"event_title": title, "place": place})
    assert filled == f"<{title}|{place}>"


def test_every_declared_kind_keeps_its_own_rules_and_is_named():
    kinds = all_kinds()
    assert len(kinds) >= 9
    for kind in kinds:
        assert str(kind.label), kind.code
        rules.fill(kind.title + kind.body, dict.fromkeys(kind.placeholders, ""))
        assert set(kind.channels) <= {"inbox", "sms", "email", "wechat"}
        assert kind.secret != ("inbox" in kind.channels)


def test_a_kind_that_breaks_its_own_rules_cannot_be_declared():
    wrong = TemplateKind(code="wrong", title="一", body="{two}", placeholders={"one": "一"})
    assert code_of(declare, wrong) == "placeholder_unknown"
    with pytest.raises(KeyError):
        kind_of("wrong")


# --- quiet hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("moment", "until"),
    [
        (local(25, 20, 59), None),
        (local(25, 21), local(26, 8)),
        (local(25, 23, 59), local(26, 8)),
        (local(26, 0), local(26, 8)),
        (local(26, 7, 59), local(26, 8)),
        (local(26, 8), None),
        (local(30, 22), datetime(2026, 12, 1, 8, tzinfo=SHANGHAI)),
    ],
)
def test_the_night_ends_in_the_morning(moment, until):
    assert rules.quiet_until(moment, *NIGHT) == until


def test_a_noon_rest_lies_within_its_day():
    assert rules.quiet_until(local(25, 12, 30), time(12), time(14)) == local(25, 14)
    assert rules.quiet_until(local(25, 14), time(12), time(14)) is None


def test_hours_that_begin_when_they_end_are_none():
    assert rules.quiet_until(local(25, 12), time(12), time(12)) is None


@given(
    minutes=st.integers(0, 3 * 24 * 60),
    starts=st.times(),
    ends=st.times(),
)
def test_what_waits_until_the_end_need_not_wait_again(minutes, starts, ends):
    starts, ends = (t.replace(second=0, microsecond=0) for t in (starts, ends))
    moment = local(25, 0) + timedelta(minutes=minutes)
    until = rules.quiet_until(moment, starts, ends)
    if until is not None:
        assert moment < until <= moment + timedelta(days=1)
        assert rules.quiet_until(until, starts, ends) is None


# --- patience ------------------------------------------------------------------------------------


def test_the_waits_grow_and_end():
    waits = [rules.wait_after(tries) for tries in range(1, rules.MOST_TRIES)]
    assert [wait.total_seconds() / 60 for wait in waits if wait] == [1, 5, 30, 120, 360]
    assert rules.wait_after(rules.MOST_TRIES) is None
    assert rules.wait_after(rules.MOST_TRIES + 5) is None
