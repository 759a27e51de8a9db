"""预约登记表: what stands in it becomes bookings, as it was, and is unchanged the second time."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import RuleViolation
from backend.imports.models import ImportBatch
from backend.messaging.models import InboxMessage
from backend.people.models import Resident
from backend.places.models import Building, Community
from backend.services.models import ServiceBooking, Slot
from backend.services.outcomes import outcome_of, rating_of
from backend.services.periods import period_of
from tests.imports.doors import command
from tests.services.counter import new_item, new_slot

HEAD = "序号,预约人,电话,楼栋房号,服务项目,预约日期,时段,服务人员,完成情况,评价"
ROWS = """1,张安然,13900000001,,便民理发,2025-05-06,9:00-11:00,李师傅,已完成,非常满意
2,王清和,13900000002,3号楼2单元501,便民理发,2025-05-06,9:00-11:00,李师傅,未到,
3,钱若水,,,便民理发,2025-05-06,9:00-11:00,李师傅,已完成,剪得好
4,张安然,13900000001,,小家电维修,2025-05-07,下午,,已取消,
5,李知远,13900000003,,便民理发,2025-05-13,上午9点到11点,李师傅,完成,5分"""


@pytest.fixture
def world(community: Community, building: Building) -> Community:
    new_item(community)
    new_item(community, code="repair", title="小家电维修")
    known = Resident(community=community, name="张安然", phone="13900000001", building=building)
    gate.save(known, by=SYSTEM)
    return community


def sheet(folder: Path, rows: str = ROWS) -> str:
    path = folder / "预约登记表.csv"
    path.write_text(f"{HEAD}\n{rows}\n", encoding="utf-8")
    return str(path)


def run(folder: Path, rows: str = ROWS, *more: str) -> tuple[int, dict[str, Any]]:
    return command("bookings", sheet(folder, rows), *more)


def at_nine(hour: int = 9) -> dict[str, Any]:
    """The times of a slot the day after tomorrow."""
    day = timezone.localtime(timezone.now()) + datetime.timedelta(days=2)
    start = day.replace(hour=hour, minute=0, second=0, microsecond=0)
    return {"starts_at": start, "ends_at": start + datetime.timedelta(hours=2)}


def codes(answer: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(p["row"], p["code"]) for p in answer["problems"]]


@pytest.mark.django_db
def test_a_ledger_becomes_slots_and_bookings_of_then(world: Community, tmp_path: Path) -> None:
    status, answer = run(tmp_path)
    assert (status, answer["state"]) == (0, "committed"), answer
    assert answer["rows"]["create"] == 5
    found = {
        (b.name, b.slot.item.title): (b.status, b.rating, b.comment, b.resident_id is not None)
        for b in ServiceBooking.objects.select_related("slot__item")
    }
    assert found == {
        ("张安然", "便民理发"): ("rated", 5, "", True),
        ("王清和", "便民理发"): ("no_show", None, "", False),
        ("钱若水", "便民理发"): ("served", None, "剪得好", False),
        ("张安然", "小家电维修"): ("cancelled", None, "", True),
        ("李知远", "便民理发"): ("rated", 5, "", False),
    }
    slots = [
        f"{timezone.localtime(slot.starts_at):%m-%d %H:%M}–{timezone.localtime(slot.ends_at):%H:%M}"
        for slot in Slot.objects.order_by("starts_at")
    ]
    assert slots == ["05-06 09:00–11:00", "05-07 14:00–16:00", "05-13 09:00–11:00"]
    assert not InboxMessage.objects.exists(), "nobody is told of what is long over"


@pytest.mark.django_db
def test_the_same_again_is_all_unchanged_and_undo_leaves_nothing(
    world: Community, tmp_path: Path
) -> None:
    run(tmp_path)
    before = list(ServiceBooking.objects.order_by("pk").values())
    status, answer = run(tmp_path)
    assert (status, answer["rows"]["unchanged"]) == (0, 5), answer
    assert list(ServiceBooking.objects.order_by("pk").values()) == before
    batch = ImportBatch.objects.order_by("pk")[0]
    call_command("undo_import", batch.code)
    assert (ServiceBooking.objects.count(), Slot.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_what_became_of_a_booking_is_added_later(world: Community, tmp_path: Path) -> None:
    waiting = ROWS.replace("已完成,非常满意", ",")
    run(tmp_path, waiting)
    status, answer = run(tmp_path)
    assert (status, answer["rows"]["update"], answer["rows"]["unchanged"]) == (0, 1, 4), answer
    booking = ServiceBooking.objects.get(name="张安然", slot__item__title="便民理发")
    assert (booking.status, booking.rating) == ("rated", 5)


@pytest.mark.django_db
def test_undo_leaves_what_somebody_has_worked_on(world: Community, tmp_path: Path) -> None:
    run(tmp_path)
    batch = ImportBatch.objects.get()
    touched = ServiceBooking.objects.get(name="钱若水")
    touched.note = "下次带毛巾"
    gate.save(touched, by=SYSTEM)
    call_command("undo_import", batch.code)
    assert list(ServiceBooking.objects.values_list("name", flat=True)) == ["钱若水"]
    assert [slot.pk for slot in Slot.objects.all()] == [touched.slot_id]
    batch.refresh_from_db()
    assert len(batch.left) == 2, "the booking, and the slot that it is in"


@pytest.mark.django_db
def test_what_cannot_be_understood_is_said_by_row(world: Community, tmp_path: Path) -> None:
    slot = new_slot(new_item(world, code="full", title="空调清洗"), 1, **at_nine())
    at = f"{timezone.localtime(slot.starts_at):%Y-%m-%d},9:00-11:00"
    rows = f"""1,张安然,,,看星星,2025-05-06,上午,,,
