"""Coming back to where one came from: an address of ours that a page hands on as `from`."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

PARAMETER = "from"
_LONGEST = 2000


def came_from(request: HttpRequest) -> str:
    """The page to which somebody goes back, with its filters; "" where none is named, or not ours."""
    wanted = request.POST.get(PARAMETER) or request.GET.get(PARAMETER) or ""
    ours = wanted.startswith("/") and url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if ours and len(wanted) <= _LONGEST else ""


def coming_from(address: str, back: str) -> str:
    """An address whose page goes back to `back`."""
    return f"{address}?{urlencode({PARAMETER: back})}" if back else address
