"""Cells of owners' sheets: an area to the hundredth, several owners in one cell, an opinion."""

import re
from typing import Any

from backend.core.errors import RuleViolation
from backend.imports.cells import clean_name, clean_phone, clean_text
from backend.imports.cells.raw import as_text, half_width, is_empty, refuse_error
from backend.imports.problems import CellProblem
from backend.imports.widgets import CleaningWidget
from backend.owner_votes.areas import area_of, area_text
from backend.owner_votes.choices import Opinion

_BETWEEN = re.compile(r"[、,，;；/／\n]+")
_SAID = {
    Opinion.FOR: ("同意", "赞成", "支持", "for"),
    Opinion.AGAINST: ("反对", "不同意", "不赞成", "against"),
    Opinion.ABSTAIN: ("弃权", "abstain"),
}
_KNOWN = {word: opinion for opinion, words in _SAID.items() for word in words}
# A list of all rooms has these where no ballot came back.
_NOT_GIVEN = frozenset(("未投", "未投票", "未交", "未收回", "未参加", "未表决", "未送达"))


def clean_area(value: Any) -> int | None:
    """Hundredths of a square metre. A number is read by the digits that the sheet shows.

    Raises: area_unreadable; area_too_fine; area_invalid; cell_error.
    """
    if is_empty(value):
        return None
    refuse_error(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise CellProblem("area_unreadable", "面积应是一个数，单位平方米，例如 89.5。")
    try:
        return area_of(half_width(as_text(value)))
    except RuleViolation as violation:
        raise CellProblem(violation.code, violation.message) from None


def clean_owners(value: Any) -> tuple[str, ...] | None:
    """The names in a cell, in order: 张三、李四. Raises: what clean_name raises; owner_name_twice."""
    pieces = _pieces(value)
    names = tuple(name for piece in pieces if (name := clean_owner(piece)))
    if len(set(names)) < len(names):
        raise CellProblem("owner_name_twice", "同一格里一位业主写了两次，请只写一次。")
    return names or None


def clean_owner(value: str) -> str | None:
    """One owner's name; a body's may be longer than a person's."""
    text = clean_text(value, max_length=80)
    if text is None:
        return None
    return text if len(text) > 8 else clean_name(text)


def clean_phones(value: Any) -> tuple[str, ...] | None:
    """The phones in a cell, in the order of the owners. Raises: what clean_phone raises."""
    if isinstance(value, str) and len(_pieces(value)) > 1:
        return tuple(phone for piece in _pieces(value) if (phone := _phone(piece))) or None
    phone = _phone(value)
    return (phone,) if phone else None


def clean_opinion(value: Any) -> str | None:
    """What a ballot says; None where none came back. Raises: opinion_unknown; cell_error."""
    if is_empty(value):
        return None
    refuse_error(value)
    text = half_width(as_text(value)).replace(" ", "").lower()
    if text in _NOT_GIVEN:
        return None
    if text not in _KNOWN:
        raise CellProblem("opinion_unknown", "意见只能填：同意、反对、弃权；没有收回的留空。")
    return str(_KNOWN[text])


def _phone(value: Any) -> str | None:
    if isinstance(value, str) and "*" in value:
        # As a masked export shows it: compared with what is stored.
        return half_width(value).strip()
    found: str | None = clean_phone(value)
    return found


def _pieces(value: Any) -> list[str]:
    if value is None:
        return []
    refuse_error(value)
    return [piece for piece in _BETWEEN.split(as_text(value)) if piece.strip()]


class AreaWidget(CleaningWidget):
    function = staticmethod(clean_area)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return area_text(value)


class OwnersWidget(CleaningWidget):
    function = staticmethod(clean_owners)


class PhonesWidget(CleaningWidget):
    function = staticmethod(clean_phones)


class OpinionWidget(CleaningWidget):
    function = staticmethod(clean_opinion)

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> str:
        return str(Opinion(value).label) if value else ""
