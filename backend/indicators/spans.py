"""Whole months from one to another, as a filter of monthly counts."""

import re
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext

from backend.core.desk.periods import first_of, month_number

_SPAN = re.compile(r"(20\d{2})-(0[1-9]|1[0-2])\.\.(20\d{2})-(0[1-9]|1[0-2])", re.ASCII)


@dataclass(frozen=True)
class Span:
    """Months by their numbers, both included; empty where the last is before the first."""

    first: int
    last: int

    @property
    def code(self) -> str:
        """As it stands in an address: 2025-01..2025-06."""
        return f"{first_of(self.first):%Y-%m}..{first_of(self.last):%Y-%m}"

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last

    def within(self) -> Q:
        """The counts of these months."""
        return Q(ended_on__gte=first_of(self.first), ended_on__lt=first_of(self.last + 1))

    def earlier(self, months: int) -> "Span":
        """As many months, so many months before."""
        return Span(self.first - months, self.last - months)

    def __str__(self) -> str:
        first, last = first_of(self.first), first_of(self.last)
        told = {"year": first.year, "part": first.month, "last": last.month, "other": last.year}
        if self.first == self.last:
            return gettext("%(year)s年%(part)s月") % told
        if first.year == last.year:
            return gettext("%(year)s年%(part)s–%(last)s月") % told
        return gettext("%(year)s年%(part)s月–%(other)s年%(last)s月") % told


def span_of(code: str) -> Span | None:
    """The months of an address; None if it names none."""
    found = _SPAN.fullmatch(code)
    if found is None:
        return None
    first, last = (int(found[at]) * 12 + int(found[at + 1]) - 1 for at in (1, 3))
    return Span(first, last) if first <= last else None


def between(first: date, last: date) -> Span:
    """The months in which two days lie, and those between."""
    return Span(month_number(first), month_number(last))
