"""One person as the tables hold them: their rows, and the names and phones by which they are known."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from backend.core import history
from backend.core.holdings import Holding, all_holdings
from backend.core.models import ChangePart
from backend.core.one_by_one import one_by_one
from backend.people.models import Resident, User

_PHONE = re.compile(r"\d[\d-]{6,}")


@dataclass
class Subject:
    """What erasing a resident has to look for."""

    resident: Resident
    # The person's rows of the roster: their own, and those that were merged into it.
    pks: frozenset[int] = frozenset()
    # Keys of the rows about them, by holding; those that are gone are known from history.
    rows: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    # Attributes that history must not keep, by holding.
    texts: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    names: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)

    @property
    def values(self) -> list[str]:
        """Every name and phone, past ones too, the longest first."""
        return sorted(self.names | self.phones, key=lambda value: (-len(value), value))

    def learn(self, holding: Holding, values: dict[str, Any]) -> None:
        """Takes note of the names and phones in a row about them."""
        for name in holding.identifying:
            value = values.get(name)
            if not isinstance(value, str) or len(value) < 2:
                continue
            (self.phones if _PHONE.fullmatch(value) else self.names).add(value)


def subject_of(resident: Resident) -> Subject:
    """The resident's rows of today and of the past, their former names and phones among them."""
    subject = Subject(resident, rows_of(resident))
    for holding in all_holdings():
        subject.texts[holding.code] |= holding.texts
        rows = holding.about(*subject.pks)
        nobody = set() if holding.done is None else set(rows.filter(holding.done()))
        for row in rows:
            subject.rows[holding.code].add(row.pk)
            subject.texts[holding.code] |= {_attname(holding, n) for n in holding.anonymous(row)}
            if row not in nobody:
                subject.learn(holding, row.__dict__)
    _learn_from_history(subject)
    for user in accounts_of(subject.pks):
        subject.names |= {n for n in (user.get_full_name(), user.email) if len(n) > 1}
        if _PHONE.fullmatch(user.username):
            subject.phones.add(user.username)
    return subject


def rows_of(resident: Resident) -> frozenset[int]:
    """The keys of a person's rows of the roster: theirs, and all that lead to it by being merged.

    By whatever key the roster points at itself.
    """
    links = [
        f.name
        for f in Resident._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model is Resident
    ]
    found, fresh = {resident.pk}, {resident.pk}
    while fresh and links:
        leads = models.Q()
        for name in links:
            leads |= models.Q(**{f"{name}__in": fresh})
        fresh = set(Resident._base_manager.filter(leads).values_list("pk", flat=True)) - found
        found |= fresh
    return frozenset(found)


def accounts_of(residents: frozenset[int]) -> list[User]:
    """The accounts tied to a person's rows."""
    return list(User.objects.filter(resident__in=residents).order_by("pk"))


def _attname(holding: Holding, name: str) -> str:
    field_: Any = holding.model._meta.get_field(name)
    return field_.attname


def _learn_from_history(subject: Subject) -> None:
    """Twice over each part: a row may say only later, or earlier, that it is about them."""
    by_label: dict[str, list[Holding]] = defaultdict(list)
    for holding in all_holdings():
        by_label[holding.model._meta.label].append(holding)
    parts = ChangePart.objects.filter(model__in=list(by_label)).order_by("pk")
    for learning in (False, True):
        for part in one_by_one(parts):
            for change in history.unpack(part):
                for holding in by_label[part.model]:
                    _look(subject, holding, change, learning)


def _look(subject: Subject, holding: Holding, change: history.Change, learning: bool) -> None:
    mine = subject.rows[holding.code]
    for values in (change.before, change.after):
        if not values:
            continue
        link = holding.link
        if link is not None and values.get(link) in subject.pks:
            mine.add(change.pk)
        if learning and change.pk in mine:
            subject.learn(holding, values)
