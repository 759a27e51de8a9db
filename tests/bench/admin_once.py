"""Times the staff's pages in one process: everything the sidebar leads to, a record of each list and its pages.

    python -m tests.bench.admin_once ROUNDS

Prints JSON: by who looks and address (the keys of records left out), the seconds of the processor (PostgreSQL: of
the wall) of the best of the rounds, and the statements of a look before them.
"""

import json
import os
import re
import sys
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "backend.settings")
django.setup()

from django.conf import settings  # noqa: E402  they need the apps
from django.core.cache import cache  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, setup_test_environment  # noqa: E402

from backend.people.models import User  # noqa: E402

WHO = ("secretary",)
LINK = re.compile(r'href="(/admin/[^"#]*)"')
KEY = re.compile(r"/\d+/")
# No page to look at, or one that asks first.
NOT_READ = re.compile(
    r"logout|password|/delete/|/move/|/undo|jsi18n|\.(svg|png|xlsx|docx)|export|template"
)


def _links(answer: Any) -> list[str]:
    found = LINK.findall(answer.content.decode())
    return [href.replace("&amp;", "&").split("?")[0] for href in found if not NOT_READ.search(href)]


def _pages(client: Client) -> list[str]:
    """The sidebar's pages, the first record that each lists, and what that record's page leads to."""
    first = "/admin/"
    sidebar = [first, *dict.fromkeys(_links(client.get(first)))]
    pages = list(sidebar)
    for place in sidebar:
        records = [h for h in _links(client.get(place)) if re.search(r"/\d+/change/$", h)]
        own = next((h for h in records if h.startswith(place)), None)
        if own is None:
            continue
        pages.append(own)
        base = own.removesuffix("change/")
        pages += [h for h in _links(client.get(own)) if h.startswith(base) and h != own]
    return list(dict.fromkeys(pages))


def _one_of_a_kind(who: str, places: list[str]) -> dict[str, str]:
    """A page by its name: that of one record stands for those of the others."""
    found: dict[str, str] = {}
    for place in places:
        found.setdefault(f"{who} {KEY.sub('/…/', place)}", place)
    return found


def main(rounds: int) -> None:
    """Prints the times."""
    setup_test_environment()
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    clock = time.perf_counter if connection.vendor == "postgresql" else time.process_time
    found: dict[str, tuple[float, int]] = {}
    for name in WHO:
        client = Client()
        client.force_login(User.objects.get(username=name))
        for key, place in _one_of_a_kind(name, _pages(client)).items():
            # The first look pays for the badges of the sidebar too, as somebody does once a minute.
            cache.clear()
            with CaptureQueriesContext(connection) as captured:
                if client.get(place).status_code != 200:
                    continue
            # Now: the next request forgets them.
            statements = len(captured)
            best = float("inf")
            for _ in range(rounds):
                started = clock()
                client.get(place)
                best = min(best, clock() - started)
            found[key] = (best, statements)
    print(json.dumps(found))


if __name__ == "__main__":
    main(int(sys.argv[1]))
