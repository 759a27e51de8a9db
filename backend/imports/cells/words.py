"""Names, words, numbers and yes-or-no."""

import datetime
import re
import unicodedata
from functools import lru_cache
from typing import Any

from backend.imports.problems import CellProblem

_EMPTY = {"", "无", "无。", "没有", "—", "-", "–", "——", "－", "/", "／", "N/A", "n/a", "NA", "空"}
_DITTO = {"同上", "〃", "″", "〞", '"', "“", "”", "″″", "同"}
_ERRORS = {
    "#REF!",
    "#N/A",
    "#VALUE!",
    "#DIV/0!",
    "#NAME?",
    "#NUM!",
    "#NULL!",
    "#SPILL!",
    "#CALC!",
    "#GETTING_DATA",
}
_HAN = r"一-鿿㐀-䶿\U00020000-\U0002fa1f"
_HAN_NAME = re.compile(f"[{_HAN}]{{2,4}}")
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}·])[\\s\u3000\u00a0]+(?=[{_HAN}·])")
_SPACES = re.compile(r"[\s\u3000\u00a0\ufeff]+")
_DOTS = re.compile(r"[・•‧∙．]")
_AGE = re.compile(r"(\d{1,3})(?:\.0+)?\s*(?:周?岁)?")


def is_empty(value: Any) -> bool:
    """True for nothing, white space, and what staff write for nothing: 无, —, /."""
    return value is None or (isinstance(value, str) and strip(value) in _EMPTY)


def is_ditto(value: Any) -> bool:
    """True for 同上 and its signs."""
    return isinstance(value, str) and strip(value) in _DITTO


def strip(text: str) -> str:
    """Without the white space around it, ideographic spaces and byte-order marks included."""
    return text.strip(" \t\r\n\u3000\u00a0\ufeff\u200b")


def refuse_error(value: Any) -> None:
    """Raises: cell_error for #REF! and the like."""
    if isinstance(value, str) and value[:1] == "#" and strip(value).upper() in _ERRORS:
        raise CellProblem("cell_error", "单元格里是公式错误（如 #REF!），请改成正确的内容。")


def as_text(value: Any) -> str:
    """A cell as one reads it: 65.0 is 65, a date is ISO."""
    if isinstance(value, str):
        return strip(value)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def half_width(text: str) -> str:
    """Full-width digits, letters and brackets as ordinary ones."""
    return unicodedata.normalize("NFKC", text)


def clean_name(value: Any) -> str | None:
    """A person's name: padding between Chinese characters out, one form of the middle dot.

    Raises: name_invalid, cell_error.
    """
    if value.__class__ is str and _HAN_NAME.fullmatch(value):
        return str(value) if value not in _EMPTY else None
    if is_empty(value):
        return None
    refuse_error(value)
    if not isinstance(value, str):
        raise CellProblem("name_invalid", "姓名应是文字，这里是数字或日期，请核对。")
    name = _BETWEEN_HAN.sub("", strip(_DOTS.sub("·", value)))
    name = _SPACES.sub(" ", name)
    if len(name) > 30 or any(c.isdigit() for c in name) or not any(c.isalpha() for c in name):
        raise CellProblem("name_invalid", "姓名应是 30 字以内的文字，不含数字，请核对。")
    return name


def clean_text(value: Any, *, max_length: int | None = None) -> str | None:
    """Prose, as written. Raises: text_too_long, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    text = as_text(value)
    if max_length is not None and len(text) > max_length:
        raise CellProblem("text_too_long", f"最多 {max_length} 个字，请缩短。")
    return text


def clean_code(value: Any) -> str | None:
    """A code: half-width, trimmed. Raises: cell_error."""
    text = clean_text(value)
    return half_width(text).strip() if text else None


def clean_number(value: Any) -> int | None:
    """A whole number that is not negative. Raises: number_invalid, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    text = half_width(as_text(value)).replace(",", "")
    if not re.fullmatch(r"\d{1,9}", text):
        raise CellProblem("number_invalid", "应是整数，请核对。")
    return int(text)


def clean_age(value: Any) -> int | None:
    """Years, 0 to 120. Raises: age_invalid, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    match = None
    if not isinstance(value, (bool, datetime.date, datetime.time, datetime.timedelta)):
        match = _AGE.fullmatch(half_width(as_text(value)))
    if match is None or int(match[1]) > 120:
        raise CellProblem("age_invalid", "年龄应是 0 到 120 的整数，请核对。")
    return int(match[1])


_GENDERS = {
    **dict.fromkeys(("男", "男性", "先生", "m", "male", "男士"), "male"),
    **dict.fromkeys(("女", "女性", "女士", "f", "female"), "female"),
}


def clean_gender(value: Any) -> str | None:
    """male or female. Raises: gender_invalid, cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    found = _GENDERS.get(half_width(as_text(value)).lower())
    if found is None:
        raise CellProblem("gender_invalid", "性别请填“男”或“女”。")
    return found


_YES = {"是", "√", "✓", "✔", "☑", "1", "有", "对", "true", "yes", "y", "已", "到", "已到"}
_NO = {"否", "×", "✗", "✘", "x", "0", "无", "没有", "错", "false", "no", "n", "未", "未到", "缺席"}
_NOT_SIGNED = {"×", "✗", "✘", "x", "否", "0", "未", "未到", "未签", "未签到", "缺席", "请假", "false"}


def clean_yes_no(value: Any) -> bool | None:
    """Yes or no. Raises: yes_no_invalid, cell_error."""
    if value is None or (isinstance(value, str) and strip(value) in _EMPTY - {"无", "没有"}):
        return None
    refuse_error(value)
    if isinstance(value, bool):
        return value
    text = half_width(as_text(value)).lower()
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise CellProblem("yes_no_invalid", "请填“是”或“否”。")


@lru_cache(maxsize=4096)
def _signature(text: str) -> bool:
    return half_width(text).lower() not in _NOT_SIGNED


def clean_signature(value: Any) -> bool | None:
    """Whether something is signed; None where the cell is empty. Raises: cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    return value if isinstance(value, bool) else _signature(as_text(value))
