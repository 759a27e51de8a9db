"""Festivals as spreadsheets: the plan of the year, and the stalls of a festival."""

from backend.festivals.facets import FESTIVAL, STALL
from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import register

register(facet_sheet(FESTIVAL, "neighbor_festivals", "邻里节安排"))
register(facet_sheet(STALL, "festival_stalls", "邻里节摊位表"))
