"""Attachments in the main API: by whom, with what, once."""

import json
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.files import actions
from backend.files.models import FOLDER, Attachment
from tests.conftest import new_event
from tests.files.making import photo, scan, upload
from tests.files.test_attachments import on_disk
from tests.schema.asking import MAIN, carried_out, data, id_of

ATTACH = """mutation Attach($file: Upload!, $id: ID!, $key: String!) {
  attachFile(input: {recordId: $id, file: $file, title: "现场", idempotencyKey: $key}) {
    attachment { id code kind title originalName contentType url thumbnailUrl width }
    errors { field code message } } }"""
REMOVE = """mutation ($id: ID!) { removeAttachment(input: {attachmentId: $id}) {
  attachment { code } errors { code } } }"""
OF = "query ($id: ID!) { attachments(recordId: $id) { code url } }"


def send(client: Client, content: bytes, record: Any, key: str = "k", name: str = "a.jpg") -> Any:
    """The answer to attachFile, by the multipart specification."""
    given = {"file": None, "id": to_base64(type(record).__name__, record.pk), "key": key}
    body = {"query": ATTACH, "variables": given}
    form = {
        "operations": json.dumps(body),
        "map": json.dumps({"0": ["variables.file"]}),
        "0": upload(name, content),
    }
    answer = client.post(MAIN, form).json()
    assert "errors" not in answer, answer
    return answer["data"]["attachFile"]


def codes(answer: Any) -> list[str]:
    return [error["code"] for error in answer["errors"]]


def test_a_file_is_attached_and_its_address_serves_it(
    callers: dict[str, Client], headcount: HeadcountEntry
) -> None:
    answer = send(callers["worker"], photo(), headcount, name="张三13812345678.jpg")
    assert codes(answer) == []
    made = answer["attachment"]
    assert (made["kind"], made["title"], made["width"]) == ("PHOTO", "现场", 1200)
    assert made["originalName"] == "张三138****5678.jpg"
    for address in (made["url"], made["thumbnailUrl"]):
        assert callers["worker"].get(address).status_code == 200


def test_the_same_key_gives_the_first_result_and_stores_nothing_more(
    callers: dict[str, Client], headcount: HeadcountEntry
) -> None:
    first = send(callers["worker"], photo(), headcount)
    before = on_disk()
    again = send(callers["worker"], photo(), headcount)
    assert again == first
    assert codes(send(callers["worker"], photo(), headcount, key="other")) == ["attachment_twice"]
    assert codes(send(callers["worker"], scan(), headcount, key="")) == ["idempotency_key_invalid"]
    assert (on_disk(), Attachment.objects.count()) == (before, 1)


def test_a_text_in_place_of_a_file_is_said(
    callers: dict[str, Client], headcount: HeadcountEntry
) -> None:
    given = to_base64("HeadcountEntry", headcount.pk)
    answer = data(callers["worker"], ATTACH, file="a.jpg", id=given, key="k")["attachFile"]
    assert [(e["field"], e["code"]) for e in answer["errors"]] == [("file", "required")]


def test_a_refused_file_is_data_with_its_code(
    callers: dict[str, Client], headcount: HeadcountEntry
) -> None:
    answer = send(callers["worker"], b"<svg/>", headcount)
    assert [(e["field"], e["code"]) for e in answer["errors"]] == [("file", "attachment_page")]
    assert answer["attachment"] is None
    assert not Attachment.objects.exists()


@pytest.mark.parametrize("who", ["other", "resident", "nobody", "office"])
def test_who_may_not_attach_gets_nowhere(
    callers: dict[str, Client],
    headcount: HeadcountEntry,
    event_open: LegalEducationEvent,
    who: str,
) -> None:
    for record in (headcount, event_open):
        (code,) = codes(send(callers[who], photo(60, 40), record))
        assert code in ("not_found", "not_allowed")
    foreign = {code for code in codes(send(callers["other"], photo(60, 40), headcount))}
    assert foreign == {"not_found"}
    assert (on_disk(), Attachment.objects.count()) == (set(), 0)


