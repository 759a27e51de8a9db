"""Rules of the evening's digest, and its first draft: pure functions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.core.words import in_chinese
from backend.patrols.choices import OUT, DigestStatus, Handling, PointKind

# Lines of what was found: a chat message is read on a phone.
MOST_LINES = 10


@dataclass(frozen=True)
class Found:
    """One answer of a round: which point, what became of it, and what was told."""

    kind: str
    handling: str
    note: str = ""
    fixed_how: str = ""


@dataclass(frozen=True)
class Counts:
    """What an estate's rounds of a day come to."""

    patrols: int
    points: int
    issues: int
    fixed: int
    passed_on: int


def counted(patrols: int, found: Sequence[Found]) -> Counts:
    """The figures of a digest."""
    handled = [one.handling for one in found]
    return Counts(
        patrols=patrols,
        points=len(found),
        issues=len(found) - handled.count(Handling.NONE),
        fixed=handled.count(Handling.FIXED),
        passed_on=handled.count(Handling.PASSED_ON),
    )


def drafted(estate: str, day: date, counts: Counts, found: Sequence[Found]) -> str:
    """The text to begin with: counts, then a line for each thing found, by point; no person."""
    head = f"【{estate} {day.month}月{day.day}日工作小结】"
    if not counts.issues:
        body = [f"今天巡查{counts.patrols}次，五必查{counts.points}项，没有发现问题。"]
    else:
        ends = [
            f"{words}{number}处"
            for words, number in (("当场解决", counts.fixed), ("转办", counts.passed_on))
            if number
        ]
        told = f"，其中{'、'.join(ends)}" if ends else ""
        body = [
            f"今天巡查{counts.patrols}次，五必查{counts.points}项，发现问题{counts.issues}处{told}。"
        ]
        order = {str(kind): number for number, kind in enumerate(PointKind)}
        issues = sorted(
            (one for one in found if one.handling != Handling.NONE),
            key=lambda one: order[one.kind],
        )
        body += [f"{n}. {_line(one)}" for n, one in enumerate(issues[:MOST_LINES], start=1)]
        if len(issues) > MOST_LINES:
            body.append(f"其余{len(issues) - MOST_LINES}处也已处理或转办。")
    return "\n".join([head, *body, "有事请联系网格员，或到社区窗口登记。"])


def _line(one: Found) -> str:
    what = one.note.strip().rstrip("。；，")
    done = one.fixed_how.strip().rstrip("。；，")
    end = {Handling.FIXED: done, Handling.PASSED_ON: "已转办"}.get(Handling(one.handling), "处理中")
    return f"{in_chinese(PointKind(one.kind).label)}：{what}；{end}。"


def digest_has_text(text: str) -> None:
    """Raises: digest_empty."""
    if not text.strip():
        raise RuleViolation("digest_empty", "小结还没有内容，请先写好。", field="text")


def digest_day_has_come(day: date | None, today: date) -> None:
    """Raises: day_in_future."""
    if day is not None and day > today:
        raise RuleViolation("day_in_future", "日期还没有到，请核对。", field="day")


def reviewed_text_stays(
    status: str, before: tuple[Any, ...], now: tuple[Any, ...], edition_grew: bool
) -> None:
    """Raises: digest_reviewed if what was reviewed, or read, would say something else.

    A correction is a new edition: it alone changes what was published.
    """
    if status != DigestStatus.DRAFT and not edition_grew and before != now:
        raise RuleViolation(
            "digest_reviewed",
            "小结已经审核，内容不能直接改：没发布的请先“退回修改”，发布过的请“发更正”。",
        )


def reviewed_by_another(drafter: int | None, reviewer: int | None) -> None:
    """Raises: reviewed_by_drafter: two people look at what all neighbours read."""
    if drafter is not None and drafter == reviewer:
        raise RuleViolation("reviewed_by_drafter", "小结不能自己写自己审，请另一位工作人员审核。")


def digest_is_publishable(text: str, names: Collection[str]) -> None:
    """Raises: text_has_personal_data; digest_empty."""
    digest_has_text(text)
    require_publishable({"text": ("内容", text)}, names)


def correction_changes(before: str, now: str) -> None:
    """Raises: correction_same."""
    if before.strip() == now.strip():
        raise RuleViolation("correction_same", "更正的内容和原来一样，请改好再发。", field="text")


def digest_is_out(status: str) -> None:
    """Raises: digest_not_out: groups are told what was published."""
    if status not in OUT:
        raise RuleViolation("digest_not_out", "小结还没有发布，请先发布，再登记发到哪些群。")


def group_takes_it(
    group_estate: int | None, estate: int, started: date, ended: date | None, day: date
) -> None:
    """`day`: on which it is posted. A group without an estate is the whole community's.

    Raises: group_elsewhere; group_not_active.
    """
    if group_estate is not None and group_estate != estate:
        raise RuleViolation(
            "group_elsewhere", "这个群是别的小区的，请选本小区的群。", field="group"
        )
    if day < started or (ended is not None and day > ended):
        raise RuleViolation("group_not_active", "这个群那一天没有在用，请核对。", field="group")


def draft_digest_alone_goes(status: str) -> None:
    """Raises: digest_reviewed."""
    if status != DigestStatus.DRAFT:
        raise RuleViolation("digest_reviewed", "审核过的小结不能删除。")


def coverage(reached: int, occupied: int) -> float | None:
    """The share of occupied households that were reached; none where there are none."""
    return reached / occupied if occupied else None
