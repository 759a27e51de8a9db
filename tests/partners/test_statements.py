"""Lists and pages of red partners: ten times the rows take no more statements."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core import gate
from backend.core.access import SYSTEM
from backend.partners import actions
from backend.partners.models import DutyShift, ProgressReport, RedPartner, StewardSelection
from backend.people.models import Organization, User
from backend.places.models import Community
from tests.partners.conftest import DAY, Partnership, in_force, issue_at
from tests.partners.test_sheets import REGISTERS, selection, shift
from tests.schema.asking import MAIN, OPEN, caller, data

pytestmark = pytest.mark.django_db

QUERIES = {
    "partners": (
        MAIN,
        """{ redPartners(first: 50) { totalCount edges { node { code name agreements { title statusLabel
        daysLeft overdue duties { text } posts { name place } } } } } }""",
    ),
    "agreements": (
        MAIN,
        """{ coBuildingAgreements(first: 50) { totalCount edges { node { title endsOn duties { text }
        availableActions { name } attachments { code } } } } }""",
    ),
    "posts": (MAIN, "{ vanguardPosts(first: 50) { totalCount edges { node { name place } } } }"),
    "shifts": (
        MAIN,
        "{ dutyShifts(first: 50) { totalCount edges { node { day name post { name } } } } }",
    ),
    "issues": (
        MAIN,
        """{ incipientIssues(first: 50) { totalCount edges { node { code description foundBy
        post { name } availableActions { name } } } } }""",
    ),
    "reports": (
        MAIN,
        """{ progressReports(first: 50) { totalCount edges { node { year overdue organization { name }
        items { subject } availableActions { name } } } } }""",
    ),
    "selections": (
        MAIN,
        """{ stewardSelections(first: 50) { totalCount edges { node { title availableActions { name }
        candidates { name organization { name } } } } } }""",
    ),
    "open partners": (OPEN, "{ redPartners(first: 50) { totalCount edges { node { code } } } }"),
    "open agreements": (
        OPEN,
        "{ coBuildingAgreements(first: 50) { totalCount edges { node { code } } } }",
    ),
    "open selections": (
        OPEN,
        "{ stewardSelections(first: 50) { totalCount edges { node { title } } } }",
    ),
}
LISTS = {name: f"/admin/partners/{model._meta.model_name}/" for name, model in REGISTERS.items()}


def grow(ours: Partnership, numbers: range) -> None:
    """So many more of everything, each with what hangs on it."""
    community = ours.post.community
    for number in numbers:
        body = gate.save(
            Organization(community=community, name=f"单位{number}", kind="property_company"),
            by=SYSTEM,
        )
        partner = gate.save(
            RedPartner(community=community, organization=body, since=ours.partner.since), by=SYSTEM
        )
        in_force(partner)
        row = selection(body)
        StewardSelection.objects.filter(pk=row.pk).update(status="announced")
        report = ProgressReport(
            community=community, organization=body, year=2026, number=3, summary="照常"
        )
        gate.save(report, by=SYSTEM)
        day = datetime.date.today() - number * DAY
        shift(ours.post, f"值守{number}", 8, day=day)
        issue = gate.save(issue_at(ours.post, found_by="孔明"), by=SYSTEM)
        actions.defuse(issue, how="当面说开", by=SYSTEM)


def counted(do: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as captured:
        do()
    return len(captured)


def test_lists_and_pages_cost_the_same_for_ten_times_the_rows(
    ours: Partnership, worker: User, community: Community
) -> None:
    client = Client()
    client.force_login(worker)
    pages = LISTS | {
        "partner": f"/admin/partners/redpartner/{ours.partner.pk}/change/",
        "rota": f"/admin/partners/redpartner/{ours.partner.pk}/rota/",
    }

    def all_of_them() -> dict[str, int]:
        found = {
            name: counted(lambda page=page: _seen(client, page)) for name, page in pages.items()
        }
        for name, (address, query) in QUERIES.items():
            asking = caller(worker if address == MAIN else None)
            found[f"query {name}"] = counted(
                lambda asking=asking, query=query, address=address: data(asking, query, address)
            )
        return found

    grow(ours, range(2))
    all_of_them()  # What is asked once a process.
    few = all_of_them()
    grow(ours, range(2, 20))
    assert DutyShift.objects.count() == 20
    assert all_of_them() == few


def _seen(client: Client, page: str) -> None:
    assert client.get(page).status_code == 200
