"""Partners' registers out and in: nothing changed is nothing to do, masks included."""

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.exporting.identity import record_number
from backend.partners.models import (
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    ProgressReport,
    RedPartner,
    StewardCandidate,
    StewardSelection,
    VanguardPost,
)
from backend.people.models import Organization, User
from tests.admin.exporting import content, export
from tests.imports.doors import command
from tests.imports.sheets_by_hand import sheet, told
from tests.partners.conftest import DAY, Partnership, in_force, issue_at

pytestmark = pytest.mark.django_db
REGISTERS = {
    "red_partners": RedPartner,
    "co_building_agreements": CoBuildingAgreement,
    "vanguard_posts": VanguardPost,
    "duty_shifts": DutyShift,
    "incipient_issues": IncipientIssue,
    "progress_reports": ProgressReport,
    "steward_selections": StewardSelection,
    "steward_candidates": StewardCandidate,
}
HEADER = ("先锋岗", "值班日期", "开始", "结束", "姓名")


def shift(post: VanguardPost, name: str, hour: int, **values: Any) -> DutyShift:
    given = {"day": timezone.localdate()} | values
    row = DutyShift(
        community_id=post.community_id,
        post=post,
        starts_at=datetime.time(hour),
        ends_at=datetime.time(hour + 1, 30),
        name=name,
        **given,
    )
    return gate.save(row, by=SYSTEM)


def selection(body: Organization) -> StewardSelection:
    today = timezone.localdate()
    row = StewardSelection(
        community_id=body.community_id,
        title="年度优秀管家",
        places=1,
        criteria="看服务",
        opens_on=today,
        closes_on=today + DAY,
    )
    gate.save(row, by=SYSTEM)
    for name, score in (("钱若水", 9550), ("孙望舒", None)):
        candidate = StewardCandidate(
            community_id=body.community_id,
            selection=row,
            name=name,
            organization=body,
            score=score,
        )
        gate.save(candidate, by=SYSTEM)
    return row


@pytest.fixture
def everything(ours: Partnership, theirs: Partnership) -> Partnership:
    for post in (ours.post, theirs.post):
        shift(post, "值守甲", 8 if post is ours.post else 10)
        shift(post, "值守乙", 8 if post is ours.post else 10)
        shift(post, "孔明", 14 if post is ours.post else 16)
        gate.save(issue_at(post, found_by="孔明"), by=SYSTEM)
    report = ProgressReport(
        community_id=ours.post.community_id,
        organization=ours.partner.organization,
        year=2026,
        number=3,
        summary="照常",
    )
    gate.save(report, by=SYSTEM)
    selection(ours.partner.organization)
    return ours


@pytest.mark.parametrize("form", ["xlsx", "ledger", "csv"])
@pytest.mark.parametrize("register", REGISTERS)
def test_what_goes_out_comes_in_again_unchanged(
    everything: Partnership, secretary: User, tmp_path: Path, register: str, form: str
) -> None:
    model: Any = REGISTERS[register]
    address = f"/admin/partners/{model._meta.model_name}/export/"
    out = tmp_path / f"out.{'csv' if form == 'csv' else 'xlsx'}"
    out.write_bytes(content(export(secretary, address, form)))
    status, answer = command(register, str(out))
    said = [one for one in told(answer) if one[3] in ("error", "question")]
    assert said == []
    rows = answer["rows"]
    assert (status, rows["create"], rows["update"]) == (0, 0, 0)
    assert rows["unchanged"] == model.objects.count() > 0


def test_a_rota_comes_in_by_sheet(ours: Partnership, tmp_path: Path) -> None:
    today = timezone.localdate()
    rows = [
        (ours.post.name, today, "8:00", "12:00", "值守甲"),
        (ours.post.code, today, "12点", "18:00", "值守甲"),
        (ours.post.name, today + DAY, "8:00", "12:00", "值守乙"),
    ]
    path = sheet(tmp_path, [HEADER, *rows])
    status, answer = command("duty_shifts", str(path))
    assert (status, answer["rows"]["create"], told(answer)) == (0, 3, [])
    first = DutyShift.objects.order_by("day", "starts_at")[0]
    assert (first.name, first.starts_at, first.post_id) == (
        "值守甲",
        datetime.time(8),
        ours.post.pk,
    )
    assert command("duty_shifts", str(path))[1]["rows"]["unchanged"] == 3
    # What the sheet says of a shift that is known counts.
    later = sheet(tmp_path, [HEADER, (ours.post.name, today, "8:00", "11:30", "值守甲")])
    assert command("duty_shifts", str(later))[1]["rows"]["update"] == 1


