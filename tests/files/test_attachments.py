"""Putting files on records, taking them away, bringing them back."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone

from backend.core import gate, undo
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.files import actions, rules, storing
from backend.files.examining import examine
from backend.files.models import FOLDER, Attachment
from backend.files.queries import attachment_count, attachments_of, attachments_on
from backend.files.targets import targets
from backend.people.models import User
from tests.conftest import user_with_role
from tests.files.making import pdf, photo, scan, upload


def on_disk() -> set[str]:
    """The stored files, by the name that a row would give them."""
    folder = Path(settings.MEDIA_ROOT) / FOLDER
    return {f"{FOLDER}/{path.name}" for path in folder.iterdir()} if folder.exists() else set()


def named() -> set[str]:
    """The files that rows name."""
    return {name for attachment in Attachment.objects.all() for name in attachment.files}


def code_of(do: Any) -> str:
    with pytest.raises(RuleViolation) as refused:
        do()
    return refused.value.code


def test_a_photo_hangs_on_its_record_under_a_name_that_says_nothing(
    attached: Attachment, headcount: HeadcountEntry, worker: User
) -> None:
    assert attached.record() == headcount
    assert attached.community == headcount.community
    assert (attached.kind, attached.uploaded_by) == ("photo", worker)
    assert "现场" not in attached.stored
    assert default_storage.size(attached.stored) == attached.size
    assert on_disk() == named() == {attached.stored, attached.thumbnail}
    assert list(attachments_on(headcount, worker)) == [attached]


def test_a_title_and_a_name_lose_phones_and_identity_numbers(
    headcount: HeadcountEntry, by: Actor
) -> None:
    made = actions.attach(
        headcount,
        upload("张三13812345678.jpg", photo()),
        by=by,
        title="身份证 41010519580312002X",
    )
    made.refresh_from_db()
    assert made.original_name == "张三138****5678.jpg"
    assert made.title == "身份证 ＊＊＊"


def test_the_same_file_twice_on_a_record_is_refused_and_leaves_nothing(
    attached: Attachment, headcount: HeadcountEntry, attendance: Attendance, by: Actor
) -> None:
    before = on_disk()
    again = upload("另一个名字.jpg", photo())
    assert code_of(lambda: actions.attach(headcount, again, by=by)) == "attachment_twice"
    assert (on_disk(), Attachment.objects.count()) == (before, 1)
    # On another record it is another attachment, and once removed it may come again.
    actions.attach(attendance, upload("a.jpg", photo()), by=by)
    actions.remove(attached, by=by)
    actions.attach(headcount, upload("a.jpg", photo()), by=by)
    assert code_of(lambda: actions.restore(attached, by=by)) == "attachment_twice"


def test_a_record_holds_so_many_and_no_more(
    headcount: HeadcountEntry, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MAX_PER_RECORD", 2)
    first, _ = (
        actions.attach(headcount, upload("a.png", scan(text=str(n))), by=by) for n in range(2)
    )
    before = on_disk()
    third = upload("c.png", scan(text="c"))
    assert code_of(lambda: actions.attach(headcount, third, by=by)) == "attachments_full"
    assert on_disk() == before
    actions.remove(first, by=by)
    actions.attach(headcount, upload("c.png", scan(text="c")), by=by)
    assert code_of(lambda: actions.restore(first, by=by)) == "attachments_full"


def test_a_set_is_judged_as_one_after_the_other(
    headcount: HeadcountEntry, by: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MAX_PER_RECORD", 1)
    made = actions.attach(headcount, upload("a.png", scan()), by=by)
    twins = []
    for number in range(2):
        twin = Attachment.objects.get(pk=made.pk)
        twin.pk = twin.id = None
        twin.code, twin.sha256 = "", f"{number:064d}"
        twin.stored = storing._store(b"x")
        twin._state.adding = True
        twins.append(twin)
    actions.erase_attachments([made], by=SYSTEM)
    for twin in twins:
        twin.thumbnail = ""
    assert {v.code for v in gate.check_many(twins).values()} == {"attachments_full"}
    assert list(gate.check_many(twins)) == [1]


def test_a_transaction_that_fails_leaves_no_file(headcount: HeadcountEntry, by: Actor) -> None:
    def fail() -> None:
        with storing.staged(examine(upload("a.jpg", photo()))) as files, transaction.atomic():
            actions.attach_staged(headcount, files, by=by, name="a.jpg")
            assert len(on_disk()) == 2
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (on_disk(), Attachment.objects.count()) == (set(), 0)


def test_a_file_that_nobody_took_goes_again() -> None:
    with storing.staged(examine(upload("a.jpg", photo()))):
        assert len(on_disk()) == 2
    assert on_disk() == set()


def test_no_row_can_name_a_file_that_is_not_there(attached: Attachment, by: Actor) -> None:
    """Not by any door: here by taking back the deletion of a row whose file is gone."""
    with transaction.atomic():
        gate.delete(attached, by=SYSTEM)
        storing.drop_files(attached.files)
        changes = ChangeSet.objects.order_by("-pk")[0]
        done = undo.undo(changes, by=SYSTEM)
    assert [why for *_, why in done.left] == ["attachment_file_missing"]
    assert Attachment.objects.count() == 0


def test_a_record_that_is_not_there_takes_no_file(headcount: HeadcountEntry, by: Actor) -> None:
    gone = HeadcountEntry.objects.get(pk=headcount.pk)
    gate.delete(headcount, by=SYSTEM)
    assert code_of(lambda: actions.attach(gone, upload("a.jpg", photo()), by=by)) == "not_found"
    assert (on_disk(), Attachment.objects.count()) == (set(), 0)


def test_an_attachment_cannot_lie_about_its_community(
    attached: Attachment, other_community: Any
) -> None:
    foreign = Attachment.objects.get(pk=attached.pk)
    foreign.pk = foreign.id = None
    foreign.code, foreign.sha256, foreign.community = "", "0" * 64, other_community
    foreign.stored, foreign.thumbnail = storing._store(b"x"), ""
    foreign._state.adding = True
    assert code_of(lambda: gate.save(foreign, by=SYSTEM)) == "not_found"


def test_registers_with_a_form_take_files_and_others_do_not() -> None:
    labels = set(targets())
    assert {
        "people.Resident",
        "education.LegalEducationEvent",
        "education.HeadcountEntry",
    } <= labels
    assert not {"imports.ImportBatch", "files.Attachment", "people.CommunityRole"} & labels


# --- away and back -------------------------------------------------------------------------------


def test_removed_it_is_seen_by_nobody_and_can_come_back(
    attached: Attachment, headcount: HeadcountEntry, by: Actor, worker: User
) -> None:
    actions.remove(attached, by=by)
    assert not Attachment.objects.visible_to(worker).exists()
    assert default_storage.exists(attached.stored)
    actions.restore(attached, by=by)
    assert list(attachments_on(headcount, worker)) == [attached]


def test_a_steward_takes_away_their_own_within_a_day(
    attached: Attachment, community: Any, callers: Any
) -> None:
    steward = Actor.of(User.objects.get(username="steward"), "test")
    assert code_of(lambda: actions.remove(attached, by=steward)) == "not_allowed"
    own = Attachment.objects.get(pk=attached.pk)
    own.uploaded_by = steward.user
    own = gate.save(own, by=SYSTEM)
    own.created_at = timezone.now() - timedelta(hours=25)
    assert code_of(lambda: actions.remove(own, by=steward)) == "not_allowed"
    own.created_at = timezone.now() - timedelta(hours=23)
    actions.remove(own, by=steward)
    attached.refresh_from_db()
    assert attached.removed_at is not None


def test_who_may_not_change_the_record_may_not_put_a_file_on_it(
    headcount: HeadcountEntry, event_open: LegalEducationEvent, callers: Any
) -> None:
    for name in ("office", "resident", "dongfang-worker"):
        actor = Actor.of(User.objects.get(username=name), "test")
        for record in (headcount, event_open):
            given = upload("a.jpg", photo(50, 50))
            assert code_of(lambda r=record, a=actor, g=given: actions.attach(r, g, by=a)) == (
                "not_allowed"
            )
    assert (on_disk(), Attachment.objects.count()) == (set(), 0)


def test_a_steward_of_one_estate_brings_evidence_and_changes_nothing_else(
    headcount: HeadcountEntry,
    attendance: Attendance,
    event_open: LegalEducationEvent,
    other_community: Any,
    callers: Any,
) -> None:
    """Who stands on the stairs: for a head-count yes, for an event's own page or others' rows no."""
    steward = Actor.of(User.objects.get(username="steward"), "test")
    made = actions.attach(headcount, upload("楼道.jpg", photo()), by=steward)
    assert made.uploaded_by == steward.user
    changes = ChangeSet.objects.order_by("-pk")[0]
    assert (changes.actor, changes.actor_name, changes.door) == (steward.user, "steward", "test")
    # A sign-in of nobody's estate is not theirs to see; the event is not theirs to change.
    for record in (attendance, event_open):
        given = upload("a.jpg", photo(50, 50))
        assert code_of(lambda r=record, g=given: actions.attach(r, g, by=steward)) == "not_allowed"
    assert code_of(lambda: gate.save(headcount, by=steward)) == "not_allowed"
    stranger = Actor.of(
        user_with_role("other-steward", "steward", community=other_community), "test"
    )
    given = upload("b.jpg", photo(50, 50))
    assert code_of(lambda: actions.attach(headcount, given, by=stranger)) == "not_allowed"
    actions.remove(made, by=steward)
    assert Attachment.objects.get().removed_at is not None


def test_erasing_a_persons_files_leaves_neither_row_nor_bytes(
    attendance: Attendance,
    attached: Attachment,
    by: Actor,
    django_capture_on_commit_callbacks: Any,
) -> None:
    one = actions.attach(attendance, upload("a.jpg", photo()), by=by)
    two = actions.attach(attendance, upload("b.pdf", pdf()), by=by)
    actions.remove(two, by=by)
    wanted = attachments_of("education.Attendance", [attendance.pk])
    assert set(wanted) == {one, two}
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.erase_attachments(list(wanted), by=SYSTEM, reason="应本人要求") == 2
        # Not before it is certain: a transaction that fails would leave rows without files.
        assert default_storage.exists(one.stored)
    assert on_disk() == named() == set(attached.files)


def test_a_list_counts_its_files_in_one_statement(
    attached: Attachment, headcount: HeadcountEntry, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(1):
        (entry,) = HeadcountEntry.objects.annotate(n=attachment_count(HeadcountEntry))
    assert entry.n == 1
