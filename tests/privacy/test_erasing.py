"""Erasing a person: no name or phone is left anywhere, every count is what it was."""

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.core.history import unpack
from backend.core.models import ChangePart, ChangeSet
from backend.core.traces import files_that_mention, stored_files, traces_of
from backend.core.undo import undo
from backend.education import actions as education
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.imports.actions import undo_import
from backend.imports.models import ImportBatch, PlanChunk
from backend.people.models import CommunityRole, Resident, User
from backend.privacy import actions
from backend.privacy.erasing import erase_resident, finish_removals
from backend.privacy.models import Removal, SubjectRequest
from backend.privacy.queries import places_left
from tests.access.thinning import sampled
from tests.conftest import TERM_START, new_event
from tests.privacy.people import FORMER, NAME, PHONE, VALUES, World, everywhere

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(event_open: LegalEducationEvent, venue: Venue) -> World:
    second = gate.save(new_event(venue, code="pf-second", title="反诈课堂"), by=SYSTEM)
    return everywhere(event_open, education.open_event(second, by=SYSTEM))


@pytest.fixture
def by(secretary: User) -> Actor:
    return Actor.of(secretary, "test")


def counts() -> dict[str, Any]:
    """Every figure that is made from rows of people."""
    return {
        "heads": dict(LegalEducationEvent.objects.with_heads().values_list("code", "heads_total")),
        "signed": dict(
            LegalEducationEvent.objects.with_heads().values_list("code", "attendance_count")
        ),
        "residents": Resident.objects.count(),
        "genders": sorted(Resident.objects.values_list("gender", flat=True)),
        "batches": list(
            ImportBatch.objects.order_by("pk").values_list("read", "create", "update", "reject")
        ),
    }


def test_control_the_search_finds_the_person_before(world: World) -> None:
    tables = {trace.column.table for trace in traces_of(VALUES)}
    assert {
        "people_resident",
        "people_user",
        "education_attendance",
        "core_changepart",
        "core_idempotencykey",
        "imports_planchunk",
        "imports_importbatch",
        "django_admin_log",
        "django_session",
        "django_tasks_database_dbtaskresult",
        "messaging_inboxmessage",
        "messaging_delivery",
        "account_emailaddress",
        "socialaccount_socialaccount",
        "accounts_signinphone",
        "axes_accesslog",
    } <= tables
    assert len(files_that_mention(VALUES)) == 2


def test_nothing_is_left_and_every_count_stays(world: World, by: Actor) -> None:
    before = counts()
    erased = erase_resident(world.person, by=by, reason=f"{NAME}本人要求")
    finish_removals()
    assert erased.left == []
    assert traces_of(VALUES) == []
    assert files_that_mention(VALUES) == []
    assert list(stored_files()) == []
    assert counts() == before
    assert erased.counts == {
        "attendance": 1,
        "deliveries": 1,
        "inbox": 1,
        "sign_in_phones": 1,
        "residents": 1,
    }


@pytest.mark.slow
def test_the_request_is_done_and_the_log_names_nobody(world: World, by: Actor) -> None:
    request = actions.ask("erase", world.person, by=by, details=f"删掉{PHONE}")
    actions.carry_out_erasure(request, by=by, reason="本人要求")
    request.refresh_from_db()
    assert (request.status, request.details, request.left) == ("done", "", [])
    assert request.counts["residents"] == 1
    assert ChangeSet.objects.filter(verb="erase resident").count() == 1


@pytest.mark.slow
def test_the_account_is_closed(world: World, by: Actor) -> None:
    erase_resident(world.person, by=by)
    account = User.objects.get(pk=world.account.pk)
    assert (account.is_active, account.username, account.first_name, account.email) == (
        False,
        f"closed-{account.pk}",
        "",
        "",
    )
    assert not account.has_usable_password()
    assert not Resident.objects.filter(user=account).exists()


def test_undoing_the_old_import_does_not_bring_the_person_back(world: World, by: Actor) -> None:
    erase_resident(world.person, by=by)
    undone = undo_import(world.batch, by=SYSTEM)
    assert "forgotten" in {one.reason for one in undone.left}
    assert traces_of(VALUES) == []


@pytest.mark.slow
def test_undoing_a_deletion_does_not_bring_the_person_back(world: World, by: Actor) -> None:
    erase_resident(world.person, by=by)
    for changes in ChangeSet.objects.filter(verb="delete education.Attendance"):
        done = undo(changes, by=SYSTEM)
        assert [code for *_, code in done.left] == ["forgotten"]
    for changes in ChangeSet.objects.filter(verb="erase resident"):
        assert "forgotten" in {code for *_, code in undo(changes, by=SYSTEM).left}
    assert traces_of(VALUES) == []


