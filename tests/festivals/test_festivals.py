"""Festivals: once a month, announced, held, counted one way, copied, and told to whom they concern."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.festivals import actions, hands
from backend.festivals.copying import copy_festival, day_notes
from backend.festivals.models import FestivalHeads, FestivalSupply, NeighborFestival, Stall
from backend.festivals.queries import kinds_by_month
from backend.messaging.actions import Recipient
from backend.messaging.models import InboxMessage
from backend.people.models import User
from backend.places.models import Community, HolidayOverride
from backend.services.actions import move_item
from tests.conftest import user_with_role
from tests.festivals.fairground import (
    DAY,
    heads,
    held,
    new_festival,
    new_items,
    new_stalls,
    supply,
)
from tests.stations.shelves import new_body

pytestmark = pytest.mark.django_db


def refused(do: Any) -> str:
    with pytest.raises(RuleViolation) as caught:
        do()
    return caught.value.code


def told(template: str) -> list[str]:
    rows = InboxMessage.objects.filter(template=template).order_by("pk")
    return [message.user.username for message in rows.select_related("user")]


def day(moment: str) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.fromisoformat(moment))


def on(moment: str) -> dict[str, Any]:
    return {"starts_at": day(moment), "ends_at": day(moment) + datetime.timedelta(hours=3)}


# --- the festival --------------------------------------------------------------------------------


def test_one_a_month_unless_staff_say_otherwise(community: Community) -> None:
    first = new_festival(community, "a", **on("2025-08-09 09:00"))
    assert first.month == datetime.date(2025, 8, 1)
    again = refused(lambda: new_festival(community, "b", **on("2025-08-23 09:00")))
    assert again == "festival_month_taken"
    new_festival(community, "c", extra=True, **on("2025-08-23 09:00"))
    actions.cancel_festival(first, by=SYSTEM, reason="下雨")
    new_festival(community, "d", **on("2025-08-30 09:00"))


def test_its_texts_are_publishable(community: Community) -> None:
    said = refused(lambda: new_festival(community, summary="联系 13900000001"))
    assert said == "text_has_personal_data"


def test_it_is_announced_with_stalls_held_once_begun_and_closed_once_counted(
    community: Community,
) -> None:
    festival = new_festival(community)
    assert refused(lambda: actions.announce(festival, by=SYSTEM)) == "festival_without_stalls"
    new_stalls(festival, new_items(community, 1))
    announced = actions.announce(festival, by=SYSTEM)
    assert refused(lambda: actions.hold_festival(announced, by=SYSTEM)) == "festival_not_started"
    assert NeighborFestival.objects.get().status == "announced"


def test_what_was_closed_is_opened_with_a_reason_to_be_corrected(community: Community) -> None:
    festival = held(community)
    assert refused(lambda: actions.close_festival(festival, by=SYSTEM)) == "festival_without_heads"
    counted = heads(festival, 120)
    closed = actions.close_festival(festival, by=SYSTEM)
    counted.count = 130
    assert refused(lambda: gate.save(counted, by=SYSTEM)) == "festival_closed"
    item = Stall.objects.filter(festival=festival)[0].item
    assert refused(lambda: new_stalls(closed, [item])) == "festival_closed"
    actions.reopen_festival(closed, by=SYSTEM, reason="票根漏数")
    counted = FestivalHeads.objects.get()
    counted.count = 130
    assert refused(lambda: gate.save(counted, by=SYSTEM)) == "correction_unexplained"
    counted.correction = "票根漏数十张"
    gate.save(counted, by=SYSTEM)
    assert actions.heads_of(festival.pk) == 130


# --- stalls, heads, supplies ---------------------------------------------------------------------


def test_stalls_are_numbered_of_a_kind_and_counted_by_kind(community: Community) -> None:
    festival = held(community, 3)
    one, two, three = Stall.objects.filter(festival=festival).order_by("number")
    assert [stall.number for stall in (one, two, three)] == [1, 2, 3]
    assert one.category_id == one.item.category_id
    two.number = 1
    assert refused(lambda: gate.save(two, by=SYSTEM)) == "stall_number_taken"
    bare = Stall(community=community, festival=festival, number=9, name="没有种类")
    assert refused(lambda: gate.save(bare, by=SYSTEM)) == "stall_kind_missing"
    # A second one of the same kind is no second kind, and one that stayed away is none.
    new_stalls(festival, [one.item])
    three.absent = True
    gate.save(three, by=SYSTEM)
    row = NeighborFestival.objects.with_counts().get(pk=festival.pk)
    assert (row.stall_count, row.kind_count) == (3, 2)
    month = festival.month
    assert kinds_by_month(community.pk, month, month) == {month: 2}
    assert kinds_by_month(community.pk, month - 90 * DAY, month - 40 * DAY) == {}


def test_heads_are_counted_by_stall_or_as_a_whole(community: Community) -> None:
    festival = held(community)
    one, two = Stall.objects.filter(festival=festival).order_by("number")
    heads(festival, 40, one)
    assert refused(lambda: heads(festival, 90)) == "heads_counted_twice"
    assert refused(lambda: heads(festival, 5, one)) == "heads_taken"
    heads(festival, 30, two)
    assert NeighborFestival.objects.with_counts().get().heads_total == 70
    one.absent = True
    assert refused(lambda: gate.save(one, by=SYSTEM)) == "absent_stall_counted"
    gate.delete_many(list(FestivalHeads.objects.all()), by=SYSTEM)
    heads(festival, 90)
    assert refused(lambda: heads(festival, 30, two)) == "heads_counted_twice"


def test_a_set_of_both_is_judged_row_by_row(community: Community) -> None:
    festival = held(community)
    stall = Stall.objects.filter(festival=festival).first()
    given = {"community": community, "festival": festival, "count": 5, "evidence": "照片"}
    rows = [FestivalHeads(**given), FestivalHeads(**given, stall=stall)]
    with pytest.raises(ManyViolations) as caught:
        gate.save_many(rows, by=SYSTEM)
    assert {i: v.code for i, v in caught.value.by_index.items()} == {1: "heads_counted_twice"}
    assert not FestivalHeads.objects.exists()


def test_heads_wait_until_it_was_held_and_belong_to_its_own_stalls(community: Community) -> None:
    festival = new_festival(community)
    assert refused(lambda: heads(festival, 10)) == "heads_too_early"
    past = held(community, code="past", extra=True)
    (elsewhere,) = new_stalls(festival, [past.stalls.first().item])
    assert refused(lambda: heads(past, 10, elsewhere)) == "stall_elsewhere"


def test_supplies_are_never_used_beyond_what_was_brought(community: Community) -> None:
    row = supply(new_festival(community), brought=8)
    row.used = 9
    assert refused(lambda: gate.save(row, by=SYSTEM)) == "supply_overused"
    row.used = 8
    gate.save(row, by=SYSTEM)


# --- copying -------------------------------------------------------------------------------------


def test_a_plan_is_copied_to_the_same_weekday_of_the_next_month(community: Community) -> None:
    source = new_festival(community, title="2025年8月红色邻里节", **on("2025-08-09 09:30"))
    items = new_items(community, 3)
    new_stalls(source, items, planned_helpers=4)
    source = actions.hold_festival(actions.announce(source, by=SYSTEM), by=SYSTEM)
    supply(source, planned=10, brought=10, used=9)
    heads(source, 200)
    move_item(items[0], "pause", by=SYSTEM, reason="师傅请假")
    copied = copy_festival(source, by=SYSTEM)
    made = copied.festival
    assert (made.title, made.status) == ("2025年9月红色邻里节", "planned")
    assert timezone.localtime(made.starts_at) == day("2025-09-13 09:30")
    assert made.ends_at - made.starts_at == source.ends_at - source.starts_at
    assert made.copied_from == source
    rows = Stall.objects.filter(festival=made).values_list("number", "item", "planned_helpers")
    assert list(rows) == [(at, item.pk, 4) for at, item in enumerate(items, start=1)]
    (line,) = FestivalSupply.objects.filter(festival=made)
    assert (line.planned, line.brought, line.used) == (10, None, None)
    assert not FestivalHeads.objects.filter(festival=made).exists()
    assert any("暂停" in note for note in copied.notes)
    assert refused(lambda: copy_festival(source, by=SYSTEM)) == "festival_month_taken"
    august = datetime.date(2025, 8, 31)
    assert refused(lambda: copy_festival(source, by=SYSTEM, month=august)) == "copy_goes_back"


def test_a_holiday_is_noted_and_a_body_that_has_ended_is_left_out(community: Community) -> None:
    body = new_body(community)
    source = new_festival(community, **on("2025-09-06 09:00"))
    new_stalls(source, new_items(community, 1), provider=body)
    supply(source, bringer=body)
    body.active_until = datetime.date(2025, 9, 30)
    gate.save(body, by=SYSTEM)
    # The first Saturday of October 2025 lies in the National Day holidays.
    copied = copy_festival(source, by=SYSTEM)
    assert copied.festival.day == datetime.date(2025, 10, 4)
    assert any("节假日" in note for note in copied.notes)
    assert any(body.name in note for note in copied.notes)
    assert copied.festival.stalls.get().provider is None
    assert copied.festival.supplies.get().bringer is None
    override = HolidayOverride(
        community=community, day=copied.festival.day, works=True, note="照常"
    )
    gate.save(override, by=SYSTEM)
    assert day_notes(copied.festival) == []


# --- who is told, and who may --------------------------------------------------------------------


@pytest.fixture
def contact(community: Community) -> User:
    return user_with_role("contact", "partner", community=community)


def test_who_runs_a_stall_is_told_of_it_of_changes_and_of_the_end(
    community: Community, contact: User, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hands, "_CONCERNED", [lambda festival: [Recipient(user=worker)]])
    items = new_items(community, 2)
    festival = new_festival(community)
    new_stalls(festival, items[:1], provider=new_body(community, contact))
    festival.place = "社区礼堂"
    festival = actions.save_festival(festival, by=SYSTEM)
    assert not InboxMessage.objects.exists(), "nobody has been asked to come yet"
    festival = actions.announce(festival, by=SYSTEM)
    assert told("festival_stalls") == ["contact"]
    (more,) = new_stalls(festival, items[1:], provider=festival.stalls.get().provider)
    assert told("festival_stalls") == ["contact"] * 2
    actions.drop_stall(more, by=SYSTEM)
    assert told("festival_stall_dropped") == ["contact"]
    festival.starts_at, festival.ends_at = festival.starts_at + DAY, festival.ends_at + DAY
    festival = actions.save_festival(festival, by=SYSTEM)
    assert sorted(told("festival_moved")) == ["contact", "worker"]
    actions.cancel_festival(festival, by=SYSTEM, reason="暴雨")
    assert sorted(told("festival_cancelled")) == ["contact", "worker"]
    assert "暴雨" in InboxMessage.objects.filter(template="festival_cancelled")[0].body


def test_plans_are_for_staff_and_what_is_announced_for_everybody(
    community: Community, worker: User, resident_user: User, other_worker: User
) -> None:
    festival = new_festival(community)
    new_stalls(festival, new_items(community, 1))
    supply(festival)

    def seen(user: User) -> list[bool]:
        models: list[Any] = [NeighborFestival, Stall, FestivalSupply]
        return [model.objects.visible_to(user).exists() for model in models]

    assert (seen(worker), seen(resident_user), seen(other_worker)) == (
        [True] * 3,
        [False] * 3,
        [False] * 3,
    )
    by = Actor.of(resident_user, "test")
    assert refused(lambda: actions.announce(festival, by=by)) == "not_allowed"
    assert refused(lambda: copy_festival(festival, by=by)) == "not_allowed"
    actions.announce(festival, by=Actor.of(worker, "test"))
    assert seen(resident_user) == [True, True, False]
