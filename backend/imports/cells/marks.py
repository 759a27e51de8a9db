"""Marks that stand for one of a few things: 男 or 女, √ or ×, signed or not."""

from functools import lru_cache
from typing import Any

from backend.imports.cells.raw import as_text, half_width, is_empty, refuse_error, strip
from backend.imports.problems import CellProblem

_GENDERS = {
    **dict.fromkeys(("男", "男性", "男士", "先生", "m", "male"), "male"),
    **dict.fromkeys(("女", "女性", "女士", "f", "female"), "female"),
}
_YES = frozenset(
    ("是", "√", "✓", "✔", "☑", "✅", "1", "有", "对", "true", "yes", "y", "已", "到", "已到")
)
_CROSSES = frozenset(("×", "✗", "✘", "✖", "❌", "╳", "x", "否", "0", "false", "未到", "未", "缺席"))
_NO = _CROSSES | {"☐", "无", "没有", "错", "no", "n"}
_NOT_SIGNED = _CROSSES | {"未签", "未签到", "未签名", "未签字", "没签", "请假"}
# Longer text is a signature however it reads, and not worth remembering.
_LONGEST_MARK = 8


def clean_gender(value: Any) -> str | None:
    """male or female. Raises: gender_invalid, cell_error."""
    if value.__class__ is str and value in _GENDERS:
        return _GENDERS[value]
    if is_empty(value):
        return None
    refuse_error(value)
    found = _GENDERS.get(_plain(as_text(value)))
    if found is None:
        raise CellProblem("gender_invalid", "性别请填“男”或“女”。")
    return found


def clean_yes_no(value: Any) -> bool | None:
    """Yes or no; 无 is no. Raises: yes_no_invalid, cell_error."""
    if isinstance(value, bool):
        return value
    refuse_error(value)
    text = "" if value is None else _plain(as_text(value))
    if text in _YES:
        return True
    if text in _NO:
        return False
    if is_empty(value):
        return None
    raise CellProblem("yes_no_invalid", "请填“是”或“否”。")


def clean_signature(value: Any) -> bool | None:
    """Whether something is signed; None where the cell is empty. Raises: cell_error."""
    if value is None:
        return None
    if value.__class__ is str and len(value) <= _LONGEST_MARK:
        return _signed_by_mark(value)
    return _signed(value)


# The same few marks stand in every row.
@lru_cache(maxsize=4096)
def _signed_by_mark(value: str) -> bool | None:
    return _signed(value)


def _signed(value: Any) -> bool | None:
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, bool):
        return value
    text = as_text(value)
    return len(text) > _LONGEST_MARK or _plain(text) not in _NOT_SIGNED


def is_mark(value: Any) -> bool:
    """Whether a cell holds a mark that means yes or no, and no words."""
    if isinstance(value, bool):
        return True
    return (
        isinstance(value, str | int | float) and _plain(as_text(value)) in _YES | _NO | _NOT_SIGNED
    )


def _plain(text: str) -> str:
    return _plain_mark(text) if len(text) <= _LONGEST_MARK else text


@lru_cache(maxsize=4096)
def _plain_mark(text: str) -> str:
    return strip(half_width(text)).lower()