@pytest.mark.slow
def test_an_open_preview_that_names_the_person_is_given_up(world: World, by: Actor) -> None:
    erase_resident(world.person, by=by)
    world.planned.refresh_from_db()
    assert (world.planned.status, world.planned.read) == ("discarded", 2)
    assert not PlanChunk.objects.exists()


@pytest.mark.slow
def test_a_namesake_keeps_name_and_history(world: World, by: Actor) -> None:
    namesake = gate.save(
        Resident(community=world.community, name=NAME, phone="13600000000"), by=SYSTEM
    )
    erased = erase_resident(world.person, by=by)
    namesake.refresh_from_db()
    assert namesake.name == NAME
    # Who is meant by "…的邻居" nobody can tell any more: staff are told to look.
    assert [(t.column.table, t.column.name) for t in erased.left] == [
        ("education_attendance", "remark")
    ]
    parts = ChangePart.objects.filter(model="people.Resident")
    told = [c.after for p in parts for c in unpack(p) if c.pk == namesake.pk and c.after]
    assert [values["name"] for values in told] == [NAME]
    assert {t.column.table for t in traces_of(VALUES)} == {
        "people_resident",
        "core_changepart",
        "education_attendance",
    }


@pytest.mark.slow
def test_what_cannot_be_told_apart_is_said_and_not_changed(world: World, by: Actor) -> None:
    row = gate.save(
        Attendance(community=world.community, event=world.event, name=FORMER), by=SYSTEM
    )
    erased = erase_resident(world.person, by=by)
    assert {(t.column.table, t.key) for t in erased.left if t.column.name == "name"} == {
        ("education_attendance", row.pk)
    }
    row.refresh_from_db()
    assert row.name == FORMER


@pytest.mark.slow
def test_a_file_that_no_import_names_is_said(world: World, by: Actor) -> None:
    name = default_storage.save("notes/letter.txt", ContentFile(f"{PHONE}".encode()))
    default_storage.save("notes/other.txt", ContentFile(b"nobody"))
    erased = erase_resident(world.person, by=by)
    assert [(t.column.table, t.key) for t in erased.left] == [("files", name)]
    assert [place["what"] for place in places_left(erased.request)] == ["上传的文件"]


@pytest.mark.slow
def test_an_archived_event_does_not_hold_a_name_back(world: World, by: Actor) -> None:
    education.archive_event(education.hold_event(world.event, by=SYSTEM), by=SYSTEM)
    before = counts()
    assert erase_resident(world.person, by=by).left == []
    assert counts() == before


@pytest.mark.slow
def test_who_serves_the_community_is_not_erased_while_they_do(world: World, by: Actor) -> None:
    gate.save(
        CommunityRole(
            user=world.account, role="worker", community=world.community, valid_from=TERM_START
        ),
        by=SYSTEM,
    )
    found = traces_of(VALUES)
    with pytest.raises(RuleViolation) as refused:
        erase_resident(world.person, by=by)
    assert refused.value.code == "account_has_office"
    assert traces_of(VALUES) == found


@pytest.mark.slow
def test_nobody_is_erased_twice(world: World, by: Actor) -> None:
    erase_resident(world.person, by=by)
    with pytest.raises(RuleViolation) as refused:
        erase_resident(world.person, by=by)
    assert refused.value.code == "already_erased"
    assert SubjectRequest.objects.count() == 1


@pytest.mark.parametrize(
    "who", sampled(["worker", "other_worker", "resident_user", "admin_user"], 9, pytest.mark.slow)
)
def test_only_the_secretary_erases(world: World, who: str, request: pytest.FixtureRequest) -> None:
    found = traces_of(VALUES)
    with pytest.raises(RuleViolation) as refused:
        erase_resident(world.person, by=Actor.of(request.getfixturevalue(who), "test"))
    assert refused.value.code == "not_allowed"
    assert traces_of(VALUES) == found


@pytest.mark.slow
def test_files_are_deleted_by_the_routine_once_and_may_be_gone(world: World, by: Actor) -> None:
    erase_resident(world.person, by=by)
    names = [name for name in Removal.objects.values_list("name", flat=True) if name]
    assert len(names) == 2
    default_storage.delete(names[0])  # As if killed between the file and the crossing off.
    finish_removals()
    assert list(stored_files()) == []
    assert not Removal.objects.exclude(name="").exists()
    finish_removals()
