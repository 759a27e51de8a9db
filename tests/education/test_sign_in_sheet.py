"""The sign-in sheet on paper, and the template with those who registered."""

import io
import re
from typing import Any

import pytest
from openpyxl import load_workbook

from backend.core.access import SYSTEM
from backend.core.models import Disclosure, DisclosureKind
from backend.education.models import LegalEducationEvent
from backend.education.registering import register
from backend.education.sheets import SHEET
from backend.education.sign_in_sheet import FIRST_PAGE, FURTHER_PAGE, pages_of
from backend.imports.headers import find_header
from backend.people.models import User
from backend.places.models import Community, Estate
from tests.conftest import user_with_role
from tests.imports.filling import event_template, upload
from tests.schema.asking import caller

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(event_open: LegalEducationEvent) -> LegalEducationEvent:
    """Two registrations, one of them for three people."""
    register(event_open, by=SYSTEM, name="冯若兰", phone="13712340001", size=1)
    register(event_open, by=SYSTEM, name="谢长庚", phone="13712340002", size=3)
    return event_open


def address(event: LegalEducationEvent) -> str:
    return f"/admin/education/legaleducationevent/{event.pk}/sign-in-sheet/"


def page(user: User, event: LegalEducationEvent, **query: Any) -> str:
    done = caller(user).get(address(event), query)
    assert done.status_code == 200
    return str(done.content.decode())


def ask(user: User, event: LegalEducationEvent, what: str, reason: str) -> Any:
    return caller(user).post(address(event), {"what": what, "reason": reason, "blank": 3})


def test_the_paper_says_what_when_where_and_has_a_code(
    worker: User, event: LegalEducationEvent
) -> None:
    text = page(worker, event)
    for told in ("活动名称：民法典进小区", "时间：", "地点：小马扎剧场", "<svg", "扫码签到"):
        assert told in text
    assert text.count("<tr><td>") == FIRST_PAGE
    assert "第 1 页 共 1 页" in text
    assert "冯" not in text, "nobody's name without a reason"


def test_its_headings_are_those_that_the_importer_reads(
    worker: User, event: LegalEducationEvent
) -> None:
    headings = re.findall(r'<th scope="col">([^<]+)</th>', page(worker, event))
    assert headings == ["序号", "姓名", "性别", "年龄", "联系电话", "住址", "签名", "备注"]
    header = find_header([(1, headings), (2, ["1", "张安然"])], SHEET.columns)
    assert header is not None
    assert sorted(header.columns) == list(range(8))
    assert header.problems == []


def test_pages_break_where_the_paper_ends(worker: User, event: LegalEducationEvent) -> None:
    text = page(worker, event, blank=FIRST_PAGE + FURTHER_PAGE + 1)
    assert text.count("<thead>") == text.count('<section class="si-page">') == 3
    assert "第 3 页 共 3 页" in text
    assert page(worker, event, blank=100_000).count("<tr><td>") == 500
    assert page(worker, event, blank="x").count("<tr><td>") == 0
    assert [len(p.lines) for p in pages_of([], FIRST_PAGE)] == [FIRST_PAGE]
    numbers = [line.number for p in pages_of([], 60) for line in p.lines]
    assert numbers == list(range(1, 61))


def test_names_are_printed_for_a_reason_which_is_logged(
    worker: User, event: LegalEducationEvent
) -> None:
    done = ask(worker, event, "paper", "好的")
    assert "请写明查看的原因" in done.content.decode()
    assert "冯若兰" not in done.content.decode()
    assert not Disclosure.objects.exists()
    text = ask(worker, event, "paper", "当晚活动签到用").content.decode()
    assert "<td>冯若兰</td>" in text
    assert "137****0001" in text
    assert "13712340001" not in text
    assert "同来 2 人" in text
    assert text.count("<tr><td>") == 2 + 3
    (row,) = Disclosure.objects.all()
    assert (row.kind, row.rows, row.whole, row.reason) == (
        DisclosureKind.EXPORT,
        2,
        True,
        "当晚活动签到用",
    )
    assert row.model == "education.Registration"


def test_a_template_with_those_who_registered_imports_as_it_is(
    worker: User, event: LegalEducationEvent
) -> None:
    done = ask(worker, event, "file", "当晚活动签到用")
    sheet = load_workbook(io.BytesIO(done.content)).worksheets[0]
    assert [[cell.value for cell in row] for row in sheet["B7:E8"]] == [
        ["冯若兰", None, None, "13712340001"],
        ["谢长庚", None, None, "13712340002"],
    ]
    assert sheet["E7"].number_format == "@"
    assert Disclosure.objects.get().rows == 2
    batch = upload(worker, "attendance", done.content)
    assert (batch.status, batch.target, batch.create) == ("planned", "pf-open", 2)
    assert "冯若兰" not in repr(
        list(load_workbook(io.BytesIO(event_template(worker, event))).worksheets[0].values)
    )


def test_names_are_for_those_who_may_export_and_see_them_in_full(
    other_worker: User,
    resident_user: User,
    event: LegalEducationEvent,
    community: Community,
    estate: Estate,
) -> None:
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    steward = user_with_role("steward", "steward", community=community, estate=estate)
    for user in (office, steward):
        text = page(user, event)
        assert "印上已报名的姓名" not in text
        assert "/templates/" not in text
        for what in ("paper", "file"):
            done = ask(user, event, what, "当晚活动签到用")
            assert done["Content-Type"].startswith("text/html")
            assert "冯若兰" not in done.content.decode()
    for user in (other_worker, resident_user):
        assert caller(user).get(address(event)).status_code in (302, 404)
    assert not Disclosure.objects.exists()


def test_the_events_page_leads_there(worker: User, event: LegalEducationEvent) -> None:
    done = caller(worker).get(f"/admin/education/legaleducationevent/{event.pk}/change/")
    text = done.content.decode()
    assert address(event) in text
    assert "/templates/attendance.xlsx?event=pf-open" in text
