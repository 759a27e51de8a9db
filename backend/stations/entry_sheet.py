"""驿站出入库台账, in: each row is an entry, by the same verbs as at the station."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from django.utils import timezone

from backend.core import gate, history
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.imports import cells
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.left import tell_reason
from backend.imports.plan import REPLAY, SheetRow, Write
from backend.imports.problems import CellProblem, Level
from backend.imports.sheet import RowPlanner, Sheet, register
from backend.imports.widgets import ChoiceWidget, CleaningWidget, TextWidget
from backend.stations import rules
from backend.stations.choices import EntryKind
from backend.stations.ledger import enter_as_told
from backend.stations.models import CoolStation, StationStock, Supply, SupplyEntry

NEEDED = "stock_needed"
tell_reason(NEEDED, "导入的入库已被领用，减回去库存会小于零")
TAKEN_BACK = "撤销表格导入"
# What one row says, to be known again: station and supply, kind, quantity, day, reason.
Said = tuple[tuple[int, int], str, int, date, str]


def clean_occurred(
    value: Any, *, day: date | None = None, year: int | None = None, epoch1904: bool = False
) -> datetime | None:
    """A local moment; a ledger that keeps days alone means their beginning.

    Raises: what the cleaners of moments and of days raise.
    """
    try:
        return cells.clean_moment(value, day=day, epoch1904=epoch1904)
    except CellProblem as problem:
        if problem.code != "time_missing":
            raise
    found = cells.clean_date(value, year=year, epoch1904=epoch1904)
    return datetime.combine(found, time()) if found is not None else None


def clean_signed(value: Any) -> int | None:
    """A whole number with or without a sign. Raises: number_invalid, cell_error."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        found = cells.clean_number(abs(value))
        return -found if found is not None and value < 0 else found
    text = value.strip() if isinstance(value, str) else value
    less = isinstance(text, str) and text[:1] in ("-", "−", "－")
    more = isinstance(text, str) and text[:1] in ("+", "＋")
    found = cells.clean_number(text[1:] if less or more else text)
    return -found if found is not None and less else found


class OccurredWidget(CleaningWidget):
    function = staticmethod(clean_occurred)
    context = ("day", "year", "epoch1904")


class SignedWidget(CleaningWidget):
    function = staticmethod(clean_signed)


