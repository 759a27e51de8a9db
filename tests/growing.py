"""How many SQL statements pages and queries take, for tests that make ten times the rows."""

from collections.abc import Callable, Mapping
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.people.models import User
from tests.schema.asking import MAIN, caller, data


def statements_of(
    user: User, pages: Mapping[str, str], queries: Mapping[str, tuple[str, str]]
) -> dict[str, int]:
    """By name: of staff pages, and of queries (address, query); those of the main API are the user's."""
    client = Client()
    client.force_login(user)
    found = {name: _counted(_seen, client, page) for name, page in pages.items()}
    for name, (address, query) in queries.items():
        asking = caller(user if address == MAIN else None)
        found[f"query {name}"] = _counted(data, asking, query, address)
    return found


def _counted(do: Callable[..., Any], *given: Any) -> int:
    with CaptureQueriesContext(connection) as captured:
        do(*given)
    return len(captured)


def _seen(client: Client, page: str) -> None:
    # The sidebar keeps its numbers until something is written: each page pays for its own here.
    cache.clear()
    assert client.get(page).status_code == 200, page
