"""物业服务进展: the company reports, the community hears; what is handed in stays."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.partners import report_rules, reporting
from backend.partners.models import ProgressItem, ProgressReport
from backend.people.models import Organization, User
from backend.places.models import HolidayOverride
from tests.partners.conftest import Partnership
from tests.schema.asking import ask, caller

pytestmark = pytest.mark.django_db
ITEMS = [("路灯", "已更换", "done"), ("车棚", "", "not_begun")]


def new(at: Partnership, **values: Any) -> ProgressReport:
    body = at.partner.organization
    given = {"year": 2025, "number": 6} | values
    return ProgressReport(community_id=body.community_id, organization=body, **given)


def said(do: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()
    return refused.value.code


@given(st.sampled_from(["month", "quarter"]), st.integers(-1, 14), st.integers(1999, 2101))
def test_periods_tile_the_year(kind: str, number: int, year: int) -> None:
    most = 12 if kind == "month" else 4
    if not (1 <= number <= most and 2000 <= year <= 2100):
        assert said(lambda: report_rules.period(kind, year, number)) == "period_invalid"
        return
    first, last = report_rules.period(kind, year, number)
    assert (first.day, first.year, last.year) == (1, year, year)
    if number < most:
        assert (report_rules.period(kind, year, number + 1)[0] - last).days == 1
    else:
        assert last == date(year, 12, 31)


def test_a_report_is_due_five_working_days_after_its_period(ours: Partnership) -> None:
    # September 2025: 1 to 8 October are holidays, the 11th, a Saturday, is worked.
    made = gate.save(new(ours, number=9), by=SYSTEM)
    assert made.due_on == date(2025, 10, 14)
    off = HolidayOverride(
        community_id=made.community_id, day=date(2025, 10, 11), works=False, note="值班"
    )
    gate.save(off, by=SYSTEM)
    made.summary = "平稳"
    assert gate.save(made, by=SYSTEM).due_on == date(2025, 10, 15)
    assert report_rules.report_is_overdue("draft", date(2025, 10, 15), date(2025, 10, 16))
    assert not report_rules.report_is_overdue("draft", date(2025, 10, 15), date(2025, 10, 15))
    assert not report_rules.report_is_overdue("submitted", date(2025, 10, 15), date(2026, 1, 1))


def test_a_company_reports_a_period_once(ours: Partnership) -> None:
    gate.save(new(ours), by=SYSTEM)
    assert said(lambda: gate.save(new(ours), by=SYSTEM)) == "report_taken"
    gate.save(new(ours, period_kind="quarter", number=2), by=SYSTEM)
    Organization.objects.filter(pk=ours.partner.organization_id).update(kind="merchant")
    assert said(lambda: gate.save(new(ours, number=7), by=SYSTEM)) == "not_property_company"


def test_the_contact_submits_and_the_community_hears(
    ours: Partnership, theirs: Partnership, worker: User
) -> None:
    contact, rival, office = (
        Actor.of(user, "test") for user in (ours.contact, theirs.contact, worker)
    )
    assert said(lambda: reporting.make_report(new(theirs), ITEMS, by=contact)) == "not_allowed"
    made = reporting.make_report(new(ours), ITEMS, by=contact)
    assert said(lambda: reporting.submit(made, by=rival)) == "not_allowed"
    made = reporting.submit(made, by=contact)
    assert said(lambda: reporting.hear(made, by=contact)) == "not_allowed"
    assert said(lambda: reporting.withdraw(made, by=contact, reason="写错了")) == "not_allowed"
    made = reporting.withdraw(made, by=office, reason="请写明进展")
    made = reporting.hear(reporting.submit(made, by=contact), by=office, at="月月说事")
    assert (made.status, made.heard_at) == ("heard", "月月说事")


def test_what_was_handed_in_stays(ours: Partnership) -> None:
    made = reporting.submit(reporting.make_report(new(ours), ITEMS, by=SYSTEM), by=SYSTEM)
    item = made.items.first()
    assert isinstance(item, ProgressItem)
    changes: list[Any] = [
        lambda: gate.save(_with(made, summary="另说"), by=SYSTEM),
        lambda: gate.save(_with(item, told="另说"), by=SYSTEM),
        lambda: gate.delete(ProgressItem.objects.get(pk=item.pk), by=SYSTEM),
        lambda: gate.delete(ProgressReport.objects.get(pk=made.pk), by=SYSTEM),
    ]
    assert {said(change) for change in changes} == {"report_submitted"}


def _with(row: Any, **values: Any) -> Any:
    fresh = type(row).objects.get(pk=row.pk)
    for name, value in values.items():
        setattr(fresh, name, value)
    return fresh


def test_an_empty_report_or_one_of_the_future_is_not_handed_in(ours: Partnership) -> None:
    empty = gate.save(new(ours), by=SYSTEM)
    assert said(lambda: reporting.submit(empty, by=SYSTEM)) == "report_without_items"
    year = timezone.localdate().year + 1
    future = reporting.make_report(new(ours, year=year), ITEMS, by=SYSTEM)
    assert said(lambda: reporting.submit(future, by=SYSTEM)) == "period_not_begun"


def test_nobody_is_named_in_a_report(ours: Partnership) -> None:
    phone = [("路灯", "业主13912345678反映", "done")]
    with pytest.raises(ManyViolations) as refused:
        reporting.make_report(new(ours), phone, by=SYSTEM)
    assert [v.code for v in refused.value.by_index.values()] == ["text_has_personal_data"]
    assert not ProgressReport.objects.exists()


def test_lists_say_to_each_what_they_may_do(
    ours: Partnership, theirs: Partnership, worker: User
) -> None:
    reporting.make_report(new(ours), ITEMS, by=SYSTEM)
    reporting.submit(reporting.make_report(new(theirs), ITEMS, by=SYSTEM), by=SYSTEM)
    query = "{ progressReports { edges { node { overdue availableActions { name } } } } }"

    def seen(user: User) -> list[Any]:
        edges = ask(caller(user), query)["data"]["progressReports"]["edges"]
        return sorted(
            (e["node"]["overdue"], sorted(a["name"] for a in e["node"]["availableActions"]))
            for e in edges
        )

    assert seen(ours.contact) == [(True, ["submit"])]
    assert seen(theirs.contact) == [(False, [])]
    assert seen(worker) == [(False, ["hear", "withdraw"]), (True, ["submit"])]


def test_a_contact_writes_the_report_on_the_staff_pages(ours: Partnership) -> None:
    User.objects.filter(pk=ours.contact.pk).update(is_staff=True)
    client = caller(User.objects.get(pk=ours.contact.pk))
    sent = {
        "organization": ours.partner.organization_id,
        "code": "",
        "period_kind": "month",
        "year": "2025",
        "number": "6",
        "summary": "平稳",
        "heard_at": "",
        "items-TOTAL_FORMS": "1",
        "items-INITIAL_FORMS": "0",
        "items-0-position": "1",
        "items-0-subject": "路灯",
        "items-0-told": "已更换",
        "items-0-state": "done",
    }
    page = client.post("/admin/partners/progressreport/add/", sent)
    assert page.status_code == 302, page.context["adminform"].form.errors
    made = ProgressReport.objects.get()
    assert made.items.count() == 1
    done = client.post(f"/admin/partners/progressreport/{made.pk}/move/submit/", {})
    assert done.status_code == 302
    shown = client.get(f"/admin/partners/progressreport/{made.pk}/change/").content.decode()
    assert "/move/hear/" not in shown
    assert (
        client.post(f"/admin/partners/progressreport/{made.pk}/move/hear/", {}).status_code == 403
    )