def test_a_record_that_takes_no_files_or_is_none_is_not_found(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    assert codes(send(callers["worker"], scan(), attached)) == ["not_found"]
    headcount.pk += 1000
    assert codes(send(callers["worker"], scan(), headcount)) == ["not_found"]


@pytest.mark.parametrize("who", ["other", "resident", "nobody"])
def test_attachments_of_others_do_not_exist_by_any_way(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry, who: str
) -> None:
    client = callers[who]
    given, record = to_base64("Attachment", attached.pk), to_base64("HeadcountEntry", headcount.pk)
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert data(client, node, id=given) == {"node": None}
    assert data(client, OF, id=record) == {"attachments": []}
    (error,) = data(client, REMOVE, id=given)["removeAttachment"]["errors"]
    assert error["code"] in ("not_found", "not_allowed")
    attached.refresh_from_db()
    assert attached.removed_at is None


def test_staff_see_them_by_every_way_and_take_them_away(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    client = callers["secretary"]
    given, record = to_base64("Attachment", attached.pk), to_base64("HeadcountEntry", headcount.pk)
    node = "query ($id: ID!) { node(id: $id) { ... on Attachment { code } } }"
    assert data(client, node, id=given) == {"node": {"code": attached.code}}
    (listed,) = data(client, OF, id=record)["attachments"]
    assert listed == {"code": attached.code, "url": f"/files/{attached.code}/"}
    assert data(client, REMOVE, id=given)["removeAttachment"] == {
        "attachment": {"code": attached.code},
        "errors": [],
    }
    assert data(client, OF, id=record) == {"attachments": []}
    assert data(client, node, id=given) == {"node": None}


def test_nested_under_an_event_only_what_is_seen_comes(
    callers: dict[str, Client],
    event_open: LegalEducationEvent,
    attached: Attachment,
    attendance: Attendance,
    by: Actor,
) -> None:
    """A resident reads the event and its file, and nothing of the lists below it."""
    public = actions.attach(event_open, upload("海报.png", scan()), by=by)
    actions.attach(attendance, upload("a.jpg", photo(60, 40)), by=by)
    query = """{ legalEducationEvents(first: 5) { edges { node { attachments { code }
      headcounts { attachments { code } }
      attendances(first: 5) { edges { node { attachments { code } } } } } } } }"""
    edges = data(callers["resident"], query)["legalEducationEvents"]["edges"]
    assert [edge["node"] for edge in edges] == [
        {"attachments": [{"code": public.code}], "headcounts": [], "attendances": {"edges": []}}
    ]
    (edge,) = data(callers["worker"], query)["legalEducationEvents"]["edges"]
    assert edge["node"]["headcounts"] == [{"attachments": [{"code": attached.code}]}]
    assert len(edge["node"]["attendances"]["edges"][0]["node"]["attachments"]) == 1


def test_a_mutations_answer_tells_of_attachments_too(
    callers: dict[str, Client], event_open: LegalEducationEvent, by: Actor
) -> None:
    made = actions.attach(event_open, upload("海报.png", scan()), by=by)
    query = """mutation ($id: ID!) { holdLegalEducationEvent(input: {eventId: $id}) {
      event { attachments { code } } errors { code } } }"""
    given = to_base64("LegalEducationEvent", event_open.pk)
    answer = data(callers["worker"], query, id=given)["holdLegalEducationEvent"]
    assert answer == {"event": {"attachments": [{"code": made.code}]}, "errors": []}


LISTED = """{ legalEducationEvents(first: 50) { edges { node { attachments { code url }
  headcounts { attachments { code } } attendances(first: 5) { edges { node { attachments { code } } } } } } } }"""


def test_ten_times_the_events_take_no_more_statements(
    callers: dict[str, Client], event_open: LegalEducationEvent
) -> None:
    def grow(count: int) -> None:
        events = [new_event(event_open.venue, title=f"活动{count}-{n}") for n in range(count)]
        gate.save_many(events, by=SYSTEM)
        gate.move_many(events, "open", by=SYSTEM)
        place = {"community": event_open.community}
        rows: list[Any] = [Attendance(**place, event=event, name="李") for event in events]
        gate.save_many(rows, by=SYSTEM)
        crowds = [
            HeadcountEntry(**place, event=e, kind="crowd", count=9, evidence="照片") for e in events
        ]
        gate.save_many(crowds, by=SYSTEM)
        for record in (*events, *rows, *crowds):
            gate.save(bare(record), by=SYSTEM)

    def taken() -> int:
        with CaptureQueriesContext(connection) as captured:
            edges = data(callers["worker"], LISTED)["legalEducationEvents"]["edges"]
        assert sum(bool(edge["node"]["attachments"]) for edge in edges) == len(edges) - 1
        return len(captured)

    grow(2)
    few = taken()
    grow(18)
    assert taken() == few


def bare(record: Any) -> Attachment:
    """An attachment whose file is a letter."""
    return Attachment(
        community_id=record.community_id,
        target_model=record._meta.label,
        target_id=record.pk,
        stored=default_storage.save(f"{FOLDER}/x", ContentFile(b"x")),
        size=1,
        sha256="0" * 64,
        content_type="image/png",
    )


def test_a_title_is_changed_and_what_was_taken_away_comes_back(
    callers: dict[str, Client], attached: Attachment, headcount: HeadcountEntry
) -> None:
    worker, given = callers["worker"], {"attachmentId": id_of(attached)}
    wanted = "attachment { title revision url }"
    named = carried_out(
        worker,
        "updateAttachment",
        wanted,
        **given,
        title="王先生13900000001",
        expectedRevision=attached.revision,
    )
    assert named["attachment"]["title"] == "王先生139****0001"
    late = carried_out(worker, "updateAttachment", wanted, **given, title="x", expectedRevision=1)
    assert late["errors"] == ["changed_meanwhile"]
    bare_title = carried_out(worker, "updateAttachment", wanted, **given, title=None)
    assert bare_title["attachment"]["title"] == ""
    removed = "query ($id: ID!) { removedAttachments(recordId: $id) { id code } }"
    record = {"id": id_of(headcount)}
    assert data(worker, removed, **record) == {"removedAttachments": []}
    data(worker, REMOVE, id=given["attachmentId"])
    assert len(data(worker, removed, **record)["removedAttachments"]) == 1
    for name in ("steward", "other", "resident", "nobody"):
        client = callers[name]
        assert data(client, removed, **record) == {"removedAttachments": []}, name
        refused = carried_out(client, "restoreAttachment", wanted, **given)
        assert set(refused["errors"]) <= {"not_found", "not_allowed"}, name
        assert refused["errors"], name
    back = carried_out(worker, "restoreAttachment", wanted, **given)
    assert back["errors"] == []
    assert worker.get(back["attachment"]["url"]).status_code == 200
    assert carried_out(worker, "restoreAttachment", wanted, **given)["errors"] == ["not_found"]
