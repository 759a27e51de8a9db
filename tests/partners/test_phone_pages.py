"""红色合伙人 on the phone: a contact does there what the own organization has to do, and no more."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core.access import SYSTEM
from backend.partners import reporting
from backend.partners.models import DutyShift, IncipientIssue, ProgressReport
from backend.people.models import User
from tests.conftest import user_with_role
from tests.partners.conftest import DAY, Partnership
from tests.schema.asking import carried_out

pytestmark = pytest.mark.django_db
HOME = "/partners/"


@pytest.fixture
def phone(ours: Partnership) -> Client:
    """The first partner's contact, who is no staff."""
    User.objects.filter(pk=ours.contact.pk).update(is_staff=False)
    client = Client()
    client.force_login(User.objects.get(pk=ours.contact.pk))
    return client


def said(answer: Any) -> str:
    return " ".join(str(message) for message in answer.context["messages"])


def press(phone: Client, do: str, address: str = HOME, **given: Any) -> Any:
    return phone.post(address, {"do": do} | given, follow=True)


def test_the_account_leads_to_the_page(phone: Client) -> None:
    assert HOME in phone.get("/accounts/").content.decode()


def test_who_speaks_for_no_partner_sees_nothing_there(theirs: Partnership) -> None:
    client = Client()
    client.force_login(user_with_role("somebody", "resident", community=theirs.partner.community))
    page = client.get(HOME)
    assert not page.context["agreements"]
    assert not page.context["posts"]
    assert HOME not in client.get("/accounts/").content.decode()


def test_an_issue_is_taken_down_at_an_own_post_and_defused(
    phone: Client, ours: Partnership, theirs: Partnership
) -> None:
    today = timezone.localdate().isoformat()
    given = {"kind": "parking", "description": "两家争一个车位", "found_on": today}
    assert "没有" in said(press(phone, "issue", post=theirs.post.pk, **given))
    assert not IncipientIssue.objects.exists()
    named = given | {"description": "联系电话 13912345678"}
    assert "电话号码" in said(press(phone, "issue", post=ours.post.pk, **named))
    assert not IncipientIssue.objects.exists()
    press(phone, "issue", post=ours.post.pk, **given)
    issue = IncipientIssue.objects.get()
    press(phone, "defuse", issue=issue.code, how="约好轮流停")
    issue.refresh_from_db()
    assert (issue.status, issue.how_defused) == ("defused", "约好轮流停")


def test_the_rota_of_an_own_post_is_planned_and_shown_masked(
    phone: Client, ours: Partnership, theirs: Partnership
) -> None:
    tomorrow = (timezone.localdate() + DAY).isoformat()
    given = {"day": tomorrow, "starts_at": "08:00", "ends_at": "12:00", "name": "欧阳若谷"}
    press(phone, "shift", post=theirs.post.pk, **given)
    assert not DutyShift.objects.exists()
    press(phone, "shift", post=ours.post.pk, **given | {"day": "2月30日"})
    assert not DutyShift.objects.exists()
    page = press(phone, "shift", post=ours.post.pk, **given).content.decode()
    assert DutyShift.objects.get().name == "欧阳若谷"
    assert "欧阳若谷" not in page


def test_a_report_is_written_sent_in_sent_back_and_completed(
    phone: Client, ours: Partnership
) -> None:
    body = ours.partner.organization
    last = timezone.localdate().replace(day=1) - DAY
    period = {"period_kind": "month", "year": last.year, "number": last.month}
    offered = phone.get(HOME).context
    assert (offered["year"], offered["month"]) == (last.year, last.month)
    page = press(phone, "report", organization=body.pk, **period)
    offered, today = phone.get(HOME).context, timezone.localdate()
    assert (offered["year"], offered["month"]) == (today.year, today.month)
    report = ProgressReport.objects.get()
    address = f"{HOME}reports/{report.code}/"
    assert page.redirect_chain[-1][0] == address

    # Empty rows are no items; nothing is handed in without one.
    rows: dict[str, Any] = {
        "summary": "正常",
        "subject": ["电梯保养", "", ""],
        "told": ["已做一半", "", ""],
        "state": ["under_way"] * 3,
    }
    empty = rows | {"subject": ["", "", ""], "told": ["", "", ""]}
    refused = press(phone, "submit", address, revision=report.revision, **empty)
    assert "至少写一条" in said(refused)
    report.refresh_from_db()
    press(phone, "submit", address, revision=report.revision, **rows)
    report.refresh_from_db()
    assert (report.status, report.items.count(), report.summary) == ("submitted", 1, "正常")

    # Handed in, it stays; sent back, it says why.
    press(phone, "save", address, revision=report.revision, **empty)
    assert report.items.count() == 1
    reporting.withdraw(report, by=SYSTEM, reason="缺绿化")
    assert "缺绿化" in phone.get(address).content.decode()
    report.refresh_from_db()
    more = rows | {"subject": ["电梯保养", "绿化补种", ""], "told": ["已完成", "未开始", ""]}
    stale = press(phone, "save", address, revision=report.revision - 1, **more)
    assert said(stale)
    assert report.items.count() == 1
    press(phone, "submit", address, revision=report.revision, **more)
    report.refresh_from_db()
    items = report.items.order_by("position").values_list("subject", "told")
    assert list(items) == [("电梯保养", "已完成"), ("绿化补种", "未开始")]
    assert report.status == "submitted"


def test_another_companys_report_is_not_there(phone: Client, theirs: Partnership) -> None:
    report = ProgressReport(
        community=theirs.partner.community,
        organization=theirs.partner.organization,
        year=2026,
        number=1,
    )
    made = reporting.make_report(report, [("保洁", "", "done")], by=SYSTEM)
    assert phone.get(f"{HOME}reports/{made.code}/").status_code == 404


def test_the_main_api_changes_a_draft_alone(phone: Client, ours: Partnership) -> None:
    report = reporting.make_report(
        ProgressReport(
            community=ours.partner.community,
            organization=ours.partner.organization,
            year=2026,
            number=1,
            summary="正常",
        ),
        [("保洁", "每日", "under_way"), ("绿化", "", "not_begun")],
        by=SYSTEM,
    )
    given = {"reportId": to_base64("ProgressReport", report.pk)}
    wanted = "report { summary items { subject } sentBackBecause }"
    verb = "updateProgressReport"
    changed = carried_out(phone, verb, wanted, **given, items=[{"subject": "保洁"}])
    assert changed["errors"] == []
    assert changed["report"] == {
        "summary": "正常",
        "items": [{"subject": "保洁"}],
        "sentBackBecause": None,
    }
    changed = carried_out(phone, verb, wanted, **given, summary="很好")
    assert changed["report"]["items"] == [{"subject": "保洁"}]
    reporting.submit(ProgressReport.objects.get(), by=SYSTEM)
    refused = carried_out(phone, verb, wanted, **given, summary="别的")
    assert refused["errors"] == ["report_submitted"]
