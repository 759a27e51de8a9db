"""What stands under a station's form: what it has now, and what is to be refilled."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.stations.models import CoolStation, Refill
from backend.stations.queries import stocks_of
from backend.stations.rules import is_overdue


@panel
def station_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """The stock of a station."""
    if not isinstance(record, CoolStation):
        return None
    return Panel(
        "stations/panel.html",
        {
            "stocks": stocks_of(record, request.user),
            "entry_url": reverse("station_page", args=[record.code]),
        },
    )


@panel
def refill_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """What is to be refilled, and what there is now."""
    if not isinstance(record, Refill):
        return None
    stock = record.stock
    return Panel(
        "stations/refill_panel.html",
        {
            "refill": record,
            "stock": stock,
            "overdue": is_overdue(record.status, record.due_on, timezone.localdate()),
            "station_url": reverse("admin:stations_coolstation_change", args=[stock.station_id]),
        },
    )
