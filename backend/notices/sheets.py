"""公示台账 as a spreadsheet: its rows come in as drafts, published by whoever answers for them."""

from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import register
from backend.notices.facets import NOTICE

register(facet_sheet(NOTICE, "public_notices", "公示台账"))
