"""What is held of one person, in full: for their own eyes, on paper or in the API."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Field
from django.utils import timezone

from backend.core.disclosures import DISCLOSURES_KEPT_DAYS, reads_about
from backend.core.holdings import all_holdings
from backend.core.models import Disclosure
from backend.core.telling import who
from backend.people.models import Resident
from backend.places.models import Community
from backend.privacy.retention import terms
from backend.privacy.subjects import rows_of


@dataclass(frozen=True)
class Held:
    """What one table holds of a person: headings and rows of text, in full."""

    code: str
    label: str
    headings: list[str]
    rows: list[list[str]]
    kept: str

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """Heading and value of the first row: for a table that has no other."""
        return list(zip(self.headings, self.rows[0], strict=True))


def held_about(resident: Resident) -> list[Held]:
    """Everything held about the resident, table by table; for their own eyes."""
    found = []
    pks = rows_of(resident)
    days = _days_kept(resident)
    for holding in all_holdings():
        rows = holding.about(*pks)
        fields: list[Any] = [holding.model._meta.get_field(name) for name in holding.shown]
        related = [f.name for f in fields if f.is_relation]
        texts = [
            [_text(f, row) for f in fields] for row in rows.select_related(*related).order_by("pk")
        ]
        if texts:
            headings = [str(f.verbose_name) for f in fields]
            kept = _kept(days.get(holding.code))
            found.append(Held(holding.code, holding.label, headings, texts, kept))
    readers = reads_about(resident)
    if readers:
        found.append(_readers(readers))
    return found


def _readers(rows: list[Disclosure]) -> Held:
    """Who has seen the person's data in full, or taken it out."""
    told = [
        [
            f"{timezone.localtime(row.at):%Y-%m-%d %H:%M}",
            who(row.user, row.actor_name),
            row.get_kind_display(),
            row.reason or "—",
        ]
        for row in rows
    ]
    kept = f"保存 {DISCLOSURES_KEPT_DAYS} 天"
    return Held("disclosures", "谁查阅过您的信息", ["时间", "查阅人", "方式", "原因"], told, kept)


def _days_kept(resident: Resident) -> dict[str, int]:
    """The terms that hold in the person's community, by code; without one a record stays."""
    here = Community.objects.filter(pk=resident.community_id)
    return {term.holding.code: term.days for term in terms(here)}


def _kept(days: int | None) -> str:
    return "在册期间一直保存" if days is None else f"保存 {days} 天后自动去掉姓名"


def _text(field: "Field[Any, Any]", row: Any) -> str:
    value = getattr(row, field.name)
    if value in (None, ""):
        return "—"
    if field.choices:
        return str(getattr(row, f"get_{field.name}_display")())
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    return str(value)
