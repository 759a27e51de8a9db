"""One search over all registers: what a name, a number, a door or four digits find.

Each register is asked as its own list asks: in the rows that the user sees, by the fields that its
Facets search, and by what the register adds (people: pinyin initials, door, the last four digits, for
those who hold `people.search`). Answers are masked; one statement for all registers.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Q

from backend.core.desk.together import NO_TEXT, first_rows, in_one, text, word
from backend.core.facets import facets_of

MOST_OF_A_KIND = 5
LONGEST = 60
LEAST = 2
# What people say of a record's number: of sq-xinhe-2026-0006, 2026-0006 or 0006.
_END_OF_NUMBER = re.compile(r"(?:[0-9]{4}-)?[0-9]{4}", re.ASCII)


@dataclass(frozen=True)
class Findable:
    """A register that can be searched. Names in `title` and `about` are masked.

    `match`: further rows that a text finds for a user. `narrow`: which rows are offered at all.
    """

    model: type[Any]
    icon: str
    title: Any
    about: Any = NO_TEXT
    match: Callable[[Any, str], Q] | None = None
    narrow: Callable[[], Q] | None = None
    # False where `match` says all: an OR with another condition would ask no index.
    by_facets: bool = True

    @property
    def label(self) -> Any:
        """What the register is called."""
        return self.model._meta.verbose_name


@dataclass(frozen=True)
class Hit:
    """One record that was found."""

    findable: Findable
    pk: int
    title: str
    about: str


_FINDABLE: dict[str, Findable] = {}


def findable(one: Findable) -> Findable:
    """Registers a register."""
    _FINDABLE[one.model._meta.label] = one
    return one


def all_findable() -> list[Findable]:
    """Every registered one, in the order in which the apps stand."""
    return list(_FINDABLE.values())


def search_everything(
    user: Any, asked: str, *, models: frozenset[str] | None = None, most: int = MOST_OF_A_KIND
) -> list[list[Hit]]:
    """What a text finds, register by register, at most `most` of each; the youngest first.

    `models`: the labels of the registers to be asked; all of them if not said. Nothing for a text
    shorter than two characters, and what stands behind the sixtieth is not looked at.
    """
    wanted = asked[:LONGEST].strip()
    if len(wanted) < LEAST:
        return []
    parts = []
    for label, one in _FINDABLE.items():
        if models is not None and label not in models:
            continue
        rows = one.model._default_manager.visible_to(user).filter(_matching(one, user, wanted))
        if one.narrow is not None:
            rows = rows.filter(one.narrow())
        some = first_rows(rows, ["-pk"], most)
        parts.append(
            some.annotate(
                desk_code=word(label), desk_title=text(one.title), desk_about=text(one.about)
            ).values_list("desk_code", "pk", "desk_title", "desk_about")
        )
    found: dict[str, list[Hit]] = {}
    for label, pk, title, about in in_one(parts):
        found.setdefault(label, []).append(Hit(_FINDABLE[label], pk, title or "", about or ""))
    return [sorted(found[label], key=lambda hit: -hit.pk) for label in _FINDABLE if label in found]


def _matching(one: Findable, user: Any, wanted: str) -> Q:
    fields = facets_of(one.model).searched if one.by_facets else ()
    # As the lists do: every word somewhere.
    words = [_somewhere(fields, part) for part in wanted.split()] if fields else []
    rows = reduce(and_, words) if words else Q(pk__in=[])
    return rows if one.match is None else rows | one.match(user, wanted)


def _somewhere(fields: tuple[str, ...], part: str) -> Q:
    found = reduce(or_, (Q(**{_lookup(name): part}) for name in fields))
    if "=code" in fields and _END_OF_NUMBER.fullmatch(part):
        found |= Q(code__iendswith=f"-{part}")
    return found


def _lookup(name: str) -> str:
    return f"{name[1:]}__iexact" if name.startswith("=") else f"{name}__icontains"
