"""完成时限 as ledgers write it: 3月底前, 10个工作日内, 立即整改. Pure functions.

A day that the words mean is read; words that mean no day (长期坚持) are kept as words.
"""

import re
import unicodedata
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

_CHINESE = {
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_NUMBER = r"\d{1,3}|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半]"
_BEFORE = r"(?:会后|会议后|自会议之日起|自即日起|于|在|力争|争取|确保|务必)*"
_AFTER = r"(?:之|以)?(?:前|内|止|为止)?(?:完成|办结|落实|整改|整改完成|整改到位|落实到位)?"
_DAY = re.compile(
    rf"{_BEFORE}(?:(?P<year>2\d{{3}})[年./-])?(?P<month>1[0-2]|0?[1-9])[月./-]"
    rf"(?P<day>3[01]|[12]\d|0?[1-9])[日号]?{_AFTER}"
)
_MONTH = re.compile(
    rf"{_BEFORE}(?:(?P<year>2\d{{3}}|今|本|当|明)年)?"
    rf"(?:(?P<month>1[0-2]|0?[1-9])月份?|(?P<named>本|当|这个|下|下个|次)月)?"
    rf"(?P<part>上旬|中旬|下旬|月底|月末|底|末|内){_AFTER}"
)
_YEAR = re.compile(
    rf"{_BEFORE}(?:(?:(?P<year>2\d{{3}})|(?P<named>[今本当明]))年年?|年)(?:底|末|内){_AFTER}"
)
_QUARTER = re.compile(
    rf"{_BEFORE}(?:(?P<year>2\d{{3}})年)?(?:第?(?P<quarter>[一二三四1-4])|(?P<this>本))季度(?:底|末|内)?{_AFTER}"
)
_SPAN = re.compile(
    rf"{_BEFORE}(?P<number>{_NUMBER})个?(?P<unit>工作日|天|日|周|星期|礼拜|月|年)(?:时间)?{_AFTER}"
)
_AT_ONCE = re.compile(
    rf"{_BEFORE}(?:立即|立刻|马上|即时|即日|当日|当天|当场|现场|立行立改|立查立改|即知即改)(?:起)?{_AFTER}"
)


def day_meant(text: str, met_on: date, after: Callable[[int], date]) -> date | None:
    """The day that words mean, counted from the meeting; None if they mean none.

    `after` is the day that lies so many working days after the meeting.
    """
    said = "".join(unicodedata.normalize("NFKC", text).split()).rstrip("。;；,，.")
    for pattern, read in _READERS:
        found = pattern.fullmatch(said)
        if found is not None:
            try:
                return read(found, met_on, after)
            except (ValueError, OverflowError):
                return None
    return None


def says_a_figure(text: str) -> bool:
    """Whether a number stands in the words: one that is not understood is no mere phrase."""
    return any(sign.isdigit() for sign in unicodedata.normalize("NFKC", text))


Read = Callable[[re.Match[str], date, Callable[[int], date]], date | None]


def _day(found: re.Match[str], met_on: date, after: Callable[[int], date]) -> date:
    month, day = int(found["month"]), int(found["day"])
    if found["year"]:
        return date(int(found["year"]), month, day)
    named = date(met_on.year, month, day)
    return named if named >= met_on else date(met_on.year + 1, month, day)


def _month(found: re.Match[str], met_on: date, after: Callable[[int], date]) -> date | None:
    year = _year_of(found["year"], met_on)
    part = found["part"]
    if found["month"]:
        month = int(found["month"])
        if year is None:
            year = met_on.year if month >= met_on.month else met_on.year + 1
    elif found["named"] in ("下", "下个", "次"):
        year, month = divmod(met_on.year * 12 + met_on.month, 12)
        month += 1
    elif found["named"] or part in ("月底", "月末"):
        year, month = met_on.year, met_on.month
    else:
        return None
    assert year is not None
    last = monthrange(year, month)[1]
    return date(year, month, {"上旬": 10, "中旬": 20}.get(part, last))


def _year_of(said: str | None, met_on: date) -> int | None:
    if said is None:
        return None
    return int(said) if said.isdigit() else met_on.year + (said == "明")


def _year(found: re.Match[str], met_on: date, after: Callable[[int], date]) -> date:
    return date(_year_of(found["year"] or found["named"], met_on) or met_on.year, 12, 31)


def _quarter(found: re.Match[str], met_on: date, after: Callable[[int], date]) -> date:
    quarter = (met_on.month + 2) // 3 if found["this"] else _count(found["quarter"])
    year = int(found["year"]) if found["year"] else met_on.year
    if not found["year"] and quarter * 3 < met_on.month:
        year += 1
    return date(year, quarter * 3, monthrange(year, quarter * 3)[1])


def _span(found: re.Match[str], met_on: date, after: Callable[[int], date]) -> date | None:
    number, unit = found["number"], found["unit"]
    if number == "半":
        return {"月": met_on + timedelta(days=15), "年": _months_on(met_on, 6)}.get(unit)
    count = _count(number)
    match unit:
        case "工作日":
            return after(count)
        case "天" | "日":
            return met_on + timedelta(days=count)
        case "周" | "星期" | "礼拜":
            return met_on + timedelta(weeks=count)
        case "月":
            return _months_on(met_on, count)
    return _months_on(met_on, 12 * count)


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _count(said: str) -> int:
    """Up to 99, in digits or in Chinese."""
    if said.isdigit():
        return int(said)
    tens, ten, ones = said.partition("十")
    if not ten:
        return _CHINESE[said]
    return (_CHINESE[tens] if tens else 1) * 10 + (_CHINESE[ones] if ones else 0)


def _at_once(found: re.Match[str], met_on: date, after: Callable[[int], date]) -> date:
    return met_on


_READERS: tuple[tuple[re.Pattern[str], Read], ...] = (
    (_DAY, _day),
    (_YEAR, _year),
    (_MONTH, _month),
    (_QUARTER, _quarter),
    (_SPAN, _span),
    (_AT_ONCE, _at_once),
)
