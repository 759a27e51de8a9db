"""预约登记表 out: what was exported comes back as no work; what was written into it since is taken."""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from backend.services import actions, afterwards, booking
from backend.services.models import ServiceBooking, Slot
from tests.imports.doors import command
from tests.services.counter import new_item, new_slot

pytestmark = pytest.mark.django_db
WHY = "交给理发师傅核对名单"


@pytest.fixture
def world(community: Community, building: Building) -> Slot:
    """A slot that is over, of a resident and of people whom nobody knows, in every state."""
    item = new_item(community)
    slot = new_slot(item, 6, in_days=-1, helper="李师傅")
    known = Resident(
        community=community, name="张安然", phone="13900000001", building=building, room="501"
    )
    gate.save(known, by=SYSTEM)
    people: list[dict[str, Any]] = [
        {"resident": known},
        {"name": "王清和", "phone": "13900000002", "address": "3号楼2单元501"},
        {"name": "钱若水"},
        {"name": "李知远", "phone": "13900000003", "proxy_name": "李女", "proxy_phone": "13900000004"},
        {"name": "欧阳若谷", "phone": "13900000005"},
    ]  # fmt: skip
    slot.starts_at, slot.ends_at = (
        at + 3 * datetime.timedelta(days=1) for at in (slot.starts_at, slot.ends_at)
    )
    actions.save_slot(slot, by=SYSTEM)
    made = [booking.place_booking(slot, by=SYSTEM, **who) for who in people]
    booking.cancel_booking(made[3], by=SYSTEM, reason="有事")
    # She has booked again, with the same name and phone.
    booking.place_booking(slot, by=SYSTEM, **people[3])
    Slot.objects.filter(pk=slot.pk).update(
        starts_at=slot.starts_at - 3 * datetime.timedelta(days=1),
        ends_at=slot.ends_at - 3 * datetime.timedelta(days=1),
    )
    booking.mark_served(made[0], by=SYSTEM)
    afterwards.rate_booking(made[0], by=SYSTEM, rating=5, comment="剪得好")
    booking.mark_no_show(made[1], by=SYSTEM)
    return slot


def saved(folder: Path, user: User, form: Form, *, whole: bool) -> Path:
    path = folder / f"预约登记表.{form.extension}"
    order = ExportOrder(form=form, whole=whole, reason=WHY, maker="王工作", columns=(), details="")
    with path.open("wb") as target:
        rows = ServiceBooking.objects.order_by("pk")
        write_export(rows, order, by=Actor.of(user, "test"), target=target)
    return path


def table(path: Path) -> list[dict[str, str]]:
    text = path.read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def written(path: Path, rows: list[dict[str, str]]) -> str:
    out = io.StringIO(newline="")
    lines = csv.DictWriter(out, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    path.write_text(out.getvalue(), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("whole", [False, True], ids=["masked", "whole"])
@pytest.mark.parametrize("form", list(Form))
def test_what_was_exported_comes_back_as_no_work(
    world: Slot, secretary: User, tmp_path: Path, form: Form, whole: bool
) -> None:
    path = saved(tmp_path, secretary, form, whole=whole)
    before = list(ServiceBooking.objects.order_by("pk").values())
    status, answer = command("bookings", str(path))
    assert (status, answer["rows"]["unchanged"]) == (0, 6), answer
    assert [p for p in answer["problems"] if p["level"] != "note"] == []
    assert list(ServiceBooking.objects.order_by("pk").values()) == before


def test_it_is_masked_unless_somebody_says_why(
    world: Slot, secretary: User, tmp_path: Path
) -> None:
    masked = saved(tmp_path, secretary, Form.CSV, whole=False).read_text(encoding="utf-8-sig")
    for word in ("张安然", "13900000001", "501", "剪得好", "李师傅"):
        assert word not in masked
    first = table(saved(tmp_path, secretary, Form.CSV, whole=False))[0]
    starts = timezone.localtime(Slot.objects.get().starts_at)
    assert (first["预约人"], first["电话"] if "电话" in first else first["联系电话"]) == (
        "张*",
        "139****0001",
    )
    assert (first["服务项目"], first["预约日期"]) == ("便民理发", f"{starts:%Y-%m-%d}")
    assert first["时段"].startswith(f"{starts:%H:%M}-")
    assert (first["完成情况"], first["评价"]) == ("已评价", "5")


def test_what_became_of_it_is_written_in_and_taken(
    world: Slot, secretary: User, tmp_path: Path
) -> None:
    path = saved(tmp_path, secretary, Form.CSV, whole=False)
    rows = table(path)
    rows[2] |= {"完成情况": "已完成", "评价": "满意", "评语": "师傅很耐心"}
    rows[1] |= {"完成情况": "已完成"}
    status, answer = command("bookings", written(path, rows))
    assert (status, answer["rows"]["update"], answer["rows"]["unchanged"]) == (0, 2, 4), answer
    found = ServiceBooking.objects.order_by("pk").values_list("status", "rating", "comment")
    assert list(found[:3]) == [
        ("rated", 5, "剪得好"),
        ("served", None, ""),
        ("rated", 4, "师傅很耐心"),
    ]
    status, answer = command("bookings", str(path))
    assert (status, answer["rows"]["unchanged"]) == (0, 6), answer


@pytest.mark.parametrize(
    ("heading", "text", "code"),
    [
        ("预约日期", "2025-01-01", "booking_differs"),
        ("服务项目", "修伞", "booking_differs"),
        ("时段", "5:00-6:00", "booking_differs"),
        ("联系电话", "13900000099", "booking_differs"),
        ("预约人", "赵*", "record_number_other_name"),
        ("系统编号", "N1-AAA", "record_number_unknown"),
        ("评价", "2", "rating_known"),
        ("完成情况", "已取消", "wrong_state"),
        ("完成情况", "不清楚", "outcome_unclear"),
        ("评语", "＊＊＊＊", None),
    ],
)
def test_what_the_sheet_cannot_change_is_said(
    world: Slot, secretary: User, tmp_path: Path, heading: str, text: str, code: str | None
) -> None:
    path = saved(tmp_path, secretary, Form.CSV, whole=False)
    rows = table(path)
    # Who did not come cannot be called off any more.
    rows = rows[1:] if code == "wrong_state" else rows
    rows[0][heading] = text
    before = list(ServiceBooking.objects.order_by("pk").values())
    status, answer = command("bookings", written(path, rows[:1]))
    if code is not None:
        assert (status, answer["state"]) == (1, "refused")
        assert [p["code"] for p in answer["problems"]] == [code]
        assert answer["problems"][0]["column"] == heading
    assert list(ServiceBooking.objects.order_by("pk").values()) == before


def test_a_row_twice_is_said(world: Slot, secretary: User, tmp_path: Path) -> None:
    path = saved(tmp_path, secretary, Form.CSV, whole=False)
    rows = table(path)
    rows.append(rows[2] | {"完成情况": "未到"})
    status, answer = command("bookings", written(path, rows))
    assert (status, [p["code"] for p in answer["problems"]]) == (1, ["booking_taken"])
