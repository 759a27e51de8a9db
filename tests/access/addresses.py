"""Every address of the staff pages, about a record of the demo's 新河."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from django.apps import apps
from django.urls import get_resolver
from django.urls.converters import IntConverter
from django.urls.resolvers import RoutePattern, URLPattern

from backend.core.models import Kept
from tests.access.world import HOME, row_of

# What stands in an address beside the keys of records.
WORDS = {"community_code": HOME, "kind_code": "event_cancelled", "step": "leave", "what": "arrive"}
# To sign in and out, to sign nobody in for good, and the two that catch the rest.
NOT_ASKED = {"login", "logout", "app_list", "view_on_site", None}


def _patterns(found: Any, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    for one in found:
        address = before + str(one.pattern)
        if isinstance(one, URLPattern):
            yield address, one
        else:
            yield from _patterns(one.url_patterns, address)


def staff_pages() -> list[tuple[str, URLPattern]]:
    """The route and the pattern of every staff page; sorted, each once."""
    found = {
        route: pattern
        for route, pattern in _patterns(get_resolver().url_patterns)
        if route.startswith("admin/") and pattern.name not in NOT_ASKED
    }
    return sorted(found.items())


def _model(route: str) -> Any:
    parts = route.split("/")
    try:
        return apps.get_model(parts[1], parts[2])
    except (LookupError, ValueError, IndexError):
        return None


def _key(route: str, name: str) -> str:
    model = apps.get_model("people", "Resident") if name == "resident_pk" else _model(route)
    if model is None:
        return "1"
    if issubclass(model, Kept):
        row = row_of(model, HOME)
    else:
        row = model._default_manager.order_by("pk").first()
    return str(row.pk) if row is not None else "1"


def _verb(route: str) -> str:
    machine = getattr(_model(route), "machine", None)
    return machine.moves[0].name if machine is not None else "open"


def address_of(route: str, pattern: URLPattern) -> str:
    """The address to ask for: a record of the home community wherever a key stands."""
    address = route
    assert isinstance(pattern.pattern, RoutePattern), route
    for name, converter in pattern.pattern.converters.items():
        value = WORDS.get(name) or (_verb(route) if name == "verb" else _key(route, name))
        assert not isinstance(converter, IntConverter) or value.isdigit(), route
        for kind in ("int:", "path:", "str:", "slug:", ""):
            address = address.replace(f"<{kind}{name}>", quote(value))
    assert "<" not in address, address
    return f"/{address}"
