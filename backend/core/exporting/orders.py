"""An export as it is asked for, and how it is carried out: the one function of every door."""

from array import array
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, BinaryIO

from django.db.models import QuerySet
from django.utils import timezone

from backend.core.access import Actor
from backend.core.collector import held_off
from backend.core.disclosures import log_export
from backend.core.errors import RuleViolation
from backend.core.exporting.columns import (
    ExportColumn,
    LedgerRows,
    Sight,
    chosen,
    expressions,
    names_people,
    sheet_of,
    title_of,
)
from backend.core.exporting.periods import Period, between, period_told
from backend.core.exporting.shell import LedgerFrame
from backend.core.exporting.writers import (
    CSV_TYPE,
    XLSX_TYPE,
    Rows,
    Told,
    write_csv,
    write_workbook,
)
from backend.core.models import Kept
from backend.core.rules import reason_says_why
from backend.core.words import in_chinese

# As many as a driver brings at once, and after as many progress is told.
_AT_ONCE = 500
# Communities that a ledger's title names; beyond that it says how many.
_NAMED = 3


class Form(StrEnum):
    """In what form rows leave."""

    XLSX = "xlsx"
    LEDGER = "ledger"
    CSV = "csv"

    @property
    def extension(self) -> str:
        """The ending of its file's name."""
        return "csv" if self == Form.CSV else "xlsx"

    @property
    def content_type(self) -> str:
        """As browsers call it."""
        return CSV_TYPE if self == Form.CSV else XLSX_TYPE


@dataclass(frozen=True)
class ExportOrder:
    """What is wanted of some rows; the rows themselves are the caller's to say."""

    form: Form = Form.XLSX
    # Names of columns in order; none for the usual ones.
    columns: tuple[str, ...] = ()
    whole: bool = False
    reason: str = ""
    # Days, both included; of the list's own filter where it has one.
    period: Period = field(default_factory=Period)
    # Whether the period also chooses rows, and is not only printed.
    narrows: bool = False
    maker: str = ""
    # For the log: the filters in words, nothing that was searched for.
    details: str = ""

    def columns_of(self, model: type[Kept]) -> list[ExportColumn]:
        """The columns of a model that are wanted; a ledger with rows of its own has its own."""
        ledger = self.ledger_of(model)
        return list(ledger.columns) if ledger is not None else chosen(model, self.columns)

    def ledger_of(self, model: type[Kept]) -> LedgerRows | None:
        """The ledger's own rows, where they are wanted and the model has any."""
        return sheet_of(model).ledger if self.form == Form.LEDGER else None

    def check(self) -> None:
        """Raises: reason_too_short, reason_too_long, text_has_personal_data; period_backwards."""
        if self.whole or self.reason:
            reason_says_why(self.reason)
        if self.period.backwards:
            raise RuleViolation(
                "period_backwards", "期间的结束日期早于开始日期，请核对。", field="until"
            )


@dataclass
class Leaving:
    """What an export took along: how many rows, and which, by community."""

    model: type[Kept]
    people: bool
    count: int = 0
    keys: dict[int | None, "array[int]"] = field(default_factory=dict)

    def log(self, order: ExportOrder, by: Actor) -> None:
        """Writes down that personal data leave; nothing where there are none."""
        if self.people:
            nothing: dict[int | None, array[int]] = {None: array("q")}
            log_export(
                self.model,
                self.keys or nothing,
                by=by,
                reason=order.reason,
                whole=order.whole,
                details=order.details,
            )


def may_leave(rows: QuerySet[Any], order: ExportOrder, by: Actor) -> QuerySet[Any]:
    """Those of the rows that `by` may take out now: seeing them somewhere is not enough."""
    model: Any = rows.model
    where = Sight(by.user, everywhere=by.system).exported(model)
    rows = rows.filter(model.rows_in(where)) if where.anywhere else rows.none()
    when = sheet_of(model).period
    if order.narrows and when:
        rows = rows.filter(between(model, when, order.period))
    return rows


def write_export(
    rows: QuerySet[Any],
    order: ExportOrder,
    *,
    by: Actor,
    target: BinaryIO,
    progress: Callable[[int], None] | None = None,
) -> Leaving:
    """Writes what `by` may take out of the rows, in their order; the caller logs it when it leaves.

    One statement, streamed: no row is kept. Raises: as `ExportOrder.check`; export_too_long.
    """
    order.check()
    model: Any = rows.model
    rows = may_leave(rows, order, by)
    columns = order.columns_of(model)
    sight = Sight(by.user, whole=order.whole, everywhere=by.system)
    leaving = Leaving(model, names_people(columns))
    told = [column.told for column in columns]
    frame = _frame(rows, order) if order.form == Form.LEDGER else None
    ledger = order.ledger_of(model)
    if ledger is not None:
        rows = ledger.rows(rows)
    stream = _streamed(expressions(rows, columns, sight), leaving, progress)
    with held_off(), closing(stream):
        name = in_chinese(model._meta.verbose_name)
        leaving.count = in_form(order.form, target, stream, told, name=name, frame=frame)
    return leaving


def in_form(
    form: Form,
    target: BinaryIO,
    rows: Rows,
    columns: Sequence[Told],
    *,
    name: str,
    frame: LedgerFrame | None = None,
) -> int:
    """Writes rows in a form; answers how many. Raises: export_too_long."""
    if form == Form.CSV:
        return write_csv(target, rows, columns)
    return write_workbook(target, rows, columns, name=name, frame=frame)


def _streamed(
    rows: QuerySet[Any], leaving: Leaving, progress: Callable[[int], None] | None
) -> Generator[Sequence[Any], None, None]:
    keys = leaving.keys
    with closing(rows.iterator(chunk_size=_AT_ONCE)) as found:  # type: ignore[type-var]
        # Records, of which a ledger may tell each in several rows.
        count, last = 0, None
        for pk, community, *values in found:
            if pk == last:
                yield values
                continue
            last = pk
            some = keys.get(community)
            if some is None:
                some = keys[community] = array("q")
            some.append(pk)
            yield values
            count += 1
            if progress is not None and not count % _AT_ONCE:
                progress(count)


def _frame(rows: QuerySet[Any], order: ExportOrder) -> LedgerFrame:
    model: Any = rows.model
    unit = _unit(rows)
    period = period_told(rows, sheet_of(model).period, order.period)
    title = title_of(model)
    ledger = title if title.endswith(("台账", "花名册", "登记簿")) else f"{title}台账"
    return LedgerFrame(
        title=f"{unit}{ledger}（{period}）",
        unit=unit,
        period=period,
        maker=order.maker,
        made_on=f"{timezone.localdate():%Y-%m-%d}",
    )


def _unit(rows: QuerySet[Any]) -> str:
    """Whose ledger it is: the community, or the communities, of its rows."""
    names = {f.name for f in rows.model._meta.concrete_fields}
    if "community" not in names:
        return ""
    found = rows.order_by().values_list("community__name", flat=True).distinct()
    communities = sorted(found[: _NAMED + 1])
    if len(communities) > _NAMED:
        return "各社区"
    return "、".join(communities)


def file_name(model: type[Kept], form: Form, today: date) -> str:
    """签到记录-20260401.xlsx."""
    name = title_of(model) if form == Form.LEDGER else in_chinese(model._meta.verbose_name)
    return f"{name}-{today:%Y%m%d}.{form.extension}"
