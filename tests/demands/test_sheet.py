"""诉求台账: its rows become demands with their history, once; taken back they keep their numbers."""

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
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.core.models import Transition
from backend.core.words import in_chinese
from backend.demands import handling, ledger_words
from backend.demands.choices import Channel, DemandStatus
from backend.demands.ledger_words import channel_of, kind_of, outcome_of, satisfied_of, told_of
from backend.demands.models import Demand, DemandCategory
from backend.imports.models import ImportBatch
from backend.messaging.models import InboxMessage
from backend.places.models import Building, ResidentGroup
from tests.demands.conftest import Hall, registered
from tests.imports.doors import command

HEAD = "序号,日期,来源,反映人,电话,地址,内容,类别,首接人,承办,办结时间,结果,是否满意"
ROWS = """1,2025-03-03,诉求登记专窗,司马青云,13900012345,3号楼2单元501,楼道灯不亮,物业服务,欧阳若谷,宏远物业,2025-03-05,已更换,满意
2,2025-03-04,一号楼群,,,,北门垃圾没有清,环境卫生,欧阳若谷,,2025-03-04,当天清走,
3,2025-03-05,12345热线,诸葛知远,13900012346,,夜里施工吵,投诉,,宏远物业,,办理中,
4,2025-03-06,来访,,,,想装电梯,物业服务,,宏远物业,2025-03-20,无法解决：一层住户不同意,
5,2025-03-07,入户走访,夏侯安然,,东门,加装休息椅,建议,,,,,
6,2025-03-08,来访,,,,反映不实,,,,,无效,"""


def run(folder: Path, rows: str = ROWS, *more: str) -> tuple[int, dict[str, Any]]:
    path = folder / "诉求台账.csv"
    path.write_text(f"{HEAD}\n{rows}\n", encoding="utf-8")
    return command("demands", str(path), *more)


@pytest.fixture
def town(hall: Hall, building: Building) -> Hall:
    here = hall.community
    for name in ("物业服务", "环境卫生"):
        gate.save(DemandCategory(community=here, name=name), by=SYSTEM)
    gate.save(
        ResidentGroup(community=here, name="一号楼群", started_on=timezone.localdate()), by=SYSTEM
    )
    return hall


@pytest.mark.django_db
def test_a_ledger_becomes_demands_with_their_history(town: Hall, tmp_path: Path) -> None:
    status, answer = run(tmp_path)
    assert (status, answer["state"], answer["rows"]["create"]) == (0, "committed", 6), answer
    found = {
        demand.number: (demand.status, demand.channel, demand.kind, demand.resident_id is not None)
        for demand in Demand.objects.all()
    }
    assert found == {
        1: ("closed", "window", "help", True),
        2: ("closed", "wechat_group", "help", False),
        3: ("in_progress", "hotline", "complaint", False),
        4: ("closed", "window", "help", False),
        5: ("registered", "visit", "suggestion", False),
        6: ("invalid", "window", "help", False),
    }
    first, second, _third, fourth = Demand.objects.order_by("number")[:4]
    assert (first.assigned_to, first.satisfied, first.estate) == (town.company, True, town.estate)
    assert first.resolved_at is not None
    assert timezone.localdate(first.resolved_at).isoformat() == "2025-03-05"
    assert (second.first_response_at, fourth.resolved_at) == (second.resolved_at, None)
    steps = Transition.objects.filter(model=Demand._meta.label, object_id=first.pk).order_by("pk")
    assert [step.move for step in steps] == ["assign", "take_up", "resolve", "confirm", "close"]
    assert {step.occurred_at.year for step in steps} == {2025}
    assert first.due_at is not None
    assert timezone.localdate(first.due_at).isoformat() == "2025-03-10"
    assert not InboxMessage.objects.exists(), "nobody is told of what is long over"


@pytest.mark.django_db
def test_the_same_again_changes_nothing_and_more_is_added(town: Hall, tmp_path: Path) -> None:
    run(tmp_path)
    before = list(Demand.objects.order_by("pk").values())
    status, answer = run(tmp_path)
    assert (status, answer["rows"]["unchanged"], answer["rows"]["create"]) == (0, 6, 0), answer
    assert list(Demand.objects.order_by("pk").values()) == before
    more = ROWS.replace("宏远物业,,办理中,", "宏远物业,2025-03-11,已停工,满意")
    status, answer = run(tmp_path, "\n".join(more.splitlines()[:5]))
    assert (status, answer["rows"]["update"], answer["rows"]["unchanged"]) == (0, 1, 4), answer
    assert Demand.objects.get(number=3).status == "closed"


