"""Rules of the notice board: pure functions."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.notices.choices import NoticeKind, NoticeStatus, OnBoard

# Whoever is away over a weekend still gets to object. Matters with a longer term of their own (seven
# days for subsistence allowances) are given it by who writes them: this is the least for any.
FEWEST_DAYS_TO_OBJECT = 3
# The field in which an office's landline may stand.
CONTACT = "contact"


def notice_is_written(title: str, body: str) -> None:
    """Raises: notice_empty for white space where a title or a text should be."""
    for field, label, text in (("title", "标题", title), ("body", "内容", body)):
        if not text.strip():
            raise RuleViolation("notice_empty", f"{label}还没有写，请先写好。", field=field)


def period_holds(kind: str, published_on: date | None, until: date | None) -> None:
    """The day on which it goes up is not counted. A draft has no such day yet.

    Raises: notice_over if the last day is before the first; objection_period_short.
    """
    if published_on is None or until is None:
        return
    if until < published_on:
        raise RuleViolation(
            "notice_over", "截止日期已经过了，请改到今天或以后，再发布。", field="until"
        )
    earliest = published_on + timedelta(days=FEWEST_DAYS_TO_OBJECT)
    if kind == NoticeKind.OPEN_TO_OBJECTIONS and until < earliest:
        raise RuleViolation(
            "objection_period_short",
            f"公示至少 {FEWEST_DAYS_TO_OBJECT} 天（从发布第二天算起），"
            f"截止日期最早填 {earliest:%Y-%m-%d}。",
            field="until",
        )


def objections_have_an_address(kind: str, contact: str) -> None:
    """Raises: contact_missing: who objects has to know where."""
    if kind == NoticeKind.OPEN_TO_OBJECTIONS and not contact.strip():
        raise RuleViolation(
            "contact_missing",
            "公示要写明向哪里提意见，请填写联系方式（办公地点或座机）。",
            field=CONTACT,
        )


def notice_may_go_up(
    kind: str,
    texts: Mapping[str, tuple[str, str]],
    until: date | None,
    day: date,
    names: Collection[str],
) -> None:
    """Whether a notice may be published on a day; `texts` as its model tells them.

    Raises: notice_empty; notice_over; objection_period_short; contact_missing;
        text_has_personal_data.
    """
    notice_is_written(texts["title"][1], texts["body"][1])
    period_holds(kind, day, until)
    objections_have_an_address(kind, texts[CONTACT][1])
    require_publishable(texts, names, offices=(CONTACT,))


def published_stays(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: notice_published if what was published, or withdrawn, would say something else."""
    if status != NoticeStatus.DRAFT and before != now:
        raise RuleViolation(
            "notice_published",
            "发布过的内容不能直接改：请先“撤下”并写明原因，再“退回修改”，改好重新发布。",
        )


def draft_alone_goes(status: str, was_withdrawn: bool) -> None:
    """Raises: notice_kept: what neighbours have read stays on record, also while it is revised."""
    if status != NoticeStatus.DRAFT or was_withdrawn:
        raise RuleViolation("notice_kept", "发布过的公示公告要留底，不能删除；不要了的请“撤下”。")


def standing(status: str, until: date, today: date) -> OnBoard:
    """Where a notice is on a day."""
    if status == NoticeStatus.PUBLISHED:
        return OnBoard.CURRENT if until >= today else OnBoard.ENDED
    return OnBoard(status)
