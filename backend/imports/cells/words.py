"""Names, prose, codes and whole numbers."""

import datetime
import re
from typing import Any

from backend.imports.cells.raw import (
    FOR_NOTHING,
    as_text,
    half_width,
    is_empty,
    is_nothing,
    refuse_error,
    strip,
    without_controls,
    without_unseen,
)
from backend.imports.problems import CellProblem

# The last two ranges hold the rare characters of names that old systems could not write.
_HAN = r"一-鿿㐀-䶿〇\uf900-\ufaff\U00020000-\U000323af"
_HAN_NAME = re.compile("[一-鿿]{2,4}")
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}·])\\s+(?=[{_HAN}·])")
_SPACES = re.compile(r"\s+")
_DOTS = re.compile(r"[・•‧∙･．]")
_AGE = re.compile(r"(\d{1,3})(?:\.0+)?\s*(?:周?岁)?", re.ASCII)
_WHOLE = re.compile(r"\d{1,9}", re.ASCII)
# With one of these a cell holds several people, or something else: 张三、李四; 联系人：张三.
_NOT_IN_NAMES = frozenset(":：、，,；;。")
_LONGEST_NAME = 30
# Longer cells cannot be a name or a number: not worth a regular expression.
_FAR_TOO_LONG = 200
_NOT_A_NUMBER = (bool, datetime.date, datetime.time, datetime.timedelta)


def clean_name(value: Any, *, several: bool = False) -> str | None:
    """A person's name: padding between Chinese characters out, one form of the middle dot.

    With `several` a cell may name more than one: 张三、李四.
    Raises: name_invalid, cell_error.
    """
    if value.__class__ is str and _HAN_NAME.fullmatch(value) and value not in FOR_NOTHING:
        return str(value)
    if is_empty(value):
        return None
    refuse_error(value)
    if not isinstance(value, str):
        raise CellProblem("name_invalid", "姓名应是文字，这里是数字或日期，请核对。")
    if len(value) > _FAR_TOO_LONG:
        raise _not_a_name()
    name = strip(_SPACES.sub(" ", _DOTS.sub("·", without_unseen(value))))
    name = _BETWEEN_HAN.sub("", name)
    if len(name) > _LONGEST_NAME or any(
        c.isdigit() or (c in _NOT_IN_NAMES and not several) for c in name
    ):
        raise _not_a_name()
    if is_nothing(name):
        return None
    if not any(c.isalpha() for c in name):
        raise _not_a_name()
    return name


def _not_a_name() -> CellProblem:
    return CellProblem(
        "name_invalid", "姓名应是 30 字以内的文字，不含数字和标点，一格只写一个人，请核对。"
    )


def clean_text(value: Any, *, max_length: int | None = None) -> str | None:
    """Prose, as written. Raises: text_too_long, cell_error."""
    if value is None:
        return None
    text = strip(without_controls(value)) if value.__class__ is str else as_text(value)
    if is_nothing(text):
        return None
    refuse_error(text)
    if max_length is not None and len(text) > max_length:
        raise CellProblem("text_too_long", f"最多 {max_length} 个字，请缩短。")
    return text


def clean_code(value: Any) -> str | None:
    """A code: half-width, trimmed. Raises: cell_error."""
    return clean_text(half_width(value) if isinstance(value, str) else value)


def clean_number(value: Any) -> int | None:
    """A whole number that is not negative. Raises: number_invalid, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    text = "" if isinstance(value, _NOT_A_NUMBER) else half_width(as_text(value)).replace(",", "")
    if not _WHOLE.fullmatch(text):
        raise CellProblem("number_invalid", "应是整数，请核对。")
    return int(text)


def clean_age(value: Any) -> int | None:
    """Years, 0 to 120. Raises: age_invalid, cell_error."""
    if value.__class__ is float and 0 <= value <= 120 and value.is_integer():
        return int(value)
    if is_empty(value):
        return None
    refuse_error(value)
    match = None
    if not isinstance(value, _NOT_A_NUMBER):
        match = _AGE.fullmatch(half_width(as_text(value)))
    if match is None or int(match[1]) > 120:
        raise CellProblem("age_invalid", "年龄应是 0 到 120 的整数，请核对。")
    return int(match[1])
