"""Files are served to those who see the record, and look like nothing to everybody else."""

from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from backend.core.access import Actor
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.files import actions
from backend.files.models import Attachment
from backend.people.models import User
from tests.files.making import pdf, photo, upload
from tests.schema.asking import caller


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("who", ["worker", "secretary", "steward", "office"])
def test_staff_of_the_community_get_the_file(
    callers: dict[str, Client], attached: Attachment, who: str
) -> None:
    for place, stored in (("", attached.stored), ("thumbnail/", attached.thumbnail)):
        got = callers[who].get(f"/files/{attached.code}/{place}")
        assert got.status_code == 200
        with default_storage.open(stored) as file:
            assert body(got) == file.read()


@pytest.mark.parametrize("who", ["other", "resident", "nobody"])
def test_for_others_it_is_as_if_there_were_none(
    callers: dict[str, Client], attached: Attachment, who: str
) -> None:
    for place in ("", "thumbnail/"):
        there = callers[who].get(f"/files/{attached.code}/{place}")
        absent = callers[who].get(f"/files/fj-0000000000/{place}")
        assert there.status_code == absent.status_code == 404
        headers = [{k: v for k, v in r.items() if k != "Set-Cookie"} for r in (there, absent)]
        assert headers[0] == headers[1]
        assert there.content.replace(attached.code.encode(), b"") == absent.content.replace(
            b"fj-0000000000", b""
        )


def test_a_resident_sees_files_of_a_published_event_and_never_of_a_sign_in(
    callers: dict[str, Client],
    event_open: LegalEducationEvent,
    event_planned: LegalEducationEvent,
    attendance: Attendance,
    by: Actor,
) -> None:
    codes = {
        record: actions.attach(record, upload("a.jpg", photo(60, 40)), by=by).code
        for record in (event_open, event_planned, attendance)
    }
    seen = {
        record: callers["resident"].get(f"/files/{code}/").status_code
        for record, code in codes.items()
    }
    assert seen == {event_open: 200, event_planned: 404, attendance: 404}


def test_rights_that_end_end_here_too(callers: dict[str, Client], attached: Attachment) -> None:
    address = f"/files/{attached.code}/"
    assert callers["worker"].get(address).status_code == 200
    User.objects.filter(username="worker").update(is_active=False)
    assert callers["worker"].get(address).status_code == 404


def test_a_key_for_something_else_opens_no_file(worker: User, attached: Attachment) -> None:
    worker.limited_to = frozenset({"attendance.see"})  # type: ignore[attr-defined]
    assert not Attachment.objects.visible_to(worker).exists()
    worker.limited_to = frozenset({"attendance.see", "files.see"})  # type: ignore[attr-defined]
    assert Attachment.objects.visible_to(worker).exists()
    worker.limited_to = frozenset({"files.see"})  # type: ignore[attr-defined]
    assert not Attachment.objects.visible_to(worker).exists()


def test_a_removed_file_is_gone_for_all(
    callers: dict[str, Client], attached: Attachment, by: Actor
) -> None:
    actions.remove(attached, by=by)
    assert callers["worker"].get(f"/files/{attached.code}/").status_code == 404


def test_a_file_that_storage_lost_is_not_found(
    callers: dict[str, Client], attached: Attachment
) -> None:
    default_storage.delete(attached.stored)
    assert callers["worker"].get(f"/files/{attached.code}/").status_code == 404


def test_headers_let_nothing_run_nothing_stay_and_names_be_chinese(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry, by: Actor
) -> None:
    agreement = actions.attach(headcount, upload("协议 1.pdf", pdf()), by=by)
    shown = callers["worker"].get(f"/files/{attached.code}/")
    saved = callers["worker"].get(f"/files/{agreement.code}/")
    for response in (shown, saved):
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"].startswith("sandbox")
        assert response["Cache-Control"] == "private, no-store"
    assert shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"] == (
        "inline; filename*=utf-8''%E6%A5%BC%E9%81%93%E7%AD%BE%E5%88%B0.jpg"
    )
    assert saved["Content-Type"] == "application/pdf"
    assert saved["Content-Disposition"] == "attachment; filename*=utf-8''%E5%8D%8F%E8%AE%AE%201.pdf"


def test_a_pdf_has_no_thumbnail(
    callers: dict[str, Client], headcount: HeadcountEntry, by: Actor
) -> None:
    agreement = actions.attach(headcount, upload("协议.pdf", pdf()), by=by)
    assert callers["worker"].get(f"/files/{agreement.code}/thumbnail/").status_code == 404


def test_there_is_no_other_address(attached: Attachment, worker: User) -> None:
    client = caller(worker)
    for place in (f"/media/{attached.stored}", f"/{attached.stored}", f"/static/{attached.stored}"):
        assert client.get(place).status_code == 404
    assert client.post(f"/files/{attached.code}/").status_code == 405
