"""What the tables hold of people, each said by the app that owns the table.

From these lines are made: what a person is shown of their own data, what erasing them changes, and
what becomes anonymous when its time is over. Counts stay: rows are made anonymous, not deleted.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from backend.core.masking import ANONYMOUS


@dataclass(frozen=True)
class Holding:
    """What one table holds of residents, and what becomes of it."""

    # Stable, for settings and counts: "attendance", "registrations".
    code: str
    model: type[models.Model]
    # The path from a row to its resident, for a filter; "pk" for the roster itself.
    resident: str
    # Fields that the person is shown, in order.
    shown: tuple[str, ...]
    # The values (by field name) that make a row anonymous; unique constraints must still hold.
    anonymous: Callable[[Any], dict[str, Any]]
    # Retention: days after the moment in the field `since`; None: as long as the resident stays.
    kept_days: int | None = None
    since: str = ""
    # Whether a row is anonymous already: a filter by field. Never asked of rows without personal data.
    done: Callable[[], Any] | None = None
    # Said to staff and to the person: "签到记录".
    label: str = ""
    # The path from a row to its community, for a filter.
    community: str = "community"
    # A second path to a resident: of a row that names an account, whose person is on the roster.
    also: str = ""

    def about(self, *residents: int) -> models.QuerySet[Any]:
        """The rows about one person, who may have several rows of the roster."""
        by = models.Q(**{f"{self.resident}__in": residents})
        if self.also:
            by |= models.Q(**{f"{self.also}__in": residents})
        found = self.model._base_manager.filter(by)
        return self.model._base_manager.filter(pk__in=found.values("pk"))

    @property
    def link(self) -> str | None:
        """The attribute of a row that names its resident, where it is the row's own."""
        if self.resident == "pk":
            return "id"
        if "__" in self.resident:
            return None
        field: Any = self.model._meta.get_field(self.resident)
        return field.attname if isinstance(field, models.ForeignKey) else None

    @property
    def texts(self) -> frozenset[str]:
        """Attributes that history must not keep of a forgotten row: personal ones, free text."""
        fields = {f.name: f for f in self.model._meta.concrete_fields}
        found = {
            name
            for name in self.shown
            if isinstance(field := fields.get(name), models.CharField | models.TextField)
            and not field.choices
            and not isinstance(field, models.SlugField)
        }
        return frozenset(found | set(getattr(self.model, "personal", {})))

    @property
    def identifying(self) -> frozenset[str]:
        """Attributes whose value names somebody wherever it stands: names and phones."""
        personal: dict[str, str] = getattr(self.model, "personal", {})
        return frozenset(name for name, kind in personal.items() if kind in ("name", "phone"))


@dataclass(frozen=True)
class Expiring:
    """A table of records about the use of the system: whole rows go when their time is over."""

    code: str
    label: str
    kept_days: int
    # Deletes (or empties) what is older than the moment; answers how many. None: another routine does.
    expire: Callable[[datetime], int] | None


def anonymous_name(row: models.Model) -> str:
    """The name of a row that names nobody any more."""
    return f"{ANONYMOUS}{row.pk}"


_HOLDINGS: dict[str, Holding] = {}


def hold(holding: Holding) -> Holding:
    """Makes a table's personal data known."""
    _HOLDINGS[holding.code] = holding
    return holding


def holding_of(code: str) -> Holding | None:
    """The holding of that code, or None."""
    return _HOLDINGS.get(code)


def all_holdings() -> list[Holding]:
    """Every one, by code."""
    return [_HOLDINGS[code] for code in sorted(_HOLDINGS)]


_EXPIRING: dict[str, Expiring] = {}


def expires(expiring: Expiring) -> Expiring:
    """Makes a table known whose rows go by themselves."""
    _EXPIRING[expiring.code] = expiring
    return expiring


def all_expiring() -> list[Expiring]:
    """Every one, by code."""
    return [_EXPIRING[code] for code in sorted(_EXPIRING)]