@pytest.mark.django_db
def test_taken_back_they_are_struck_out_and_numbers_stay(town: Hall, tmp_path: Path) -> None:
    run(tmp_path)
    worked_on = Demand.objects.get(number=5)
    handling.assign(worked_on, town.company, by=town.worker)
    call_command("undo_import", ImportBatch.objects.get().code)
    counted: Any = Demand.objects
    assert counted.counted().get() == worked_on
    assert Demand.objects.count() == 6
    assert ImportBatch.objects.get().left
    status, answer = run(tmp_path)
    # The invalid one was no work of the import's end: it stands as it was.
    assert (status, answer["rows"]["create"], answer["rows"]["unchanged"]) == (0, 4, 2), answer
    assert Demand.objects.order_by("-number")[0].number == 10


@pytest.mark.django_db
def test_what_contradicts_itself_is_said_by_row(town: Hall, tmp_path: Path) -> None:
    rows = f"""1,2025-03-03,来访,,,,楼道灯,,,宏远物业,2025-03-01,已更换,
2,2025-03-03,来访,,,,路灯坏,,,宏远物业,2025-03-05,处理中,
3,2025-03-03,来访,,,,井盖响,,,宏远物业,,办理中,满意
4,2025-03-03,来访,,,,车棚漏,,,宏远物业,2025-03-05,已修,还行吧
5,2025-03-03,来访,,,,不让装桩,,,,2025-03-05,不予支持,
6,{timezone.localdate().year + 1}-03-03,来访,,,,明天的事,,,,,,
7,2025-03-03,来访,王五,13900012345,,电话是别人的,,,,,,
8,2025-03-03,飞鸽传书,,,,树太高,绿化,,园林队,2025-03-05,已修剪,"""
    status, answer = run(tmp_path, rows)
    assert (status, answer["state"]) == (1, "refused")
    said = {(p["row"], p["code"]) for p in answer["problems"]}
    assert said >= {
        (2, "closed_before_received"),
        (3, "outcome_contradicts"),
        (4, "satisfied_too_early"),
        (5, "satisfied_unclear"),
        (6, "handler_not_told"),
        (7, "received_in_future"),
        (9, "channel_unknown"),
        (9, "category_unknown"),
        (9, "handler_unknown"),
    }
    assert answer["rows"]["create"] == 1, answer
    assert not Demand.objects.exists()
    run(tmp_path, rows.splitlines()[-1])
    remark = Demand.objects.get().remark
    assert all(word in remark for word in ("飞鸽传书", "绿化", "园林队"))


@pytest.mark.django_db
@pytest.mark.parametrize("whole", [False, True])
def test_what_was_exported_comes_back_as_no_work(town: Hall, tmp_path: Path, whole: bool) -> None:
    run(tmp_path)
    registered(town, resident=town.person)
    order = ExportOrder(
        form=Form.CSV, whole=whole, reason="交给物业核对", maker="王工作", columns=(), details=""
    )
    path = tmp_path / "导出.csv"
    with path.open("wb") as target:
        rows = Demand.objects.order_by("pk")
        write_export(rows, order, by=town.secretary, target=target)
    if not whole:
        assert "司马青云" not in path.read_text(encoding="utf-8-sig")
    before = list(Demand.objects.order_by("pk").values())
    status, answer = command("demands", str(path))
    assert (status, answer["rows"]["unchanged"]) == (0, 7), answer
    assert list(Demand.objects.order_by("pk").values()) == before


@given(st.sampled_from(list(DemandStatus)), st.sampled_from(["", "路灯已换"]), st.booleans())
def test_what_an_export_says_is_understood(status: str, result: str, resolved: bool) -> None:
    solved = status in ("resolved", "confirmed") or (status == "closed" and resolved)
    closed = status in ("closed", "duplicate", "invalid")
    found = outcome_of(told_of(status, result, resolved), closed)
    assert (found == ledger_words.RESOLVED) == solved
    assert (found == ledger_words.INVALID) == (status in ("duplicate", "invalid"))


def test_words_of_ledgers() -> None:
    assert all(channel_of(in_chinese(channel.label)) == channel for channel in Channel)
    assert (channel_of("群众来电"), channel_of(""), channel_of("飞鸽")) == ("hotline", "", None)
    assert (kind_of("咨询类"), kind_of("环境卫生")) == ("enquiry", None)
    assert (satisfied_of("不满意"), satisfied_of("√"), satisfied_of(" ")) == (False, True, None)
    with pytest.raises(RuleViolation):
        satisfied_of("还行吧")
