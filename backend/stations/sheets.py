"""Cool stations as spreadsheets: where they are, what they give out, and their ledger."""

from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import register
from backend.stations import entry_sheet  # noqa: F401  it registers itself
from backend.stations.facets import STATION, SUPPLY

register(facet_sheet(STATION, "cool_stations", "清凉驿站清单"))
register(facet_sheet(SUPPLY, "station_supplies", "驿站物资品种"))
