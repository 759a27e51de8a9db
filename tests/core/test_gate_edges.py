"""What a first look at the gate missed: each was a way past it once."""

import datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.utils import timezone

from backend.core import gate, undo
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.facts import Facts
from backend.core.models import ChangeSet
from backend.education import actions
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent, Venue
from backend.people.models import Organization, Resident, User
from backend.places.models import Community
from tests.conftest import new_event


def resident(community: Community, name: str = "甲", **values: Any) -> Resident:
    return gate.save(Resident(community=community, name=name, **values), by=SYSTEM)


def refused(code: str) -> Any:
    return pytest.raises(RuleViolation, match=f"^{code}:")


def test_what_is_used_by_a_relation_without_a_name_back_stays(venue: Venue) -> None:
    body = Organization(
        community=venue.community, name="新河社区居委会", kind="residents_committee"
    )
    gate.save(body, by=SYSTEM)
    gate.save(new_event(venue, organizer=body), by=SYSTEM)
    with refused("in_use"):
        gate.delete(body, by=SYSTEM)
    with refused("in_use"):
        gate.delete(venue.community, by=SYSTEM)


def blind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules no longer see what is taken, as when somebody writes between look and write."""
    monkeypatch.setattr(Facts, "check_unique", lambda self, record: None)
    monkeypatch.setattr(Facts, "admit", lambda self, record: None)


def test_the_databases_own_refusal_bears_the_constraints_code(
    venue: Venue, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate.save(new_event(venue, code="pf-1"), by=SYSTEM)
    blind(monkeypatch)
    late = new_event(venue, code="pf-1")
    from django.db import transaction

    with refused("code_taken"), transaction.atomic():
        gate.save(late, by=SYSTEM)
    late.code = "pf-2"
    assert gate.save(late, by=SYSTEM).pk, "a second try begins where the first did"


def test_one_account_belongs_to_one_resident(community: Community, resident_user: User) -> None:
    resident(community, "甲", user=resident_user)
    with refused("user_taken"):
        resident(community, "乙", user=resident_user)


def test_one_row_stands_once_in_a_set(community: Community, venue: Venue) -> None:
    first = resident(community)
    second = Resident.objects.get(pk=first.pk)
    first.name, second.remark = "乙", "备注"
    with pytest.raises(ManyViolations) as caught:
        gate.save_many([first, second], by=SYSTEM)
    assert {i: v.code for i, v in caught.value.by_index.items()} == {1: "changed_meanwhile"}
    event = gate.save(new_event(venue), by=SYSTEM)
    with pytest.raises(ManyViolations):
        gate.move_many([event, event], "open", by=SYSTEM)


def test_one_may_take_the_key_that_another_gives_up(community: Community) -> None:
    phone = "13700000001"
    first, second = (resident(community, name, phone=phone) for name in ("甲", "乙"))
    first.name, second.name = "丙", "甲"
    new = Resident(community=community, name="乙", phone=phone)
    changes = gate.save_many([first, second, new], by=SYSTEM)
    assert changes is not None
    assert set(Resident.objects.values_list("name", flat=True)) == {"甲", "乙", "丙"}
    assert undo.undo(changes, by=SYSTEM).left == []
    assert [r.name for r in Resident.objects.order_by("pk")] == ["甲", "乙"]


@pytest.mark.parametrize("text", ["甲\x00乙", "甲\ud800"])
def test_text_that_no_database_keeps_is_refused(community: Community, text: str) -> None:
    with refused("invalid_value"):
        resident(community, text)


def test_blank_names_and_numbers_out_of_range_are_refused(
    community: Community, venue: Venue
) -> None:
    with refused("required"):
        resident(community, " 　")
    with refused("invalid_value"):
        gate.save(new_event(venue, capacity=2**40), by=SYSTEM)


def test_nothing_changed_leaves_no_change_set(community: Community) -> None:
    row = resident(community)
    before = ChangeSet.objects.count()
    assert gate.save_many([row], by=SYSTEM) is None
    assert ChangeSet.objects.count() == before


def test_a_stale_copy_is_not_deleted(community: Community) -> None:
    row = resident(community)
    stale = Resident.objects.get(pk=row.pk)
    row.name = "乙"
    gate.save(row, by=SYSTEM)
    with refused("changed_meanwhile"):
        gate.delete(stale, by=SYSTEM)


def test_a_record_stays_in_its_community(
    event_open: LegalEducationEvent, other_community: Community
) -> None:
    event_open.community = other_community
    with refused("community_fixed"):
        gate.save(event_open, by=SYSTEM)


# --- undo ----------------------------------------------------------------------------------------


def test_a_row_touched_twice_goes_back_to_where_it_began(community: Community) -> None:
    row = resident(community, "甲")
    with gate.change_set("two steps", by=SYSTEM, community_id=community.pk) as changes:
        for name in ("乙", "丙"):
            row.name = name
            gate.save(row, by=SYSTEM, within=changes)
    done = undo.undo(changes, by=SYSTEM)
    assert done.left == []
    assert Resident.objects.get(pk=row.pk).name == "甲"


def test_made_and_changed_in_one_set_is_gone_after_undo(community: Community) -> None:
    with gate.change_set("two steps", by=SYSTEM, community_id=community.pk) as changes:
        row = Resident(community=community, name="甲")
        gate.save(row, by=SYSTEM, within=changes)
        row.name = "乙"
        gate.save(row, by=SYSTEM, within=changes)
    assert undo.undo(changes, by=SYSTEM).left == []
    assert not Resident.objects.exists()


def test_a_deleted_record_comes_back_in_its_state(event_open: LegalEducationEvent) -> None:
    gate.delete(event_open, by=SYSTEM)
    done = undo.undo(ChangeSet.objects.latest("pk"), by=SYSTEM)
    assert done.left == []
    assert LegalEducationEvent.objects.get(code="pf-open").status == "open"


def test_who_may_not_does_not_use_an_undo_up(community: Community, other_worker: User) -> None:
    row = resident(community)
    changes = ChangeSet.objects.latest("pk")
    row.name = "乙"
    gate.save(row, by=SYSTEM)
    with refused("not_allowed"):
        undo.undo(changes, by=Actor.of(other_worker, "test"))
    assert not ChangeSet.objects.filter(undo_of=changes).exists()


def test_a_mask_in_the_history_is_a_value(community: Community) -> None:
    row = resident(community, "甲*")
    row.name = "甲乙"
    changes = gate.save_many([row], by=SYSTEM)
    assert changes is not None
    undo.undo(changes, by=SYSTEM)
    assert Resident.objects.get(pk=row.pk).name == "甲*"


# --- what is past stays past ---------------------------------------------------------------------


def test_a_held_event_does_not_move_into_the_future(event_open: LegalEducationEvent) -> None:
    later = timezone.now() + datetime.timedelta(days=30)
    with refused("occurred_in_future"):
        actions.hold_event(event_open, by=SYSTEM, occurred_at=later)
    held = actions.hold_event(event_open, by=SYSTEM)
    held.starts_at, held.ends_at = later, later + datetime.timedelta(hours=1)
    with refused("event_not_started"):
        gate.save(held, by=SYSTEM)


def test_the_list_of_an_archived_event_stays(event_open: LegalEducationEvent) -> None:
    row = gate.save(
        Attendance(community=event_open.community, event=event_open, name="甲"), by=SYSTEM
    )
    actions.archive_event(actions.hold_event(event_open, by=SYSTEM), by=SYSTEM)
    with refused("event_not_open"):
        gate.delete(row, by=SYSTEM)


def test_an_event_with_a_crowd_is_not_cancelled(event_open: LegalEducationEvent) -> None:
    crowd = HeadcountEntry(
        community=event_open.community, event=event_open, kind="crowd", count=100, evidence="照片"
    )
    gate.save(crowd, by=SYSTEM)
    with refused("event_has_attendance"):
        actions.cancel_event(event_open, by=SYSTEM, reason="下雨")


def test_a_sign_in_stays_at_its_event(event_open: LegalEducationEvent, venue: Venue) -> None:
    community = event_open.community
    row = gate.save(Attendance(community=community, event=event_open, name="甲"), by=SYSTEM)
    row.event = actions.open_event(gate.save(new_event(venue), by=SYSTEM), by=SYSTEM)
    with refused("parent_fixed"):
        gate.save(row, by=SYSTEM)


def test_what_hangs_on_a_record_must_still_fit(
    event_open: LegalEducationEvent, venue: Venue
) -> None:
    community = event_open.community
    crowd = HeadcountEntry(
        community=community, event=event_open, kind="crowd", count=9, evidence="照片"
    )
    gate.save(crowd, by=SYSTEM)
    event_open.format = "online"
    with refused("headcount_unsuitable"):
        gate.save(event_open, by=SYSTEM)
    venue.kind = "cloud_classroom"
    with refused("venue_unsuitable"):
        gate.save(venue, by=SYSTEM)


def test_the_control_an_integrity_error_of_another_kind_is_not_hidden(community: Community) -> None:
    from django.db import transaction

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("INSERT INTO people_resident (id) VALUES (1)")
