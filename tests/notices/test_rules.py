"""The rules of the notice board, at their edges."""

from datetime import date, timedelta
from typing import Any

import pytest

from backend.core.errors import RuleViolation
from backend.notices import rules
from backend.notices.choices import NoticeKind, NoticeStatus, OnBoard

DAY = timedelta(days=1)
UP = date(2026, 11, 30)
OFFICE = "社区服务窗口 0371-67890000"
OPEN = NoticeKind.OPEN_TO_OBJECTIONS


def refused(rule: Any, *given: Any) -> tuple[str, str | None] | None:
    try:
        rule(*given)
    except RuleViolation as violation:
        return violation.code, violation.field
    return None


@pytest.mark.parametrize(
    ("kind", "published_on", "until", "said"),
    [
        (NoticeKind.NOTICE, UP, UP, None),
        (NoticeKind.NOTICE, UP, UP - DAY, "notice_over"),
        (OPEN, UP, UP - DAY, "notice_over"),
        (OPEN, UP, UP + 2 * DAY, "objection_period_short"),
        (OPEN, UP, UP + 3 * DAY, None),
        (NoticeKind.RECRUITMENT, UP, UP + DAY, None),
        # A draft does not know yet when it goes up.
        (OPEN, None, UP, None),
        (OPEN, UP, None, None),
    ],
)
def test_a_period_is_long_enough_to_object(
    kind: str, published_on: date | None, until: date | None, said: str | None
) -> None:
    found = refused(rules.period_holds, kind, published_on, until)
    assert found == (None if said is None else (said, "until"))


def test_the_refusal_names_the_earliest_last_day() -> None:
    with pytest.raises(RuleViolation) as short:
        rules.period_holds(OPEN, UP, UP)
    assert "2026-12-03" in short.value.message


def test_who_may_object_is_told_where() -> None:
    assert refused(rules.objections_have_an_address, OPEN, " ") == ("contact_missing", "contact")
    assert refused(rules.objections_have_an_address, OPEN, OFFICE) is None
    assert refused(rules.objections_have_an_address, NoticeKind.NOTICE, "") is None


@pytest.mark.parametrize(
    ("title", "body", "field"), [(" ", "停水", "title"), ("停水", "\n", "body")]
)
def test_white_space_is_no_notice(title: str, body: str, field: str) -> None:
    assert refused(rules.notice_is_written, title, body) == ("notice_empty", field)
    assert refused(rules.notice_is_written, "停水", "明天停水") is None


def texts(**said: str) -> dict[str, tuple[str, str]]:
    given = {"title": "停水通知", "body": "检修停水。", "contact": OFFICE} | said
    return {name: (name, text) for name, text in given.items()}


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"title": "感谢周若谷"}, "title"),
        ({"body": "有事打 13900000077"}, "body"),
        ({"body": "身份证号 410105199003071234 的居民请来一趟"}, "body"),
        ({"body": "请 3号楼2单元501 的住户来一趟"}, "body"),
        # An office's phone has a field of its own.
        ({"body": "有事打 0371-67890000"}, "body"),
        ({"contact": "小周 13900000077"}, "contact"),
        ({"contact": "联系人周若谷"}, "contact"),
        ({"contact": "3号楼2单元501"}, "contact"),
    ],
)
def test_nobody_is_named_on_the_board(said: dict[str, str], field: str) -> None:
    given = (NoticeKind.NOTICE, texts(**said), UP, UP, {"周若谷"})
    assert refused(rules.notice_may_go_up, *given) == ("text_has_personal_data", field)


@pytest.mark.parametrize(
    "contact",
    [OFFICE, "居委会一楼 （0371）6789 0000", "电话：67890000", "市民热线 12345", ""],
)
def test_an_office_may_be_rung(contact: str) -> None:
    """The control: the guard lets pass what is no person's."""
    given = (NoticeKind.NOTICE, texts(contact=contact), UP, UP, {"周若谷"})
    assert refused(rules.notice_may_go_up, *given) is None


@pytest.mark.parametrize("status", NoticeStatus.values)
def test_only_a_draft_changes(status: str) -> None:
    said = refused(rules.published_stays, status, ("停水",), ("停电",))
    assert said == (None if status == NoticeStatus.DRAFT else ("notice_published", ""))
    assert refused(rules.published_stays, status, ("停水",), ("停水",)) is None


@pytest.mark.parametrize(
    ("status", "was_withdrawn", "goes"),
    [
        (NoticeStatus.DRAFT, False, True),
        (NoticeStatus.DRAFT, True, False),
        (NoticeStatus.PUBLISHED, False, False),
        (NoticeStatus.WITHDRAWN, True, False),
    ],
)
def test_what_was_read_stays_on_record(status: str, was_withdrawn: bool, goes: bool) -> None:
    said = refused(rules.draft_alone_goes, status, was_withdrawn)
    assert said == (None if goes else ("notice_kept", ""))


@pytest.mark.parametrize(
    ("status", "until", "where"),
    [
        (NoticeStatus.DRAFT, UP - DAY, OnBoard.DRAFT),
        (NoticeStatus.PUBLISHED, UP, OnBoard.CURRENT),
        (NoticeStatus.PUBLISHED, UP - DAY, OnBoard.ENDED),
        (NoticeStatus.WITHDRAWN, UP, OnBoard.WITHDRAWN),
    ],
)
def test_the_last_day_still_counts(status: str, until: date, where: OnBoard) -> None:
    assert rules.standing(status, until, UP) == where
