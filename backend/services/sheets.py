"""Services as spreadsheets: the kinds of help, what is offered, and when."""

from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import register
from backend.services import booking_sheet  # noqa: F401  it registers itself
from backend.services.facets import CATEGORY, ITEM, SLOT

register(facet_sheet(CATEGORY, "service_categories", "服务类别"))
register(facet_sheet(ITEM, "service_items", "服务项目清单"))
register(facet_sheet(SLOT, "service_slots", "服务时段表"))
