"""Demands as spreadsheets: what they are about, and the ledger."""

from backend.demands import demand_sheet  # noqa: F401  it registers itself
from backend.demands.facets import CATEGORY
from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import register

register(facet_sheet(CATEGORY, "demand_categories", "诉求类别"))
