"""How like a heading is to a column: by its words, its spelling, its sound. Never by one word alone.

Staff add to a heading what changes nothing (您的姓名, 联系电话1, 姓名/Name) and what changes everything
(家属电话, 户主姓名, 户籍地址): the second is somebody or something else and is never taken.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module

from rapidfuzz import fuzz

from backend.imports.columns import Column, as_matched, speaks_of_others, without_hint

# Scores of a heading alone, before its cells are looked at.
CALLED, WORDED, SPELT, RESEMBLES = 1.0, 0.9, 0.8, 0.6
# Below this a heading says nothing.
LEAST = 0.4

# Around a known name these change nothing.
_HARMLESS = re.compile(
    "请|填写|输入|选择|本人|您|你|的|真实|居民|住户|业主|群众|老人|学员|参加|参与|参会|到场|与会|签到|人员|者|"
    "个人|基本|信息|情况|资料|内容|一栏|栏|项|号码|号|码|全名|中文|常用|有效|目前|现在|现|主要|手机|移动|"
    "家庭|居住|住宅|详细|具体|实际|所在|必填|选填|可选|年|月|日|1|一"
)
# Words of other tongues stand for the Chinese heading.
ENGLISH = {
    "name": "姓名", "fullname": "姓名", "yourname": "姓名",
    "gender": "性别", "sex": "性别", "age": "年龄",
    "phone": "电话", "tel": "电话", "telephone": "电话", "mobile": "手机", "cellphone": "手机",
    "phonenumber": "电话", "phoneno": "电话", "mobilephone": "手机", "contact": "联系方式",
    "address": "地址", "remark": "备注", "remarks": "备注", "note": "备注", "notes": "备注",
    "signature": "签名", "birthday": "出生日期", "dateofbirth": "出生日期", "dob": "出生日期",
    "no": "序号", "sn": "序号",
}  # fmt: skip
_PARTS = re.compile(r"[/\\|｜、,，;；&()（）\[\]【】]|及|和|与|或")
_SCRIPTS = re.compile(r"[a-z]+|[^a-z]+")


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like, from 0 to 1, and why in words."""

    score: float
    reason: str


_UNLIKE = Likeness(0.0, "")


def likeness(heading: str, column: Column) -> Likeness:
    """How like a heading is to a column, by the heading alone."""
    return _likeness(heading, column.names, column.heading)


@lru_cache(maxsize=8192)
def _likeness(heading: str, names: tuple[str, ...], title: str) -> Likeness:
    whole, bare = as_matched(heading), without_hint(heading)
    others = speaks_of_others(heading)
    if whole in names or (bare in names and not others):
        return Likeness(CALLED, "列名相符")
    if others:
        return _UNLIKE
    if _is_worded(heading, names):
        return Likeness(WORDED, f"列名里写明了“{title}”")
    near = _same_sound(bare, names)
    if near is not None:
        return Likeness(SPELT, f"列名和“{near}”读音相同")
    return _resembling(bare, names)


def is_named(heading: str, column: Column) -> float:
    """CALLED or WORDED where the heading says the column's name, else 0: cheap, for every cell."""
    if column.is_called(heading):
        return CALLED
    if speaks_of_others(heading):
        return 0.0
    return WORDED if _is_worded(heading, column.names) else 0.0


@lru_cache(maxsize=16384)
def _is_worded(heading: str, names: tuple[str, ...]) -> bool:
    whole = as_matched(heading)
    if _named(whole, names) and not _left_over(whole, names):
        return True
    return any(_worded(text, names) for text in {without_hint(heading), whole})


def called_parts(heading: str, columns: Iterable[Column]) -> list[Column]:
    """The columns that the parts of a heading name: 姓名/电话 names two, and so none for certain."""
    parts = _parts(as_matched(heading))
    return [column for column in columns if any(part in column.names for part in parts)]


def _parts(text: str) -> list[str]:
    found = []
    for part in _PARTS.split(text):
        for script in _SCRIPTS.findall(part):
            word = ENGLISH.get(script, script)
            if word:
                found.append(as_matched(word))
    return found


def _named(text: str, names: Sequence[str]) -> bool:
    return any(part in names for part in _parts(text))


def _left_over(text: str, names: Sequence[str]) -> bool:
    """Whether a part says something that is neither the column nor harmless."""
    return any(
        part not in names and _HARMLESS.sub("", part) not in ("", *names) for part in _parts(text)
    )


def _worded(text: str, names: Sequence[str]) -> bool:
    for name in sorted(names, key=len, reverse=True):
        before, found, after = text.partition(name)
        rest = {_HARMLESS.sub("", before), _HARMLESS.sub("", after)}
        if found and rest <= {"", *names}:
            return True
    return False


def _same_sound(text: str, names: Sequence[str]) -> str | None:
    """The name that sounds alike: what a pinyin keyboard makes of a slip. 党员姓名 is no slip."""
    if not 2 <= len(text) <= 12:
        return None
    sound = _sound(text)
    for name in names:
        if len(name) == len(text) and not name.isascii() and _sound(name) == sound:
            return name
    return None


def _resembling(text: str, names: Sequence[str]) -> Likeness:
    best, score = "", 0.0
    for name in names:
        found = max(fuzz.ratio(text, name), fuzz.ratio(_sound(text), _sound(name)) - 15) / 100
        if name in text and len(name) >= 2:
            found = max(found, 0.8)
        if found > score:
            best, score = name, found
    score *= RESEMBLES / 0.9
    if score < LEAST:
        return _UNLIKE
    return Likeness(min(score, RESEMBLES), f"列名和“{best}”有些像")


@lru_cache(maxsize=8192)
def _sound(text: str) -> str:
    # Loaded when it is first asked: 13 MB that most processes have no use for.
    return " ".join(import_module("pypinyin").lazy_pinyin(text))
