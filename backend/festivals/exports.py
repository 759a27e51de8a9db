"""What festivals export: with their counts; a stall under its festival's code, for titles repeat."""

from typing import Any

from django.db import models

from backend.core.exporting.columns import ExportColumn, ExportSheet, column_of, exports
from backend.core.exporting.kinds import Kind
from backend.festivals.facets import FESTIVAL, HEADS, STALL, SUPPLY
from backend.festivals.models import (
    FestivalHeads,
    FestivalSupply,
    NeighborFestival,
    Stall,
    heads_total,
    kind_count,
    stall_count,
)

_CODE = "festival"
FESTIVALS = exports(
    NeighborFestival,
    ExportSheet(
        (
            *(column_of(NeighborFestival, name) for name in FESTIVAL.exported),
            ExportColumn("stall_count", "摊位数", stall_count, Kind.NUMBER),
            ExportColumn("kind_count", "服务种类数", kind_count, Kind.NUMBER),
            ExportColumn("heads_total", "总人次", heads_total, Kind.NUMBER),
            column_of(NeighborFestival, "community", usual=False),
        ),
        period="starts_at",
        title="邻里节台账",
    ),
)


def _columns(model: type[models.Model], names: tuple[str, ...]) -> Any:
    for name in names:
        if name != _CODE:
            yield column_of(model, name)
            continue
        yield column_of(model, name, value="festival__code", kind=Kind.DIGITS)
        # Several may have one title: it is shown beside the code, and not read.
        yield ExportColumn("festival_title", "供查看：邻里节名称", "festival__title")


def _sheet(model: type[models.Model], names: tuple[str, ...], title: str) -> ExportSheet:
    return ExportSheet(tuple(_columns(model, names)), period="festival__starts_at", title=title)


STALLS = exports(Stall, _sheet(Stall, STALL.exported, "邻里节摊位表"))
SUPPLIES = exports(FestivalSupply, _sheet(FestivalSupply, SUPPLY.exported, "邻里节物资表"))
COUNTS = exports(FestivalHeads, _sheet(FestivalHeads, HEADS.exported, "邻里节人次表"))
