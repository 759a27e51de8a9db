"""Rules of the selection of outstanding stewards: pure functions."""

from collections.abc import Sequence
from typing import Any

from backend.core.errors import RuleViolation
from backend.partners.choices import SelectionMethod, SelectionStatus

# In hundredths of a point, so that an average stays exact.
HIGHEST_SCORE = 10_000


def selection_may_open(candidates: int, places: int, criteria: str) -> None:
    """Raises: too_few_candidates; criteria_missing."""
    if not criteria.strip():
        raise RuleViolation("criteria_missing", "请先写明评选标准，再开始评选。", field="criteria")
    if candidates <= places:
        raise RuleViolation(
            "too_few_candidates", f"要选出 {places} 名，候选人应多于 {places} 名，请先登记候选人。"
        )


def winners(counts: Sequence[int | None], places: int) -> list[int]:
    """The positions of the `places` highest counts (votes, or hundredths of a point), best first.

    Raises: result_incomplete while somebody has none; selection_tied where two with the same count
        stand on either side of the last place: those who decide break the tie, not the order of
        the list.
    """
    if any(count is None for count in counts):
        raise RuleViolation("result_incomplete", "还有候选人没有填得分或票数；没有得票的请填 0。")
    known = [count or 0 for count in counts]
    order = sorted(range(len(known)), key=lambda at: -known[at])
    chosen, rest = order[:places], order[places:]
    if rest and chosen and known[chosen[-1]] == known[rest[0]]:
        raise RuleViolation(
            "selection_tied",
            "最后一个名额上有人得分（票数）相同，请按评选办法复评，改好得分或票数后再评出结果。",
        )
    return chosen


def count_suits_method(method: str, score: int | None, votes: int | None) -> None:
    """Raises: count_of_other_method: points where votes are counted, or the other way round."""
    wrong = votes is not None if method == SelectionMethod.SCORE else score is not None
    if wrong:
        raise RuleViolation(
            "count_of_other_method", "这一轮按评分的只填得分，按投票的只填票数，请核对。"
        )


def candidates_stay(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: selection_closed if a decided round would have other candidates or counts."""
    if status not in (SelectionStatus.DRAFT, SelectionStatus.OPEN) and before != now:
        raise RuleViolation(
            "selection_closed", "这一轮已经评出结果，候选人和得分不能再改；要改请先“退回重评”。"
        )


def round_stays(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: selection_begun if the terms of a round change once it has begun."""
    if status != SelectionStatus.DRAFT and before != now:
        raise RuleViolation(
            "selection_begun", "评选已经开始，名额、办法和标准不能再改；要改请取消后另办一轮。"
        )


def announcement_is_written(text: str) -> None:
    """Raises: announcement_missing."""
    if not text.strip():
        raise RuleViolation(
            "announcement_missing",
            "请先写好公布的内容（不写姓名），再公布结果。",
            field="announcement",
        )