def test_rows_of_a_rota_are_judged_after_one_another(ours: Partnership, tmp_path: Path) -> None:
    today = timezone.localdate()
    rows = [
        (ours.post.name, today, "8:00", "12:00", "值守甲"),
        (ours.post.name, today, "11:00", "13:00", "值守甲"),
        (ours.post.name, today, "13:00", "12:00", "值守丙"),
        (ours.post.name, today - 400 * DAY, "8:00", "12:00", "值守丙"),
        (ours.post.name, today, "8:00", "12:00", ""),
        (ours.post.name, today, "25:00", "12:00", "值守丙"),
        ("没有的岗", today, "8:00", "12:00", "值守丙"),
    ]
    status, answer = command("duty_shifts", str(sheet(tmp_path, [HEADER, *rows])))
    assert status == 1
    assert [(row, code) for row, _, code, _ in told(answer)] == [
        (3, "shift_overlaps"),
        (4, "shift_reversed"),
        (5, "shift_outside_post"),
        (6, "shift_nameless"),
        (7, "time_invalid"),
        (8, "not_found"),
    ]
    assert not DutyShift.objects.exists()


def test_a_mask_is_nobodys_name(ours: Partnership, tmp_path: Path) -> None:
    """Of one shift it is the mask; of two of the same mask nobody knows which; of none it is a mistake."""
    today = timezone.localdate()
    shift(ours.post, "赵甲", 8)
    masked = (ours.post.name, today, "8:00", "9:30", "赵*")
    path = sheet(tmp_path, [HEADER, masked])
    assert command("duty_shifts", str(path))[1]["rows"]["unchanged"] == 1
    shift(ours.post, "赵乙", 8)
    for row in (masked, (ours.post.name, today, "9:00", "9:30", "赵*")):
        status, answer = command("duty_shifts", str(sheet(tmp_path, [HEADER, row])))
        assert (status, told(answer)) == (1, [(2, "姓名", "mask_mismatch", "error")])
    assert DutyShift.objects.count() == 2


def test_a_shift_is_moved_by_its_number(ours: Partnership, tmp_path: Path) -> None:
    today = timezone.localdate()
    row, other = shift(ours.post, "赵甲", 8), shift(ours.post, "赵乙", 8)
    number = record_number("partners.DutyShift", row.pk)
    header = (*HEADER, "系统编号")
    moved = (ours.post.name, today + DAY, "8:00", "9:30", "赵*", number)
    status, answer = command("duty_shifts", str(sheet(tmp_path, [header, moved])))
    assert (status, answer["rows"]["update"], told(answer)) == (0, 1, [])
    row.refresh_from_db()
    assert (row.day, row.name) == (today + DAY, "赵甲")
    for name, its, code in (
        ("钱*", number, "record_number_other_name"),
        ("赵*", "N1-AAA", "record_number_unknown"),
    ):
        wrong = (ours.post.name, today, "8:00", "9:30", name, its)
        status, answer = command("duty_shifts", str(sheet(tmp_path, [header, wrong])))
        assert (status, [one[2] for one in told(answer)]) == (1, [code])
    assert DutyShift.objects.get(pk=other.pk).revision == other.revision


def test_a_name_that_several_have_is_no_guess(ours: Partnership, tmp_path: Path) -> None:
    today = timezone.localdate()
    ours.post.until = today
    gate.save(ours.post, by=SYSTEM)
    again = VanguardPost(
        community_id=ours.post.community_id,
        code="gw-again",
        agreement=in_force(ours.partner),
        name=ours.post.name,
        place="服务台",
        since=today - 90 * DAY,
    )
    gate.save(again, by=SYSTEM)
    row = (ours.post.name, today, "8:00", "12:00", "值守甲")
    status, answer = command("duty_shifts", str(sheet(tmp_path, [HEADER, row])))
    assert (status, told(answer)) == (1, [(2, "先锋岗", "several_found", "error")])
    status, _ = command("duty_shifts", str(sheet(tmp_path, [HEADER, ("gw-again", *row[1:])])))
    assert (status, DutyShift.objects.get().post_id) == (0, again.pk)


def test_candidates_come_in_by_sheet(everything: Partnership, tmp_path: Path) -> None:
    header = ("选聘", "姓名", "单位", "得分（百分之一分）", "票数")
    rows = [
        ("年度优秀管家", "钱若水", "宏远物业", "9600", ""),
        ("年度优秀管家", "李知微", "宏远物业", "", "3"),
    ]
    status, answer = command("steward_candidates", str(sheet(tmp_path, [header, *rows])))
    assert (status, told(answer)) == (1, [(3, None, "count_of_other_method", "error")])
    status, answer = command("steward_candidates", str(sheet(tmp_path, [header, rows[0]])))
    assert (status, answer["rows"]["update"]) == (0, 1)
    assert StewardCandidate.objects.get(name="钱若水").score == 9600
