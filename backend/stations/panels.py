"""What stands under a station's form: what it has now, and what is to be refilled."""

from django.http import HttpRequest
from django.urls import reverse

from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.stations.models import CoolStation
from backend.stations.queries import stocks_of


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
