"""What the rows above the header say: which event, on which day, where."""

import datetime
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from backend.imports.columns import as_shown

_LABEL = (
    r"(?:活动|会议|培训|讲座|课程|宣讲)?(?:名称|主题|时间|日期|地点)|"
    r"(?:举办|签到|开展|宣讲)(?:时间|日期|地点)|(?:活动|讲座|课程)题目"
)
_KIND = re.compile(r"(名称|主题|题目|时间|日期|地点)$")
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s　；;，,、|]))({_LABEL})\s*[:：]\s*(.*?)\s*"
    rf"(?=[\s　；;，,、|]+(?:{_LABEL})\s*[:：]|$)"
)
_ALONE = re.compile(rf"({_LABEL})[:：]?")
_NOT_A_TITLE = re.compile(r"[:：]")
_DAY = re.compile(r"((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*[日号]?")
_COMPACT_DAY = re.compile(r"(?<!\d)((?:20)\d{2})([01]\d)([0-3]\d)(?!\d)")
_MONTH_DAY = re.compile(r"(?<!\d)(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年(?:度)?")
_HAN_DATE = re.compile(
    r"([二一][〇○零一二三四五六七八九]{3})年(?:([一二三四五六七八九十]{1,3})月(?:([一二三四五六七八九十]{1,3})[日号])?)?"
)
_DIGITS = {digit: str(number) for number, digit in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
}
# What is left of a title without these is the event's name.
_LIST_WORD = re.compile(
    r"(?:活动|会议|培训|讲座|课程)?(?:人员|居民|群众|参会|参加|现场)*(?:签到|登记|报名|观看|参会|出席|到会|人员)*"
    r"(?:登记)?(?:表|册|簿|单|名册|名单|花名册|记录表|台账)$"
)
_BRACKETS = re.compile(r"[（(【\[][^）)】\]]*[）)】\]]")
_QUOTED = re.compile(r"[“\"《「『]([^”\"》」』]{2,40})[”\"》」』]")
_NO_NAME = re.compile(
    r"(?:普法|法治|宣传|社区|居民|教育|宣讲|主题|志愿|服务|的|开展|举办|活动|会议|讲座|培训)*"
)
# A notice to all, and no title: not worth a regular expression.
_FAR_TOO_LONG = 500
_SPACED = re.compile(r"[^\w一-鿿]+")


@dataclass
class Titles:
    """What the rows above the header say.

    `values` are the labelled texts by label (名称, 主题, 时间, 日期, 地点); `names` are what the
    event may be called, from its label or else from the sheet's main title; `day` is the day, and
    `year` the year even where no day is given.
    """

    values: dict[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    day: datetime.date | None = None
    year: int | None = None

    @property
    def title(self) -> str:
        """The event's name as labelled; "" if it is not."""
        return self.values.get("名称") or self.values.get("主题") or ""

    @property
    def place(self) -> str:
        """Where it was; "" if nothing says so."""
        return self.values.get("地点", "")


def same_name(title: str) -> str:
    """A title in a form that spaces, quotes and years do not change."""
    return _SPACED.sub("", _YEAR.sub("", _BRACKETS.sub("", title))).replace("_", "").lower()


def read_titles(rows: Sequence[tuple[int, Sequence[Any]]]) -> Titles:
    """What title rows say, labelled (时间：…, in one cell or in two) or as the sheet's main title."""
    values: dict[str, str] = {}
    days: list[datetime.date] = []
    when: list[str] = []
    main = ""
    for _, cells in rows:
        labelled = list(_labelled(cells))
        for label, value in labelled:
            if isinstance(value, datetime.date):
                days.append(value.date() if isinstance(value, datetime.datetime) else value)
                value = f"{value:%Y-%m-%d}"
            kind = _kind(label)
            if kind not in values and kind in ("时间", "日期"):
                when.append(value)
            values.setdefault(kind, as_shown(value))
        filled = [cell for cell in cells if isinstance(cell, str) and cell.strip()]
        if not labelled and not main and len(filled) == 1:
            text = filled[0].strip()
            if 4 <= len(text) <= 80 and not _NOT_A_TITLE.search(text):
                main = text
    year = _year_in(main)
    day = days[0] if days else _first_day([*when, main], year)
    if day is None and year is None:
        year = next((found for text in when if (found := _year_in(text))), None)
    names = tuple(dict.fromkeys(values[n] for n in ("名称", "主题") if n in values))
    return Titles(values, names or _names_in(main), day, day.year if day else year)


def _kind(label: str) -> str:
    match = _KIND.search(label)
    assert match is not None
    return {"题目": "主题"}.get(match[1], match[1])


def _labelled(cells: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for index, cell in enumerate(cells):
        if not isinstance(cell, str) or len(cell) > _FAR_TOO_LONG:
            continue
        text = cell.strip()
        found = [
            (m[1], m[2]) for line in text.split("\n") for m in _LABELLED.finditer(line) if m[2]
        ]
        yield from found
        alone = _ALONE.fullmatch(as_shown(text))
        if not found and alone:
            value = next((c for c in cells[index + 1 :] if c is not None and c != ""), None)
            if isinstance(value, datetime.date) or (
                isinstance(value, str) and not _ALONE.fullmatch(as_shown(value))
            ):
                yield alone[1], value


def _first_day(texts: Sequence[str], year: int | None) -> datetime.date | None:
    for text in texts:
        plain = _arabic(text)
        match = _DAY.search(plain) or _COMPACT_DAY.search(plain)
        found = (int(match[1]), int(match[2]), int(match[3])) if match else None
        if found is None and year and (match := _MONTH_DAY.search(plain)):
            found = (year, int(match[1]), int(match[2]))
        if found is not None:
            try:
                return datetime.date(*found)
            except ValueError:
                continue
    return None


def _year_in(text: str) -> int | None:
    plain = _arabic(text)
    match = _YEAR.search(plain) or _DAY.search(plain) or _COMPACT_DAY.search(plain)
    return int(match[1]) if match else None


def _arabic(text: str) -> str:
    """二〇二六年四月一日 as 2026年4月1日."""

    def said(match: "re.Match[str]") -> str:
        year = "".join(_DIGITS[digit] for digit in match[1])
        month = f"{_number(match[2])}月" if match[2] else ""
        return f"{year}年{month}" + (f"{_number(match[3])}日" if match[3] else "")

    return _HAN_DATE.sub(said, text)


def _number(written: str) -> int:
    tens, ten, ones = written.partition("十")
    if not ten:
        return int(_DIGITS[written]) if len(written) == 1 else 0
    return int(_DIGITS.get(tens, "1")) * 10 + int(_DIGITS.get(ones, "0"))


def _names_in(main: str) -> tuple[str, ...]:
    """What a main title may call the event: “民法典进万家”普法活动签到表 does so twice."""
    text = _BRACKETS.sub("", _arabic(main))
    for date in (_DAY, _COMPACT_DAY, _YEAR, _MONTH_DAY):
        text = date.sub("", text).strip()
    text = _LIST_WORD.sub("", text).strip(" —-_·:：")
    quoted = _QUOTED.findall(text)
    names = [name for name in (text, *quoted) if len(name) >= 3 and not _NO_NAME.fullmatch(name)]
    return tuple(dict.fromkeys(names))
