"""Times the four queries in one process, by turns: the floor, the main API, stock strawberry-django.

    python -m tests.bench.reading_once ROUNDS

Prints JSON: seconds by query and way. Everybody is handed a request whose caller is known already,
with the roles that every request looks up: signing in is the same door for all, and the floor asks
nobody's rights. What the roles cost is told apart.
"""

import copy
import json
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from django.conf import settings  # noqa: E402  they need the apps
from django.db import connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from django.test.utils import setup_test_environment  # noqa: E402
from strawberry.extensions import ParserCache, ValidationCache  # noqa: E402
from strawberry.relay import to_base64  # noqa: E402
from strawberry_django import optimizer  # noqa: E402

from backend.core.access import scope  # noqa: E402
from backend.education.models import LegalEducationEvent  # noqa: E402
from backend.people.models import User  # noqa: E402
from schema.main.base import Connection  # noqa: E402
from schema.main.compiled.extension import CompiledReads  # noqa: E402
from schema.main.nested import NestedPages  # noqa: E402
from schema.main.schema import schema  # noqa: E402
from schema.main.view import MainView, main_api  # noqa: E402
from tests.bench.reading_floor import floor  # noqa: E402

_EVENT = "code title status startsAt speaker maxGroupSize"
QUERIES = {
    "Q1": f"{{ legalEducationEvents(first: 100) {{ edges {{ node {{ {_EVENT} }} }} }} }}",
    # Of 100 events stock could not read the 1 000 residents on SQLite: Django 5.2 asks for the rows of
    # a foreign key one OR behind the other, and SQLite takes no thousand of them.
    "Q2": """{ legalEducationEvents(first: 95) { edges { node { code title venue { name }
        community { name } attendances(first: 10) { edges { node { name resident { name } } } } } } } }""",
    "Q3": f"query One($id: ID!) {{ node(id: $id) {{ ... on LegalEducationEvent {{ {_EVENT} }} }} }}",
    "Q4": """{ legalEducationEvents(first: 50, filters: {status: [OPEN]}, order: {startsAt: DESC}) {
        totalCount pageInfo { hasNextPage } edges { node { code title startsAt } } } }""",
}
STOCK_ROUNDS = 5
WITH_ROLES = "ours, roles looked up"


class StockView(MainView):
    """The same schema as the library answers it: no plans, no caches, its own JSON."""

    def encode_json(self, data: object) -> str:  # type: ignore[override]
        return json.dumps(data, default=str)


def clock() -> float:
    """On SQLite all is done by this process: its own time, whoever else is at work. Else the wall's."""
    return time.process_time() if connection.vendor == "sqlite" else time.perf_counter()


def _stock() -> Callable[[HttpRequest], Any]:
    _nested_as_the_library_has_it()
    bare = copy.copy(schema)
    bare.extensions = [
        one for one in schema.extensions if one not in (ParserCache, ValidationCache, CompiledReads)
    ]
    view = StockView.as_view(schema=bare, graphql_ide=None, allow_queries_via_get=False)
    view.csrf_exempt = True
    return view


def _nested_as_the_library_has_it() -> None:
    """The library reads the first rows of each parent for its own class of connection; ours is one."""
    optimizer.DjangoListConnection = Connection

    def page(self: Any, source: Any, info: Any, paging: Any, given: Any) -> Any:
        rows = getattr(source, self.field.django_name or self.field.python_name).all()
        rows = self.field.get_queryset(rows, info, **given)
        return self.connection_type.resolve_connection(rows, info=info, **paging)

    NestedPages.page = page  # type: ignore[method-assign]
    for kind in schema._schema.type_map.values():
        for declared in getattr(kind, "fields", {}).values():
            one = getattr(declared, "extensions", {}).get("strawberry-definition")
            if any(
                isinstance(extension, NestedPages) for extension in getattr(one, "extensions", ())
            ):
                one.base_resolver.wrapped_func.can_optimize = True


def ways(name: str) -> dict[str, Callable[[HttpRequest], Any]]:
    """Who answers a query."""
    return {"floor": floor(name), "ours": main_api, WITH_ROLES: main_api, "stock": _stock()}


def _request(name: str, worker: User, event: int, knows_roles: bool = True) -> HttpRequest:
    body: dict[str, Any] = {"query": QUERIES[name]}
    if name == "Q3":
        body["variables"] = {"id": to_base64("LegalEducationEvent", event)}
    found = RequestFactory().post("/graphql/", json.dumps(body), "application/json")
    found.user = copy.copy(worker)
    if not knows_roles:
        # As it comes from a session.
        vars(found.user).pop("_linli_roles", None)
    return found


def _data(answer: HttpResponse) -> Any:
    found = json.loads(answer.content)
    assert "errors" not in found, found
    return found["data"]


def measure(rounds: int) -> dict[str, dict[str, float]]:
    """The best seconds of each. Raises: AssertionError where the answers are not the same."""
    worker = User.objects.get(username="worker")
    scope(worker, "education.see")
    keys = list(LegalEducationEvent.objects.values_list("pk", flat=True)[:50])
    found: dict[str, dict[str, float]] = {}
    for name in QUERIES:
        answering = ways(name)
        answers = [_data(view(_request(name, worker, keys[0]))) for view in answering.values()]
        assert all(answer == answers[0] for answer in answers), name
        times: dict[str, list[float]] = {way: [] for way in answering}
        for turn in range(rounds):
            for way, view in answering.items():
                # Stock takes so long that a few turns of it are as telling.
                if way == "stock" and turn % max(rounds // STOCK_ROUNDS, 1):
                    continue
                request = _request(name, worker, keys[turn % len(keys)], way != WITH_ROLES)
                started = clock()
                view(request)
                times[way].append(clock() - started)
        found[name] = {way: min(some) for way, some in times.items()}
    return found


def first_page(rounds: int) -> float:
    """The best seconds of the first page of a list, without its count."""
    worker = User.objects.get(username="worker")
    scope(worker, "education.see")
    best = []
    for _ in range(rounds):
        request = _request("Q1", worker, 0)
        started = clock()
        main_api(request)
        best.append(clock() - started)
    return min(best)


if __name__ == "__main__":
    settings.GRAPHQL_REQUESTS_PER_MINUTE = settings.GRAPHQL_ANONYMOUS_REQUESTS_PER_MINUTE = 0
    settings.DEBUG = False
    setup_test_environment(debug=False)
    rounds = int(sys.argv[1])
    print(json.dumps({"queries": measure(rounds), "first page": first_page(rounds)}))
