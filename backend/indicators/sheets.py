"""The street's monthly sheet of hotline calls, in: a row a month and category."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.errors import RuleViolation
from backend.imports import cells
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import RECORD_TWICE, ROW_NUMBER, FacetPlanner, facet_sheet
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import Sheet, register
from backend.imports.widgets import CleaningWidget
from backend.indicators import rules
from backend.indicators.facets import CATEGORY, COUNT
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount

CATEGORY_AT, COUNT_AT = 0, 1


def clean_dated(value: Any) -> int | None:
    """A year or a month as a number, with or without the word: 2026年, 10月份, 10.

    Raises: number_invalid, cell_error.
    """
    if isinstance(value, str):
        value = value.strip().removesuffix("份").removesuffix("度").rstrip("年月")
    return cells.clean_number(value)


def clean_calls(value: Any) -> int | None:
    """How many calls: 35, 35件. Raises: number_invalid, cell_error."""
    return cells.clean_number(value.strip().removesuffix("件") if isinstance(value, str) else value)


def clean_category(value: Any) -> str | None:
    """A category's plain name. Raises: text_too_long, cell_error."""
    name = cells.clean_text(value, max_length=30)
    return None if name is None else rules.plain_name(name)


class CategoryWidget(CleaningWidget):
    function = staticmethod(clean_category)


class DatedWidget(CleaningWidget):
    function = staticmethod(clean_dated)


class CallsWidget(CleaningWidget):
    function = staticmethod(clean_calls)


class HotlinePlanner(FacetPlanner):
    """Plans one count a row; a category that nobody knows is made by the first row that names it."""

    facets = COUNT

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        known = HotlineCategory.objects.filter(community=self.community)
        self.known = list(known.values_list("name", "code"))
        self.names = {code: name for name, code in self.known}
        self.names |= {rules.plain_name(name): name for name, _ in self.known}
        # New categories, and their months, by the row that brings each.
        self.made: dict[str, int] = {}
        self.months: dict[tuple[int, int, str], int] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        known, fresh = [], []
        for row in rows:
            if row.over:
                continue
            name = row.values["category"]
            if name in self.names:
                row.values["category"] = self.names[name]
                known.append(row)
            else:
                fresh.append((row, name))
        super().plan(known)
        for row in known:
            for write in row.writes:
                # Elsewhere a row of this kind writes one model alone, the first.
                write.model = COUNT_AT
        for row, name in fresh:
            self._plan_new(row, name)

    def _plan_new(self, row: SheetRow, name: str) -> None:
        """A count of a category that this file brings: no row of it can be there yet."""
        given = row.values
        year, month, count = given["year"], given["month"], given["count"]
        try:
            rules.month_is_real(year, month)
            rules.month_has_begun(year, month, timezone.localdate())
            rules.count_holds(count)
        except RuleViolation as why:
            self._say(row, why.field or "category", why.code, why.message)
            return
        if not self._is_first(row, (year, month, name)):
            return
        maker = self.made.get(name)
        if maker is None:
            maker = self._make(row, name)
        if maker is not None:
            row.outcome = Outcome.CREATE
            values = {"year": year, "month": month, "count": count}
            row.writes.append(Write(COUNT_AT, {"category_id": -maker, **values}))

    def _make(self, row: SheetRow, name: str) -> int | None:
        values: dict[str, Any] = {
            "name": name,
            "is_property": rules.is_of_property(name),
            "position": len(self.known) + len(self.made) + 1,
        }
        refused = gate.check_many([HotlineCategory(community=self.community, **values)])
        if refused:
            self._say(row, "category", refused[0].code, refused[0].message)
            return None
        self.made[name] = row.number
        row.say(
            self.header.heading_of("category"),
            "hotline_category_new",
            Level.NOTE,
            f"没有登记过“{name}”这个类别，会一起新建。写错了的，请改正后重新上传。",
        )
        row.writes.append(Write(CATEGORY_AT, values))
        return row.number

    def _is_first(self, row: SheetRow, key: tuple[int, int, str]) -> bool:
        earlier = self.months.setdefault(key, row.number)
        if earlier != row.number:
            self.which_of_two(
                row,
                earlier,
                RECORD_TWICE,
                f"与第 {earlier} 行是同一个月、同一类别，但件数不同。请只保留一行。",
                self.header.heading_of("count"),
            )
            return False
        return True

    def _say(self, row: SheetRow, attribute: str, code: str, message: str) -> None:
        row.say(self.header.heading_of(attribute), code, Level.ERROR, message)


class HotlineSheet(Sheet):
    """市民热线月度统计表."""

    register = "hotline"
    title = "市民热线月度统计表"
    columns = (
        ROW_NUMBER,
        Column("year", "年", DatedWidget(), synonyms=COUNT.synonyms_of("year"), required=True),
        Column("month", "月", DatedWidget(), synonyms=COUNT.synonyms_of("month"), required=True),
        Column(
            "category",
            "类别",
            CategoryWidget(),
            synonyms=COUNT.synonyms_of("category"),
            required=True,
        ),
        Column(
            "count",
            "件数",
            CallsWidget(),
            synonyms=COUNT.synonyms_of("count"),
            required=True,
            ditto=False,
        ),
    )
    models = (HotlineCategory, HotlineMonthlyCount)
    references = {"category_id": CATEGORY_AT}
    planner = HotlinePlanner
    action = "hotline.edit"
    in_titles = ("市民热线", "12345", "热线")

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column.attribute != "category":
            return ()
        rows = HotlineCategory.objects.filter(community=community)
        return list(rows.values_list("name", flat=True)[:200])


register(HotlineSheet())
register(facet_sheet(CATEGORY, "hotline_categories", "热线类别"))
