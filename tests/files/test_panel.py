"""The panel under a record's form: several files at once, titles, away and back; who sees it."""

from typing import Any

import pytest
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.files import actions
from backend.files.models import Attachment
from tests.files.making import pdf, photo, scan, upload
from tests.schema.asking import caller


def page_of(record: Any) -> str:
    return f"/admin/education/{record._meta.model_name}/{record.pk}/change/"


def add(client: Client, record: Any, *files: Any, **fields: str) -> Any:
    given = {"files": list(files), "back": page_of(record)} | fields
    return client.post(f"/files/add/{record._meta.label_lower}/{record.pk}/", given, follow=True)


def said(page: Any) -> list[str]:
    return [str(message) for message in page.context["messages"]]


def test_several_files_at_once_each_with_its_own_verdict(
    callers: dict[str, Client], headcount: HeadcountEntry
) -> None:
    page = add(
        callers["worker"],
        headcount,
        upload("现场.jpg", photo()),
        upload("签到表13812345678.docx", b"PK\x03\x04" + b"0" * 40),
        upload("扫描.png", scan()),
        title="第一次",
        kind="scan",
    )
    assert page.redirect_chain[0][0] == page_of(headcount) + "#ll-files"
    assert said(page)[-1] == "已添加 2 个附件。"
    assert said(page)[0].startswith("签到表138****5678.docx：这是压缩包或办公文档")
    assert {(a.title, a.kind) for a in Attachment.objects.all()} == {("第一次", "scan")}
    text = page.content.decode()
    for attachment in Attachment.objects.all():
        assert f'src="/files/{attachment.code}/thumbnail/"' in text


def test_no_file_chosen_is_said(callers: dict[str, Client], headcount: HeadcountEntry) -> None:
    assert said(add(callers["worker"], headcount)) == ["还没有选文件，请先选择照片或 PDF。"]


def test_a_title_is_changed_a_file_removed_and_brought_back(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    client, address = callers["worker"], f"/files/{attached.code}/"
    back = {"back": page_of(headcount)}
    page = client.post(f"{address}title/", back | {"title": "三号楼 13812345678"}, follow=True)
    assert said(page) == ["标题已保存。"]
    attached.refresh_from_db()
    assert attached.title == "三号楼 138****5678"
    page = client.post(f"{address}remove/", back, follow=True)
    assert said(page) == ["已移除。30 天内可以恢复。"]
    assert f"{address}restore/" in page.content.decode()
    assert f"{address}thumbnail/" not in page.content.decode()
    page = client.post(f"{address}restore/", back, follow=True)
    assert said(page) == ["已恢复。"]
    assert f"{address}thumbnail/" in page.content.decode()


def test_a_too_long_title_is_refused_and_changes_nothing(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    given = {"back": page_of(headcount), "title": "长" * 101}
    page = callers["worker"].post(f"/files/{attached.code}/title/", given, follow=True)
    assert said(page) == ["标题最多 100 个字，请缩短。"]
    attached.refresh_from_db()
    assert attached.title == "楼道签到"


@pytest.mark.parametrize("who", ["other", "resident", "nobody"])
def test_others_neither_add_nor_take_away(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry, who: str
) -> None:
    client, address = callers[who], f"/files/{attached.code}/"
    # The one who is nobody is sent to sign in: that says nothing of what there is.
    refused = (302,) if who == "nobody" else (404,)
    added = client.post(
        f"/files/add/education.headcountentry/{headcount.pk}/", {"files": upload("b.png", scan())}
    )
    assert added.status_code in refused
    for verb in ("remove", "title", "restore"):
        assert client.post(f"{address}{verb}/").status_code in refused
    attached.refresh_from_db()
    assert (attached.removed_at, attached.title) == (None, "楼道签到")
    assert Attachment.objects.count() == 1


def test_a_removed_file_is_not_restored_by_others(
    callers: dict[str, Client], attached: Attachment, by: Actor
) -> None:
    actions.remove(attached, by=by)
    for who in ("other", "resident", "nobody"):
        callers[who].post(f"/files/{attached.code}/restore/")
    attached.refresh_from_db()
    assert attached.removed_at is not None


def test_the_street_office_sees_files_and_is_offered_no_verbs(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    text = callers["office"].get(page_of(headcount)).content.decode()
    assert f"/files/{attached.code}/thumbnail/" in text
    assert "ll-files__add" not in text
    assert f"/files/{attached.code}/remove/" not in text
    page = add(callers["office"], headcount, upload("b.png", scan()))
    assert "没有这项操作的权限" in said(page)[0]
    assert Attachment.objects.count() == 1


def test_a_steward_is_offered_to_add_and_to_take_away_their_own(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    page = add(callers["steward"], headcount, upload("楼道.png", scan()))
    assert said(page) == ["已添加 1 个附件。"]
    text = page.content.decode()
    own = Attachment.objects.get(uploaded_by__username="steward")
    assert f"/files/{own.code}/remove/" in text
    assert f"/files/{attached.code}/remove/" not in text


def test_the_panel_stands_on_every_register(
    callers: dict[str, Client],
    event_open: LegalEducationEvent,
    attendance: Attendance,
    headcount: HeadcountEntry,
) -> None:
    for record in (event_open, attendance, headcount):
        assert "ll-files__add" in callers["worker"].get(page_of(record)).content.decode()
    new = callers["worker"].get("/admin/education/headcountentry/add/").content.decode()
    assert "ll-files__add" not in new


def test_the_list_of_head_counts_shows_how_many_files_are_the_evidence(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry, by: Actor
) -> None:
    actions.attach(headcount, upload("b.pdf", pdf()), by=by)
    listed = callers["worker"].get("/admin/education/headcountentry/")
    (entry,) = listed.context["cl"].result_list
    assert entry.files_count == 2
    assert "field-files" in listed.content.decode()


def test_a_foreign_address_to_go_back_to_is_not_followed(
    callers: dict[str, Client], headcount: HeadcountEntry
) -> None:
    for place in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        given = {"files": upload("b.png", scan()), "back": place}
        address = f"/files/add/education.headcountentry/{headcount.pk}/"
        assert callers["worker"].post(address, given)["Location"] == "/#ll-files"


def test_a_form_of_another_site_adds_nothing(worker: Any, headcount: HeadcountEntry) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    address = f"/files/add/education.headcountentry/{headcount.pk}/"
    assert client.post(address, {"files": upload("b.png", scan())}).status_code == 403
    assert not Attachment.objects.exists()


def test_the_number_of_statements_does_not_grow_with_the_files(
    worker: Any, headcount: HeadcountEntry, by: Actor, django_assert_max_num_queries: Any
) -> None:
    client = caller(worker)
    client.get(page_of(headcount))
    for number in range(6):
        actions.attach(headcount, upload("a.png", scan(text=str(number))), by=by)
    gate.save(
        Attendance(community=headcount.community, event=headcount.event, name="李"), by=SYSTEM
    )
    with django_assert_max_num_queries(20):
        client.get(page_of(headcount))
