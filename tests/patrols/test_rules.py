"""The rules of patrols and digests, without a database."""

import datetime

import pytest

from backend.core.errors import RuleViolation
from backend.patrols import digest_rules, rules
from backend.patrols.choices import Handling, PointKind, PointResult
from backend.patrols.digest_rules import Found, counted, drafted
from backend.patrols.queries import shift_of

DAY = datetime.date(2025, 6, 3)


def refused(code: str, ask: object, *args: object) -> RuleViolation:
    with pytest.raises(RuleViolation) as caught:
        ask(*args)  # type: ignore[operator]
    assert caught.value.code == code
    return caught.value


def test_a_round_ends_when_all_five_are_answered_and_nothing_waits() -> None:
    answered = {kind: Handling.NONE for kind in PointKind.values}
    rules.may_be_finished(answered)
    for kind in PointKind.values:
        less = {other: handled for other, handled in answered.items() if other != kind}
        said = refused("points_missing", rules.may_be_finished, less)
        assert str(PointKind(kind).label) in said.message
        waits = answered | {kind: Handling.WAITING}
        said = refused("issue_unhandled", rules.may_be_finished, waits)
        assert str(PointKind(kind).label) in said.message
        for done in (Handling.FIXED, Handling.PASSED_ON):
            rules.may_be_finished(answered | {kind: done})


def test_an_issue_is_told_in_a_line_and_what_is_in_order_was_not_mended() -> None:
    rules.answer_is_whole(PointResult.OK, "", "", False)
    rules.answer_is_whole(PointResult.ISSUE, "楼道堆物", "", False)
    refused("issue_note_missing", rules.answer_is_whole, PointResult.ISSUE, " ", "清走", False)
    refused("answer_contradicts", rules.answer_is_whole, PointResult.OK, "", "清走", False)
    refused("answer_contradicts", rules.answer_is_whole, PointResult.OK, "", "", True)


@pytest.mark.parametrize(
    ("result", "fixed_how", "passed_on", "handled"),
    [
        (PointResult.OK, "", False, Handling.NONE),
        (PointResult.ISSUE, "", False, Handling.WAITING),
        (PointResult.ISSUE, " ", False, Handling.WAITING),
        (PointResult.ISSUE, "清走", False, Handling.FIXED),
        (PointResult.ISSUE, "", True, Handling.PASSED_ON),
        (PointResult.ISSUE, "先围起来", True, Handling.PASSED_ON),
    ],
)
def test_what_became_of_it(result: str, fixed_how: str, passed_on: bool, handled: str) -> None:
    assert rules.handling_of(result, fixed_how, passed_on) == handled


def test_rounds_are_of_today_or_of_the_night_before_and_opened_again_on_their_day() -> None:
    one = datetime.timedelta(days=1)
    rules.patrolled_now(DAY, DAY)
    rules.patrolled_now(DAY - one, DAY)
    refused("patrol_day_wrong", rules.patrolled_now, DAY - 2 * one, DAY)
    refused("patrol_day_wrong", rules.patrolled_now, DAY + one, DAY)
    rules.reopened_on_its_day(DAY, DAY)
    refused("patrol_day_over", rules.reopened_on_its_day, DAY, DAY + one)


def test_hours_fall_into_shifts() -> None:
    assert [shift_of(hour) for hour in (0, 11, 12, 17, 18, 23)] == [
        "morning",
        "morning",
        "afternoon",
        "afternoon",
        "evening",
        "evening",
    ]


def test_a_digest_tells_counts_then_what_was_found_by_point() -> None:
    found = [
        Found("civility", "passed_on", "有人遛狗不牵绳。"),
        Found("safety", "none"),
        Found("sanitation", "fixed", "大厅堆了纸箱", "请保洁清走"),
    ]
    counts = counted(2, found)
    assert (counts.patrols, counts.points, counts.issues) == (2, 3, 2)
    assert (counts.fixed, counts.passed_on) == (1, 1)
    assert drafted("万达华府", DAY, counts, found).split("\n") == [
        "【万达华府 6月3日工作小结】",
        "今天巡查2次，五必查3项，发现问题2处，其中当场解决1处、转办1处。",
        "1. 环境卫生：大厅堆了纸箱；请保洁清走。",
        "2. 文明劝导：有人遛狗不牵绳；已转办。",
        "有事请联系网格员，或到社区窗口登记。",
    ]
    quiet = counted(1, found[1:2])
    assert "没有发现问题" in drafted("万达华府", DAY, quiet, found[1:2])


def test_a_long_day_fits_into_a_chat_message() -> None:
    found = [Found("safety", "fixed", f"第{n}处", "清走") for n in range(40)]
    lines = drafted("万达华府", DAY, counted(9, found), found).split("\n")
    assert len(lines) == digest_rules.MOST_LINES + 4
    assert lines[-2] == "其余30处也已处理或转办。"


@pytest.mark.parametrize(
    "text",
    ["请联系13900012345", "3号楼2单元501室漏水", "身份证号11010119900307747X", "张安然家漏水"],
)
def test_a_phone_a_door_an_identity_number_or_a_name_stops_a_digest(text: str) -> None:
    digest_rules.digest_is_publishable("今天巡查2次。", {"张安然"})
    said = refused("text_has_personal_data", digest_rules.digest_is_publishable, text, {"张安然"})
    assert "13900012345" not in said.message


def test_nobody_reviews_the_own_words() -> None:
    digest_rules.reviewed_by_another(1, 2)
    digest_rules.reviewed_by_another(None, 2)
    refused("reviewed_by_drafter", digest_rules.reviewed_by_another, 2, 2)


def test_what_was_reviewed_stays_but_for_a_new_edition() -> None:
    before, now = (DAY, "一"), (DAY, "二")
    digest_rules.reviewed_text_stays("draft", before, now, False)
    digest_rules.reviewed_text_stays("published", before, before, False)
    digest_rules.reviewed_text_stays("corrected", before, now, True)
    for status in ("reviewed", "published", "corrected"):
        refused("digest_reviewed", digest_rules.reviewed_text_stays, status, before, now, False)


def test_a_group_of_the_estate_or_of_all_takes_it_while_it_stands() -> None:
    old, one = datetime.date(2025, 1, 1), datetime.timedelta(days=1)
    digest_rules.group_takes_it(7, 7, old, None, DAY)
    digest_rules.group_takes_it(None, 7, old, DAY, DAY)
    refused("group_elsewhere", digest_rules.group_takes_it, 8, 7, old, None, DAY)
    refused("group_not_active", digest_rules.group_takes_it, 7, 7, DAY + one, None, DAY)
    refused("group_not_active", digest_rules.group_takes_it, 7, 7, old, DAY - one, DAY)


def test_coverage_of_nobody_is_no_figure() -> None:
    assert digest_rules.coverage(0, 0) is None
    assert digest_rules.coverage(3, 4) == 0.75
