"""志愿服务记录表: hours come in to be verified by somebody, once, and never over one another."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.imports.models import ImportBatch
from backend.places.models import Community
from backend.volunteers.models import ServiceRecord
from tests.imports.doors import command
from tests.volunteers.team import new_resident, new_volunteer

HEAD = "序号,姓名,电话,日期,开始,结束,时长,服务内容,服务队"
ROWS = """1,钱志愿,13900020000,2026-04-01,9:00,11:30,,门口引导,义剪队
2,钱志愿,13900020000,2026-04-01,下午2点,17:00,2.5,打扫,
3,孙志愿,13900020001,2026-04-01,22:00,6:00,7小时,夜间巡逻,
4,孙志愿,13900020001,2026-04-03,9点,,1.5,送餐,"""

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(community: Community) -> Community:
    for name in ("钱志愿", "孙志愿"):
        new_volunteer(community, name, account=False)
    new_resident(community, "李居民", account=False)
    return community


def run(folder: Path, rows: str = ROWS, *more: str) -> tuple[int, dict[str, Any]]:
    path = folder / "服务记录表.csv"
    path.write_text(f"{HEAD}\n{rows}\n", encoding="utf-8")
    return command("service_records", str(path), *more)


def codes(answer: dict[str, Any]) -> list[tuple[int | None, str]]:
    return [(p["row"], p["code"]) for p in answer["problems"] if p["level"] != "note"]


def test_hours_come_in_and_wait_for_somebody(world: Community, tmp_path: Path) -> None:
    status, answer = run(tmp_path)
    assert (status, answer["rows"]["create"]) == (0, 4), answer
    found = [
        (
            row.volunteer.resident.name,
            f"{timezone.localtime(row.starts_at):%d %H:%M}",
            row.minutes,
            row.excluded_minutes,
            row.status,
            row.source,
        )
        for row in ServiceRecord.objects.select_related("volunteer__resident").order_by("starts_at")
    ]
    waits = ("submitted", "roster_sheet")
    assert found == [
        ("钱志愿", "01 09:00", 150, 0, *waits),
        ("钱志愿", "01 14:00", 150, 30, *waits),
        ("孙志愿", "01 22:00", 420, 60, *waits),
        ("孙志愿", "03 09:00", 90, 0, *waits),
    ]


def test_the_same_again_is_unchanged_and_undo_leaves_what_was_verified(
    world: Community, tmp_path: Path
) -> None:
    run(tmp_path)
    before = list(ServiceRecord.objects.order_by("pk").values())
    _, answer = run(tmp_path)
    assert answer["rows"]["unchanged"] == 4, answer
    assert list(ServiceRecord.objects.order_by("pk").values()) == before
    _, answer = run(tmp_path, ROWS.replace("送餐", "给老人送餐"), "--dry-run")
    assert (answer["rows"]["update"], answer["rows"]["unchanged"]) == (1, 3)
    judged = ServiceRecord.objects.get(content="门口引导")
    gate.move(judged, "verify", by=SYSTEM)
    _, answer = run(tmp_path, ROWS.replace("11:30", "12:30"))
    assert codes(answer) == [(2, "hours_are_fixed")]
    call_command("undo_import", ImportBatch.objects.order_by("pk")[0].code)
    assert list(ServiceRecord.objects.values_list("pk", flat=True)) == [judged.pk]


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("李居民,13900020002,2026-04-01,9:00,11:00,,打扫", "volunteer_unknown"),
        ("周不详,13900029999,2026-04-01,9:00,11:00,,打扫", "volunteer_unknown"),
        ("钱志愿,13900020000,2026-04-01,,11:00,,打扫", "start_missing"),
        ("钱志愿,13900020000,2026-04-01,9:00,,,打扫", "end_missing"),
        ("钱志愿,13900020000,2026-04-01,9:00,10:00,2,打扫", "duration_too_long"),
        ("钱志愿,13900020000,2026-04-01,9:00,10:00,约1,打扫", "duration_invalid"),
        ("钱志愿,13900020000,2026-04-01,9:00,8:00,,打扫", "interval_too_long"),
        ("钱志愿,13900020000,2026-04-01,9:00,10:00,,", "purpose_missing"),
    ],
)
def test_refuses_a_row(world: Community, tmp_path: Path, row: str, code: str) -> None:
    status, answer = run(tmp_path, f"1,{row},")
    assert status == 1
    assert codes(answer) == [(2, code)]
    assert not ServiceRecord.objects.exists()


def test_no_minute_is_counted_twice_and_none_is_to_come(world: Community, tmp_path: Path) -> None:
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    rows = (
        "1,钱志愿,13900020000,2026-04-01,9:00,11:00,,打扫,\n"
        "2,钱志愿,13900020000,2026-04-01,10:30,12:00,,引导,\n"
        f"3,钱志愿,13900020000,{tomorrow},9:00,10:00,,引导,"
    )
    _, answer = run(tmp_path, rows, "--take-good")
    assert codes(answer) == [(3, "records_overlap"), (4, "record_in_future")]
    assert ServiceRecord.objects.count() == 1
