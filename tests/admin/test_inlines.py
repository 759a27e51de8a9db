"""Record pages on the demo's data: rows of another table, and the history of a row of a ledger."""

import re
from html.parser import HTMLParser

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from backend.core import record_history
from backend.core.inlines import RegisterInline
from backend.demands.choices import DemandStatus
from backend.demands.models import Demand
from backend.people.models import User

pytestmark = pytest.mark.usefixtures("_demo_data", "db")

WITH_ROWS = sorted(
    f"admin:{model._meta.app_label}_{model._meta.model_name}_add"
    for model, register in admin.site._registry.items()
    if any(issubclass(one, RegisterInline) for one in register.inlines)
)

IN_A_ROW = re.compile(r"-(?:__prefix__|\d+)-")


class Fields(HTMLParser):
    """What can be filled in within the rows, and whether it has a name."""

    def __init__(self) -> None:
        super().__init__()
        self.named: dict[str, bool] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        hidden = given.get("type") == "hidden"
        if tag in ("input", "select", "textarea") and IN_A_ROW.search(name) and not hidden:
            self.named[name] = bool(given.get("aria-label"))


def test_every_field_of_a_row_has_a_name_also_for_who_only_listens(client: Client) -> None:
    client.force_login(User.objects.get(username="secretary"))
    found = Fields()
    for address in WITH_ROWS:
        found.feed(client.get(reverse(address)).content.decode())
    # Some registers have their rows only once they are there.
    assert {"duties-__prefix__-side", "candidates-0-organization"} <= set(found.named)
    assert [name for name, named in found.named.items() if not named] == []


def test_a_row_of_a_ledger_tells_that_it_was_made_and_every_step() -> None:
    demand = Demand.objects.get(community__code="xinhe", status=DemandStatus.RETURNED)
    secretary = User.objects.get(username="secretary")
    made = record_history.history_of(demand, secretary).lines[-1]
    assert made.what == "登记诉求（新增）、派单、退回派单"