class EntryPlanner(RowPlanner):
    """Plans the rows of a ledger: each is an entry, unless it is there already."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        here = {"community": self.community}
        self.stations = dict(CoolStation.objects.filter(**here).values_list("name", "pk"))
        self.supplies = {row.name: row for row in Supply.objects.filter(**here)}
        stocks = StationStock.objects.filter(**here)
        self.stocks = {(row.station_id, row.supply_id): row for row in stocks}
        # What each stock would have after the rows so far.
        self.left = {key: row.balance for key, row in self.stocks.items()}
        self.known = _known(self.community)

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if not row.over:
                self._plan(row)

    def _plan(self, row: SheetRow) -> None:
        given = row.values
        station = self.stations.get(given["station"])
        supply = self.supplies.get(given["supply"])
        if station is None:
            self._say(row, "station", "not_found", "没有这个驿站，请先登记或核对名称。")
        if supply is None:
            self._say(row, "supply", "not_found", "没有这个品种，请先登记或核对名称。")
        if station is None or supply is None:
            return
        kind, amount = given["kind"], given["quantity"]
        # People write what they gave out as so many, the export as so many less.
        quantity = -abs(amount) if kind == EntryKind.OUT else amount
        at: Any = given["occurred_at"]
        moment = timezone.make_aware(at) if timezone.is_naive(at) else at
        reason = (given.get("reason") or "").strip()
        place = (station, supply.pk)
        said = (place, kind, quantity, timezone.localdate(moment), reason)
        if said in self.known:
            row.outcome = Outcome.UNCHANGED
            return
        try:
            rules.entry_fits_kind(kind, quantity)
            rules.entry_says_why(kind, reason)
            rules.happened_by_now(moment, timezone.now())
            rules.stock_suffices(self.left.get(place, 0), quantity, supply.unit)
        except RuleViolation as why:
            attribute = why.field if why.field in ("quantity", "reason", "occurred_at") else None
            self._say(row, attribute or "quantity", why.code, why.message)
            return
        self.left[place] = self.left.get(place, 0) + quantity
        row.outcome = Outcome.CREATE
        row.writes.append(
            Write(
                REPLAY,
                {
                    "station": station,
                    "supply": supply.pk,
                    "kind": kind,
                    "quantity": quantity,
                    "reason": reason,
                    "occurred_at": moment.isoformat(),
                },
            )
        )

    def _say(self, row: SheetRow, attribute: str, code: str, message: str) -> None:
        row.say(self.header.heading_of(attribute), code, Level.ERROR, message)


def _known(community: Any) -> set[Said]:
    """What the ledger says already."""
    columns = ("stock__station", "stock__supply", "kind", "quantity", "occurred_at", "reason")
    rows = SupplyEntry.objects.filter(community=community).order_by().values_list(*columns)
    return {
        ((station, supply), kind, quantity, timezone.localdate(at), reason)
        for station, supply, kind, quantity, at, reason in rows
    }


class EntrySheet(Sheet):
    """驿站出入库台账."""

    register = "supply_entries"
    title = "驿站出入库台账"
    columns = (
        Column("number", "序号", TextWidget(), synonyms=("No", "NO.", "#"), ignored=True),
        Column(
            "occurred_at",
            "发生时间",
            OccurredWidget(),
            synonyms=("日期", "时间", "出入库日期"),
            required=True,
        ),
        Column("station", "驿站", TextWidget(max_length=40), synonyms=("驿站名称",), required=True),
        Column(
            "supply",
            "品种",
            TextWidget(max_length=30),
            synonyms=("物资", "物品", "名称"),
            required=True,
        ),
        Column(
            "kind",
            "类型",
            ChoiceWidget(EntryKind.choices),
            synonyms=("出入库", "入库/领用"),
            required=True,
        ),
        Column("quantity", "数量", SignedWidget(), required=True, ditto=False),
        Column(
            "reason",
            "说明",
            TextWidget(max_length=200),
            synonyms=("备注", "用途", "来源"),
            ditto=False,
        ),
    )
    models = (SupplyEntry, StationStock)
    about = SupplyEntry
    planner = EntryPlanner
    action = "supplies.edit"
    in_titles = ("驿站出入库", "出入库", "领用登记")

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        models = (SupplyEntry, StationStock, Supply, CoolStation)
        return [model._default_manager.filter(community=community) for model in models]

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column.attribute == "kind":
            return [str(EntryKind.IN.label), str(EntryKind.OUT.label)]
        model: Any = {"station": CoolStation, "supply": Supply}.get(column.attribute)
        if model is None:
            return ()
        names = model.objects.filter(community=community).order_by("name")
        return list(names.values_list("name", flat=True)[:200])

    def replay(
        self, values: dict[str, Any], *, community_id: int, by: Actor, within: ChangeSet
    ) -> None:
        place = {"station_id": values["station"], "supply_id": values["supply"]}
        stock = StationStock.objects.filter(**place).first()
        if stock is None:
            stock = gate.save(
                StationStock(community_id=community_id, **place), by=by, within=within
            )
        enter_as_told(
            stock,
            values["kind"],
            values["quantity"],
            by=by,
            reason=values["reason"],
            occurred_at=datetime.fromisoformat(values["occurred_at"]),
            within=within,
        )

    def take_back(
        self, original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str
    ) -> list[tuple[str, int, str]]:
        """The ledger only grows: what an import entered is put right by entries against it."""
        left = []
        for entry in _entered(original):
            stock = StationStock.objects.get(pk=entry.stock_id)
            try:
                enter_as_told(
                    stock,
                    EntryKind.CORRECTION,
                    -entry.quantity,
                    by=by,
                    reason=TAKEN_BACK,
                    occurred_at=timezone.now(),
                    within=within,
                    corrects=entry if entry.kind != EntryKind.CORRECTION else None,
                )
            except RuleViolation as why:
                if why.code != "stock_short":
                    raise
                left.append((SupplyEntry._meta.label, entry.pk, NEEDED))
        return left

    def would_leave(self, original: ChangeSet) -> list[tuple[str, int, str]]:
        balances: dict[int, int] = {}
        left = []
        for entry in _entered(original):
            if entry.stock_id not in balances:
                balances[entry.stock_id] = StationStock.objects.get(pk=entry.stock_id).balance
            after = balances[entry.stock_id] - entry.quantity
            if after < 0:
                left.append((SupplyEntry._meta.label, entry.pk, NEEDED))
                continue
            balances[entry.stock_id] = after
        return left


def _entered(original: ChangeSet) -> list[SupplyEntry]:
    """The entries that an import made, the last first."""
    made = [
        change.pk
        for part in original.parts.filter(model=SupplyEntry._meta.label)
        for change in history.unpack(part)
        if change.kind == history.CREATE
    ]
    return list(SupplyEntry.objects.filter(pk__in=made).order_by("-pk"))


register(EntrySheet())
