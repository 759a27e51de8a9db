"""The log: which records a line speaks of, and who read what is held of one person."""

from pathlib import Path

import pytest
from django.core.files import File
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate, holdings
from backend.core.access import SYSTEM, Actor
from backend.core.disclosures import (
    Reading,
    keys_in_words,
    keys_of,
    log_export,
    pack_keys,
    reads_about,
    reads_of,
)
from backend.core.errors import RuleViolation
from backend.core.models import Disclosure
from backend.core.reveals import open_reveal
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.actions import Upload, confirm_import, plan_batch, receive
from backend.imports.sheet import sheet_of
from backend.people.models import Resident, User
from backend.places.models import Community

WHY = "电话通知活动改期"
CLEAN = Path(__file__).resolve().parents[2] / "fixtures" / "workbooks" / "01_clean.xlsx"


@given(keys=st.sets(st.integers(1, 10**9), max_size=60))
def test_a_line_gives_back_the_keys_it_was_given(keys: set[int]) -> None:
    known = sorted(keys)
    row = Disclosure(
        first_pk=known[0] if known else None,
        last_pk=known[-1] if known else None,
        keys=pack_keys(known),
    )
    assert set(keys_of(row)) == keys


def test_neighbours_need_no_list_and_many_keys_little_room() -> None:
    assert pack_keys(range(5, 5000)) == b""
    assert len(pack_keys(sorted({n * n for n in range(5_000)}))) < 25_000
    every_other = Disclosure(first_pk=2, last_pk=12, keys=pack_keys([2, 3, 4, 8, 12]))
    assert keys_in_words(every_other) == "2–4, 8, 12"
    assert keys_in_words(every_other, most=2) == "2–4, 8…"


@pytest.fixture
def people(community: Community) -> list[Resident]:
    rows = [Resident(community=community, name=f"周若{c}", phone="") for c in "甲乙丙丁"]
    gate.save_many(rows, by=SYSTEM)
    return list(Resident.objects.order_by("pk"))


def read(user: User, records: list[Resident]) -> None:
    reading = Reading(user, "test")
    for record in records:
        assert reading.shows(record)
        reading.note(record)
    reading.log()


def test_who_read_my_data_is_answered_by_record(
    worker: User, secretary: User, community: Community, people: list[Resident]
) -> None:
    for user in (worker, secretary):
        by = Actor.of(user, "test")
        open_reveal("people", community_id=community.pk, reason=WHY, by=by)
    read(worker, [people[0], people[2]])
    read(secretary, people)
    assert [row.actor_name for row in reads_of("people.Resident", people[0].pk)] == [
        "secretary",
        "worker",
    ]
    # Between the first and the last key, and yet not among them.
    assert [row.actor_name for row in reads_of("people.Resident", people[1].pk)] == ["secretary"]
    assert reads_of("education.Attendance", people[0].pk) == []


def test_all_that_is_held_of_a_person_is_looked_at(
    worker: User,
    community: Community,
    people: list[Resident],
    event_open: LegalEducationEvent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    row = Attendance(community=community, event=event_open, resident=people[1], name="周若乙")
    gate.save(row, by=SYSTEM)
    monkeypatch.setattr(holdings, "_HOLDINGS", {})
    for code, model, path in (("roster", Resident, "pk"), ("signed", Attendance, "resident")):
        holdings.hold(holdings.Holding(code, model, path, ("name",), lambda row: {}))
    by = Actor.of(worker, "test")
    log_export(Attendance, {community.pk: [row.pk]}, by=by, reason="", whole=False, details="csv")
    assert [line.model for line in reads_about(people[1])] == ["education.Attendance"]
    assert reads_about(people[0]) == []


def test_a_record_without_an_open_task_is_not_noted(worker: User, people: list[Resident]) -> None:
    reading = Reading(worker, "test")
    assert not reading.shows(people[0])
    with pytest.raises(LookupError):
        reading.note(people[0])


def test_opening_again_ends_the_task_before(
    worker: User, community: Community, people: list[Resident]
) -> None:
    by = Actor.of(worker, "test")
    first = open_reveal("people", community_id=community.pk, reason=WHY, by=by)
    second = open_reveal("people", community_id=community.pk, reason="上门走访前核对", by=by)
    first.refresh_from_db()
    assert first.closed_at is not None
    assert Reading(worker, "test").tasks("people") == {community.pk: second}


def test_nobody_without_a_name_opens_one(community: Community) -> None:
    with pytest.raises(RuleViolation) as refused:
        open_reveal("people", community_id=community.pk, reason=WHY, by=SYSTEM)
    assert refused.value.code == "not_allowed"


def test_an_import_is_on_record_once_it_is_carried_out(
    worker: User, event_open: LegalEducationEvent
) -> None:
    by = Actor.of(worker, "test")
    with CLEAN.open("rb") as file:
        upload = Upload(File(file, name=CLEAN.name), CLEAN.name, CLEAN.stat().st_size)
        batch = receive(
            upload,
            sheet_of("attendance"),
            community=event_open.community,
            by=by,
            target_code=event_open.code,
        )
    batch = plan_batch(batch, by=by)
    assert not Disclosure.objects.exists()
    batch = confirm_import(batch, by=by)
    line = Disclosure.objects.get()
    assert (line.kind, line.model, line.actor_name) == ("import", "education.Attendance", "worker")
    assert line.rows == batch.create + batch.update > 0
    assert batch.code in line.reason
    assert line.community == event_open.community
    assert reads_of("education.Attendance", Attendance.objects.first().pk) == []  # type: ignore[union-attr]
