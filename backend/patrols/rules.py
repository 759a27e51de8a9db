"""Rules of patrols: pure functions."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.core.words import in_chinese
from backend.patrols.choices import Handling, PatrolStatus, PointKind, PointResult

DAY = timedelta(days=1)
# From so many times a month on, a matter is no accident: it belongs on a meeting's agenda.
OFTEN = 3
MONTH = 30 * DAY


def patrolled_now(day: date, today: date) -> None:
    """Raises: patrol_day_wrong unless it is today, or yesterday (rounds that run past midnight)."""
    if not today - DAY <= day <= today:
        raise RuleViolation(
            "patrol_day_wrong", "巡查只能登记今天或昨天的，请核对日期。", field="day"
        )


def patrol_is_past(day: date | None, today: date) -> None:
    """Raises: day_in_future."""
    if day is not None and day > today:
        raise RuleViolation("day_in_future", "日期还没有到，请核对。", field="day")


def grid_has_an_estate(estate: int | None) -> None:
    """Raises: grid_without_estate: a digest is an estate's."""
    if estate is None:
        raise RuleViolation(
            "grid_without_estate",
            "这个网格还没有写明属于哪个小区，请先在“网格”里选上小区。",
            field="grid",
        )


def patrol_takes_answers(status: str) -> None:
    """Raises: patrol_closed."""
    if status != PatrolStatus.OPEN:
        raise RuleViolation(
            "patrol_closed", "这次巡查已经结束，结果不能再改；当天的请先“重新打开”，写明原因。"
        )


def told_of_open_patrol_alone(
    status: str, before: tuple[Any, ...] | None, now: tuple[Any, ...]
) -> None:
    """Raises: patrol_closed if what a round found would change after its end."""
    if before != now:
        patrol_takes_answers(status)


def answer_is_whole(result: str, note: str, fixed_how: str, passed_on: bool) -> None:
    """Raises: issue_note_missing; answer_contradicts.

    What is wrong is told in a line; where nothing is wrong, nothing was mended or passed on.
    """
    if result == PointResult.ISSUE and not note.strip():
        raise RuleViolation(
            "issue_note_missing", "请用一句话写明是什么问题、在哪里。", field="note"
        )
    if result == PointResult.OK and (fixed_how.strip() or passed_on):
        raise RuleViolation(
            "answer_contradicts",
            "已经当场解决或转了诉求的，结果应是“有问题”。",
            field="result",
        )


def texts_tell_nobody(texts: Mapping[str, tuple[str, str]], names: Collection[str]) -> None:
    """Raises: text_has_personal_data: it goes on into digests, agendas and demands."""
    require_publishable(texts, names)


def handling_of(result: str, fixed_how: str, passed_on: bool) -> str:
    """What became of an answer; a `Handling`."""
    if result != PointResult.ISSUE:
        return Handling.NONE
    if passed_on:
        return Handling.PASSED_ON
    return Handling.FIXED if fixed_how.strip() else Handling.WAITING


def may_be_finished(handling: Mapping[str, str]) -> None:
    """`handling`: what was answered, by point.

    Raises: points_missing; issue_unhandled.
    """
    missing = [in_chinese(kind.label) for kind in PointKind if kind not in handling]
    if missing:
        raise RuleViolation("points_missing", f"还有没查的：{_listed(missing)}。五项都查完再完成。")
    waiting = [in_chinese(kind.label) for kind in PointKind if handling[kind] == Handling.WAITING]
    if waiting:
        raise RuleViolation(
            "issue_unhandled",
            f"{_listed(waiting)}的问题还没有处理：写明怎样当场解决的，或转为诉求。",
        )


def reopened_on_its_day(day: date, today: date) -> None:
    """Raises: patrol_day_over: the digest has been read."""
    if today != day:
        raise RuleViolation(
            "patrol_day_over", "只能当天重新打开；以后发现的，请在下一次巡查里登记。"
        )


def passed_on_once(result: str, demand: int | None) -> None:
    """Raises: no_issue_to_pass_on; point_passed_on."""
    if result != PointResult.ISSUE:
        raise RuleViolation("no_issue_to_pass_on", "这一项没有问题，不用转诉求。")
    if demand is not None:
        raise RuleViolation("point_passed_on", "这个问题已经转了诉求，请到那条诉求里跟进。")


def nothing_was_passed_on(demands: int) -> None:
    """Raises: patrol_has_demands: somebody is at work on what was found."""
    if demands:
        raise RuleViolation(
            "patrol_has_demands", "这次巡查里有问题已经转了诉求，不能作废；请查完五项后完成。"
        )


def _listed(words: Iterable[str]) -> str:
    return "、".join(words)
