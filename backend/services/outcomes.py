"""完成情况 and 评价, as people write them in a ledger. Pure functions."""

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese
from backend.services.choices import BookingStatus
from backend.services.rules import HIGHEST_RATING

_WORDS = {
    BookingStatus.CONFIRMED: ("", "待服务", "已预约", "预约成功", "未开始", "待完成"),
    BookingStatus.SERVED: ("已完成", "完成", "已服务", "服务完成", "是", "√", "✓", "已评价"),
    BookingStatus.NO_SHOW: ("未到", "爽约", "没来", "未来", "未完成", "否", "×"),
    BookingStatus.CANCELLED: ("取消", "已取消", "已取消预约"),
}
_STATUS = {word: status for status, words in _WORDS.items() for word in words}
_RATINGS = {
    "非常满意": 5,
    "很满意": 5,
    "满意": 4,
    "比较满意": 4,
    "基本满意": 3,
    "一般": 3,
    "不满意": 2,
    "很不满意": 1,
    "非常不满意": 1,
}


def outcome_of(text: str) -> str:
    """The state that a booking has come to. Raises: outcome_unclear."""
    found = _STATUS.get("".join(text.split()))
    if found is None:
        raise RuleViolation(
            "outcome_unclear", "看不懂完成情况，请写“已完成”“未到”“已取消”，或留空。"
        )
    return found


def outcome_beside(text: str, status: str) -> str:
    """The same of a booking that is known: the word by which it was exported says nothing new.

    Raises: outcome_unclear.
    """
    if text.strip() != in_chinese(BookingStatus(status).label):
        return outcome_of(text)
    return BookingStatus.SERVED if status == BookingStatus.RATED else status


def rating_of(text: str) -> tuple[int | None, str]:
    """The rating, and what is no rating but a word: kept as it is."""
    plain = "".join(text.split())
    if not plain:
        return None, ""
    number = plain.removesuffix("分").removesuffix("星")
    if number.isdecimal() and 1 <= int(number) <= HIGHEST_RATING:
        return int(number), ""
    return _RATINGS.get(plain), "" if plain in _RATINGS else text.strip()
