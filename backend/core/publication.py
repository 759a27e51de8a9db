"""The publication guard: personal data in a text that is about to be published.

Pure functions: the names that a community knows are given, not looked up.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from backend.core.errors import RuleViolation


class Kind(StrEnum):
    """What was found; the value is what staff call it."""

    PHONE = "电话号码"
    IDENTITY = "身份证号"
    ROOM = "门牌号（楼栋、单元、室）"
    NAME = "居民姓名"


@dataclass(frozen=True)
class Finding:
    """One place of a text. `excerpt` is what stands around it, the thing itself starred out."""

    kind: Kind
    start: int
    end: int
    excerpt: str


# --- one writing for all: digits in full width or in Chinese ----------------------------------------

_PLAIN: Final = str.maketrans("０１２３４５６７８９Ｘｘ×＋（）", "0123456789XXX+()")
_SPOKEN: Final = str.maketrans(
    "〇○零一二三四五六七八九幺壹贰叁肆伍陆柒捌玖", "0001234567891123456789"
)

# What people put between digits: spaces, hyphens, dots, brackets. 、 and / list and date things.
_BETWEEN: Final = r"\s\-‐‑‒–—―－_·•.．()"
_GAP: Final = rf"[{_BETWEEN}]{{0,3}}"
# Digits that go on from others are part of a date or a list: 2026.04.01-2026.06.30.
_APART: Final = rf"(?<!\d)(?<!\d[{_BETWEEN}])"
_USUAL_GROUPS: Final = {(11,), (3, 4, 4), (3, 8), (7, 4), (3, 3, 5), (4, 4, 3), (4, 3, 4)}


def _spaced(*parts: str) -> str:
    """A pattern of single digits with gaps allowed in between."""
    return _GAP.join(parts)


def _digits(count: int) -> list[str]:
    return [r"\d"] * count


_COUNTRY: Final = rf"(?:(?:\+|00)?86{_GAP})?"
# In a lookahead: candidates may overlap, and a wrong one must not swallow the right one.
_MOBILE: Final = re.compile(
    rf"(?<!\d)(?=(?P<all>{_COUNTRY}0?(?P<number>{_spaced('1', '[3-9]', *_digits(9))}))(?!\d))"
)
_NO_DIGIT_BEFORE: Final = re.compile(_APART)
_AREA: Final = "|".join(
    (
        _spaced("0", "1", "0"),
        _spaced("0", "2", r"\d"),
        _spaced("0", "[3-9]", r"\d", r"\d"),
    )
)
_LANDLINE: Final = re.compile(
    rf"{_APART}{_COUNTRY}\(?(?:{_AREA}){_GAP}{_spaced('[2-9]', *_digits(6))}(?:{_GAP}\d)?(?!\d)"
)
# Seven or eight digits are a phone only where the words say so: 20260401 is a day.
_LOCAL: Final = re.compile(
    r"(?:电话|座机|手机|致电|拨打|联系方式|[Tt][Ee][Ll])[^\d\n]{0,6}"
    rf"(?P<number>{_spaced('[2-8]', *_digits(6))}(?:{_GAP}\d)?)(?!{_GAP}\d)"
)
_PROVINCE: Final = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
_SOLID_DAY: Final = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_LAST: Final = r"[\dXx]"
_IDENTITY: Final = re.compile(
    rf"(?<!\d)(?=(?P<number>{_spaced(*_digits(17), _LAST)})(?![\dA-Za-z]))"
)
_SOLID_IDENTITY: Final = re.compile(rf"{_PROVINCE}\d{{4}}(?:18|19|20)\d\d{_SOLID_DAY}\d{{3}}[\dX]")
_OLD_IDENTITY: Final = re.compile(rf"{_APART}(?=(?P<number>{_spaced(*_digits(15))})(?!\d))")
_SOLID_OLD_IDENTITY: Final = re.compile(rf"{_PROVINCE}\d{{4}}\d\d{_SOLID_DAY}\d{{3}}")
_SAYS_IDENTITY: Final = re.compile(r"身份证|证件号|公民身份")
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)

_DASH: Final = r"\s?[\-‐‑‒–—－/#]\s?"
_TRIPLE: Final = re.compile(
    rf"(?<![\d\-./])\d{{1,3}}{_DASH}\d{{1,2}}{_DASH}(?P<room>\d{{3,4}})(?![\d.]|{_DASH}\d)"
)
# 120 households of a building are no door: "3号楼120户".
_COUNTED: Final = r"(?![\d户人名位个元平家多余年月日次%米㎡楼栋幢层]|\s*(?:余|多)?[户人名])"
_BUILDING: Final = re.compile(
    r"(?:号楼|号院|楼栋|[栋幢座])\s?(?:第?\s?[\dA-Za-z甲乙丙丁十]{1,3}\s?单元)?\s?[\-－—]?\s?"
    rf"\d{{3,4}}(?:\s?[室房]|{_COUNTED})"
)
_UNIT: Final = re.compile(
    rf"[\dA-Za-z甲乙丙丁十]\s?单元\s?[\-－—]?\s?\d{{3,4}}(?:\s?[室房号]|{_COUNTED})"
)
_ROOM: Final = re.compile(r"(?<![\d.])\d{3,4}\s?(?:室|房间|号房|房(?![屋产价租源型源]))")
_DOORS: Final = (_TRIPLE, _BUILDING, _UNIT, _ROOM)

# Words of every notice that are names, too: found everywhere, they would say nothing of anybody.
_WORDS: Final = (
    "安全 平安 文明 和平 和谐 高兴 安静 健康 幸福 阳光 成功 成立 成长 方法 方便 平等 公平 公正 公开 诚信 "
    "法律 法制 法治 明白 明确 温暖 关爱 关心 民主 自由 友善 团结 时代 时间 金融 水平 常识 常见 常用 全面 "
    "任务 计划 支持 支部 党员 应对 应急 经常 经济 经验 解决 商业 相关 程序 单位 单元 管理 包容 广场 国家 "
    "家园 师生 元旦 车库 顾问 钱包 原因"
)
ORDINARY_WORDS: Final = frozenset(_WORDS.split())


def findings_in(
    text: str, known_names: Collection[str] = (), *, of_an_office: bool = False
) -> list[Finding]:
    """What a text holds of people, in the order of the text; overlapping finds are told once.

    `of_an_office`: where it says how an office is reached, a landline is no person's; a mobile is.
    """
    spans: list[tuple[int, int, Kind]] = []
    plain = text.translate(_PLAIN)
    # Twice: 一 before a number is no digit of it, unless the number is written in such words.
    for writing in {plain, plain.translate(_SPOKEN)}:
        spans += _identities(writing)
        spans += _mobiles(writing)
        if not of_an_office:
            spans += _landlines(writing)
        spans += _doors(writing)
    spans += _names(text, known_names)
    spans.sort(key=lambda span: (span[0], -span[1]))
    found: list[Finding] = []
    for start, end, kind in spans:
        if not found or start >= found[-1].end:
            found.append(Finding(kind, start, end, _excerpt(text, start, end)))
    return found


def require_publishable(
    texts: Mapping[str, tuple[str, str]],
    known_names: Collection[str] = (),
    offices: Collection[str] = (),
) -> None:
    """`texts`: field -> (its label, its text), in the order in which they are told. `offices`: the
    fields that say how an office is reached, by its landline if it has one.

    Raises: text_has_personal_data; the message names the field and what it holds, never the value.
    """
    told, first = [], ""
    for field, (label, text) in texts.items():
        told_of = findings_in(text, known_names, of_an_office=field in offices)
        kinds = {found.kind for found in told_of}
        if kinds:
            first = first or field
            told.append(f"“{label}”里有{'、'.join(kind for kind in Kind if kind in kinds)}")
    if told:
        raise RuleViolation(
            "text_has_personal_data",
            f"{'；'.join(told)}，公开之前请删去，或改成不指向个人的说法"
            "（例如“某居民”“请到社区窗口咨询”）。",
            field=first,
        )


# --- what is looked for --------------------------------------------------------------------------


def _mobiles(text: str) -> Iterator[tuple[int, int, Kind]]:
    for match in _MOBILE.finditer(text):
        groups = _groups(match["number"])
        if groups in _USUAL_GROUPS or (_go_together(groups) and _begins_apart(text, match.start())):
            yield match.start(), match.end("all"), Kind.PHONE


def _landlines(text: str) -> Iterator[tuple[int, int, Kind]]:
    for match in _LANDLINE.finditer(text):
        yield match.start(), match.end(), Kind.PHONE
    for match in _LOCAL.finditer(text):
        yield match.start("number"), match.end("number"), Kind.PHONE


def _identities(text: str) -> Iterator[tuple[int, int, Kind]]:
    for match in _IDENTITY.finditer(text):
        solid = _solid(match["number"])
        said = _SAYS_IDENTITY.search(text, max(0, match.start() - 12), match.start())
        if _SOLID_IDENTITY.fullmatch(solid) and (said or _sum_is_right(solid)):
            yield match.start(), match.end("number"), Kind.IDENTITY
    for match in _OLD_IDENTITY.finditer(text):
        number = match["number"]
        if _SOLID_OLD_IDENTITY.fullmatch(_solid(number)) and _go_together(_groups(number)):
            yield match.start(), match.end("number"), Kind.IDENTITY


def _groups(written: str) -> tuple[int, ...]:
    return tuple(len(group) for group in re.findall(r"\d+", written))


def _go_together(groups: tuple[int, ...]) -> bool:
    """One number in groups, or digit by digit; 13 14 15 16 17 8 are several numbers."""
    return max(groups) >= 3 or set(groups) == {1}


def _begins_apart(text: str, start: int) -> bool:
    return _NO_DIGIT_BEFORE.match(text, start) is not None


def _solid(written: str) -> str:
    return "".join(c for c in written.upper() if c.isdigit() or c == "X")


def _sum_is_right(number: str) -> bool:
    total = sum(int(digit) * weight for digit, weight in zip(number[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == number[17]


def _doors(text: str) -> Iterator[tuple[int, int, Kind]]:
    for pattern in _DOORS:
        for match in pattern.finditer(text):
            room = match.groupdict().get("room", "")
            # 1-2-2026 is a day, written the foreign way.
            if len(room) == 4 and room[:2] in ("19", "20") and int(room[2:]) > 20:
                continue
            yield match.start(), match.end(), Kind.ROOM


def _names(text: str, known: Collection[str]) -> Iterator[tuple[int, int, Kind]]:
    for name in known:
        if len(name) < 2 or name in ORDINARY_WORDS:
            continue
        start = text.find(name)
        while start >= 0:
            yield start, start + len(name), Kind.NAME
            start = text.find(name, start + len(name))


def _excerpt(text: str, start: int, end: int, around: int = 6) -> str:
    before = text[max(0, start - around) : start]
    after = text[end : end + around]
    # What stands around may be another find: digits are starred out there too.
    return (
        re.sub(r"\d", "*", before.translate(_PLAIN))
        + "＊＊＊"
        + re.sub(r"\d", "*", after.translate(_PLAIN))
    )
