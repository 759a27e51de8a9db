"""An incipient issue becomes a demand in one act; the demand leads back to it."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.demands.models import Demand, DemandNumbering
from backend.partners import actions
from backend.partners.models import IncipientIssue
from tests.demands.conftest import Hall

pytestmark = pytest.mark.django_db
HERE = "demands.Demand"


@pytest.fixture
def issue(hall: Hall) -> IncipientIssue:
    row = IncipientIssue(
        community=hall.community,
        kind="parking",
        place="万达华府东门",
        description="车位争执",
        found_on=timezone.localdate(),
    )
    return gate.save(row, by=SYSTEM)


def test_an_issue_passed_on_without_a_number_becomes_a_demand(
    hall: Hall, issue: IncipientIssue
) -> None:
    client = Client()
    client.force_login(hall.worker.user)
    address = reverse("admin:partners_incipientissue_escalate", args=[issue.pk])
    assert client.post(address, {"register": HERE, "code": ""}).status_code == 302
    demand = Demand.objects.get()
    issue.refresh_from_db()
    assert (issue.status, issue.escalated_to, issue.escalated_code) == (
        "escalated",
        HERE,
        demand.code,
    )
    assert (demand.content, demand.address, demand.channel) == (
        "车位争执",
        "万达华府东门",
        "patrol",
    )
    page = client.get(reverse("admin:demands_demand_change", args=[demand.pk])).content.decode()
    assert reverse("admin:partners_incipientissue_change", args=[issue.pk]) in page


def test_who_comes_second_registers_nothing_and_uses_no_number(
    hall: Hall, issue: IncipientIssue
) -> None:
    stale = IncipientIssue.objects.get(pk=issue.pk)
    actions.escalate(issue, register=HERE, code="", by=hall.worker)
    with pytest.raises(RuleViolation) as refused:
        actions.escalate(stale, register=HERE, code="", by=hall.secretary)
    assert refused.value.code == "wrong_state"
    assert (Demand.objects.count(), DemandNumbering.objects.get().last) == (1, 1)


def test_where_nothing_is_begun_a_number_is_asked_for(hall: Hall, issue: IncipientIssue) -> None:
    with pytest.raises(RuleViolation) as refused:
        actions.escalate(issue, register="mediation.MediationCase", code="", by=hall.worker)
    assert refused.value.code == "escalation_missing"
    # A number of a demand that there is not is none either; nothing is registered for it.
    with pytest.raises(RuleViolation) as refused:
        actions.escalate(issue, register=HERE, code="sq-none", by=hall.worker)
    assert refused.value.code == "escalation_unknown"
    assert not Demand.objects.exists()
