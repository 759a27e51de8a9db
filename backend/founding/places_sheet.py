"""小区与楼栋: a row a building; its estate and its grid are made when they are first named."""

import re
from collections.abc import Sequence
from typing import Any

from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import ROW_NUMBER
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner, Sheet
from backend.imports.widgets import CodeWidget, TextWidget
from backend.places.models import Building, Estate, Grid

_ESTATE, _GRID, _BUILDING = 0, 1, 2
# 3号楼, 3栋 and 3# are the building 3.
_KIND = re.compile(r"(?:号院楼|号楼|栋楼|栋|幢|座|#楼|#|号)$")
_LONGEST_BUILDING = 20
COLUMNS = (
    ROW_NUMBER,
    Column(
        "estate",
        "小区",
        TextWidget(max_length=60),
        synonyms=("小区名称", "小区名"),
        required=True,
    ),
    Column("building", "楼号", CodeWidget(), synonyms=("楼栋", "楼栋号", "栋号"), ditto=False),
    Column("grid", "网格", TextWidget(max_length=60), synonyms=("网格名称", "所属网格")),
)


class PlacesPlanner(RowPlanner):
    """Plans estates, grids and buildings in one pass; what the community has already stays."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        mine = {"community": self.community}
        # By name: the key, or minus the number of the row that makes it.
        self.estates = dict(Estate.objects.filter(**mine).values_list("name", "pk"))
        self.grids = dict(Grid.objects.filter(**mine).values_list("name", "pk"))
        buildings = Building.objects.filter(**mine).values_list("estate_id", "name")
        self.buildings: dict[tuple[int, str], int] = {key: 0 for key in buildings}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if not row.over:
                self._plan(row)

    def _plan(self, row: SheetRow) -> None:
        writes: list[Write] = []
        name = row.values["estate"]
        estate = self.estates.get(name)
        if estate is None:
            estate = -row.number
            writes.append(Write(_ESTATE, {"name": name}))
        building = row.values.get("building")
        if building:
            building = _KIND.sub("", building) or building
            if len(building) > _LONGEST_BUILDING:
                shown = self.header.heading_of("building")
                row.say(
                    shown, "text_too_long", Level.ERROR, "楼号最多 20 个字，只写号，如 3 或 A。"
                )
                return
            earlier = self.buildings.get((estate, building))
            if earlier:
                shown = self.header.heading_of("building")
                message = f"这个小区的这个楼号在第 {earlier} 行已经写过，请只保留一行。"
                row.say(shown, "building_twice", Level.ERROR, message)
                return
            if earlier is None:
                writes.append(Write(_BUILDING, {"estate_id": estate, "name": building}))
            self.buildings[estate, building] = row.number
        grid = row.values.get("grid")
        if grid and grid not in self.grids:
            self.grids[grid] = -row.number
            writes.append(Write(_GRID, {"name": grid, "estate_id": estate}))
        self.estates[name] = estate
        row.writes = writes
        row.outcome = Outcome.CREATE if writes else Outcome.UNCHANGED


class PlacesSheet(Sheet):
    """小区、网格、楼栋, in the order in which they are made."""

    register = "places"
    title = "小区与楼栋"
    columns = COLUMNS
    models = (Estate, Grid, Building)
    references = {"estate_id": _ESTATE}
    planner = PlacesPlanner
    action = "founding.edit"
    about = Building


PLACES = PlacesSheet()