2,张安然,,,便民理发,2025-05-06,有空的时候,,,
3,张安然,,,便民理发,2025-05-06,上午,,看情况,
4,王清和,13900000002,,便民理发,2025-05-06,上午,,,
5,王清和,13900000002,,便民理发,2025-05-06,上午,,已完成,
6,钱若水,13900000004,,空调清洗,{at},,,
7,李知远,13900000003,,空调清洗,{at},,,
8,周大同,13900000005,,便民理发,2025-05-06,上午,,未到,5"""
    status, answer = run(tmp_path, rows)
    assert (status, answer["state"]) == (1, "refused")
    assert [c for c in codes(answer) if c[1] != "unlinked"] == [
        (2, "service_unknown"),
        (3, "period_unclear"),
        (4, "outcome_unclear"),
        (6, "booking_taken"),
        (8, "slot_full"),
        (9, "rating_too_early"),
    ]
    assert not ServiceBooking.objects.exists()


@pytest.mark.django_db
def test_a_slot_that_is_there_is_filled_and_not_made_twice(
    world: Community, tmp_path: Path
) -> None:
    slot = new_slot(new_item(world, code="clean", title="空调清洗"), 2, **at_nine(hour=15))
    day = f"{timezone.localtime(slot.starts_at):%Y-%m-%d}"
    # The only slot of that day, though no time is written.
    status, answer = run(tmp_path, f"1,钱若水,13900000004,,空调清洗,{day},,,,")
    assert (status, codes(answer)) == (0, [(2, "period_inferred")]), answer
    (booking,) = ServiceBooking.objects.all()
    assert (booking.slot_id, booking.status, Slot.objects.count()) == (slot.pk, "confirmed", 1)


@pytest.mark.django_db
def test_more_came_than_there_was_room_for_and_all_are_in_the_ledger(
    world: Community, tmp_path: Path
) -> None:
    people = "\n".join(
        f"{n},周小{'一二三四五六七八九十甲乙'[n]},139000001{n:02d},,便民理发,2025-05-06,上午,,已完成,"
        for n in range(12)
    )
    status, answer = run(tmp_path, people)
    assert (status, answer["rows"]["create"]) == (0, 12), answer
    (slot,) = Slot.objects.all()
    assert slot.capacity == 12


@pytest.mark.once
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("9:00-11:00", "09:00 11:00"),
        ("09：00～11：30", "09:00 11:30"),
        ("上午9点到11点", "09:00 11:00"),
        ("下午2点半-4点", "14:30 16:00"),
        ("下午", "14:00 16:00"),
        ("8", "08:00 10:00"),
        ("14:00", "14:00 16:00"),
        ("", "09:00 11:00"),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, expected: str) -> None:
    starts, ends = period_of(text)
    assert f"{starts:%H:%M} {ends:%H:%M}" == expected


@pytest.mark.once
@given(st.text(max_size=12))
def test_whatever_stands_there_is_a_period_or_a_clear_refusal(text: str) -> None:
    try:
        starts, ends = period_of(text)
    except RuleViolation as violation:
        assert violation.code == "period_unclear"
    else:
        assert starts < ends


@pytest.mark.once
def test_outcomes_and_ratings_are_read_as_people_write_them() -> None:
    assert [outcome_of(text) for text in ("", "已完成", " 未 到 ", "取消")] == [
        "confirmed",
        "served",
        "no_show",
        "cancelled",
    ]
    assert [rating_of(text) for text in ("5分", "满意", "三星级", "")] == [
        (5, ""),
        (4, ""),
        (None, "三星级"),
        (None, ""),
    ]
