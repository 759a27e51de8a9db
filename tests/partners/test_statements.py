"""Lists and pages of red partners: ten times the rows take no more statements."""

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.partners import actions
from backend.partners.models import DutyShift, ProgressReport, RedPartner, StewardSelection
from backend.people.models import Organization, User
from tests.growing import statements_of
from tests.partners.conftest import DAY, Partnership, in_force, issue_at
from tests.partners.test_sheets import REGISTERS, selection, shift
from tests.schema.asking import MAIN, OPEN

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
        day = timezone.localdate() - number * DAY
        shift(ours.post, f"值守{number}", 8, day=day)
        issue = gate.save(issue_at(ours.post, found_by="孔明"), by=SYSTEM)
        actions.defuse(issue, how="当面说开", by=SYSTEM)


@pytest.mark.slow
def test_lists_and_pages_cost_the_same_for_ten_times_the_rows(
    ours: Partnership, worker: User
) -> None:
    pages = LISTS | {
        "partner": f"/admin/partners/redpartner/{ours.partner.pk}/change/",
        "rota": f"/admin/partners/redpartner/{ours.partner.pk}/rota/",
    }
    grow(ours, range(2))
    statements_of(worker, pages, QUERIES)  # What is asked once a process.
    few = statements_of(worker, pages, QUERIES)
    grow(ours, range(2, 20))
    assert DutyShift.objects.count() == 20
    assert statements_of(worker, pages, QUERIES) == few
