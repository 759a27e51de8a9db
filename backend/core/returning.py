"""Back to where somebody came from: today's list, a board, a list with its filters."""

from urllib.parse import urlsplit, urlunsplit

from django.http import HttpRequest, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

# What an address says of the page to which its work leads back.
FROM = "from"
# What Django says of the list's filters.
_FILTERS = "_changelist_filters"


def came_from(request: HttpRequest) -> str:
    """The page to go back to, "" for none: an address of this server alone, never another's."""
    place = request.GET.get(FROM, "")
    own = place.startswith("/") and url_has_allowed_host_and_scheme(place, allowed_hosts=None)
    return place if own else ""


def list_came_from(request: HttpRequest, changelist: str) -> str:
    """The list with the filters that somebody came from; "" if they came from no filtered list."""
    filters = request.GET.get(_FILTERS, "")
    return f"{changelist}?{QueryDict(filters).urlencode()}" if filters else ""


def going_back_to(url: str, place: str) -> str:
    """The address `url`, whose work leads back to `place`."""
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode({FROM: place}))))
    return urlunsplit(parts._replace(query=query))


def on_the_way(request: HttpRequest, url: str) -> str:
    """The address `url`, that leads back to where this request does."""
    known = {name: request.GET[name] for name in (FROM, _FILTERS) if request.GET.get(name)}
    if FROM in known and not came_from(request):
        del known[FROM]
    return f"{url}?{urlencode(known)}" if known else url
