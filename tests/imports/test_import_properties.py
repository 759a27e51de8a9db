"""Whatever the sheet, and in whatever kind of file: its counts add up, looking writes nothing, undo
restores; the order of its columns and what stands above its header change nothing.
"""

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlwt
from django.core.management import call_command
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, LegalEducationEvent
from backend.people.models import Resident
from backend.places.models import Building
from tests.imports.doors import written
from tests.imports.sheets_by_hand import attendance, sheet
from tests.imports.workbooks import make_ods, ods_text

HEADER = ("序号", "姓名", "性别", "年龄", "联系电话", "住址", "签到时间", "签名", "备注")
# Few of each, so that people meet: known and unknown, with and without phone, right and wrong.
NAMES = [
    "张安然",
    "李知远",
    "王清和",
    "赵 云舒",
    "欧阳若谷",
    "",
    "张3",
    "合计：3人",
    "制表人：张安然",
]
PHONES = [
    "13700000001", "137 0000 0002", "1370000000", "同上", "", "无", "13700000001.0",
    "0371-66001234", "#REF!", "13700000003/13700000004",
]  # fmt: skip
PLACES = ["3-2-501", "3号楼2单元501", "同上", "9-1-101", "", "河边平房"]
TIMES = ["", "9:05", "2月30日", "4月1日 9:00", "上午9点"]
ROWS = st.lists(
    st.tuples(
        st.sampled_from(["", "1", "2"]),
        st.sampled_from(NAMES),
        st.sampled_from(["男", "女", "", "?"]),
        st.sampled_from(["65", "66岁", "", "三百"]),
        st.sampled_from(PHONES),
        st.sampled_from(PLACES),
        st.sampled_from(TIMES),
        st.sampled_from(["√", "", "张安然"]),
        st.sampled_from(["", "补签", "=1+1"]),
    ),
    min_size=1,
    max_size=12,
)


def state() -> object:
    """All that an import may write, keys and all but revisions: undo is a change, too."""
    people = Resident.objects.order_by("pk").values_list("pk", "name", "phone", "room", "address")
    return written(), list(people), list(Attendance.objects.order_by("pk").values_list("pk"))


def save_as(kind: str, folder: Path, rows: Sequence[Sequence[str]]) -> Path:
    """A sheet of these texts in a file of this kind."""
    if kind == "csv":
        return sheet(folder, rows)
    path = folder / f"签到表.{kind}"
    if kind == "xlsx":
        book = openpyxl.Workbook()
        for number, row in enumerate(rows, 1):
            for column, text in enumerate(row, 1):
                if text:
                    cell = book.active.cell(number, column, text)
                    # Text, also where it looks like a formula or an error.
                    cell.data_type = "s"
        book.save(path)
    elif kind == "xls":
        old = xlwt.Workbook()
        page = old.add_sheet("表")
        for number, row in enumerate(rows):
            for column, text in enumerate(row):
                if text:
                    page.write(number, column, text)
        old.save(str(path))
    else:
        lines = "".join(
            f"<table:table-row>{''.join(map(ods_text, row))}</table:table-row>" for row in rows
        )
        make_ods(path, f'<table:table table:name="表">{lines}</table:table>')
    return path


KINDS = st.sampled_from(["csv", "xlsx", "xls", "ods"])
TITLES = st.lists(
    st.sampled_from([["新河社区签到表"], ["地点：小马扎剧场", "", "主持人：万思源"], [""]]),
    max_size=4,
)


@pytest.mark.slow
def test_the_order_of_columns_titles_and_the_kind_of_file_change_nothing(
    event_open: LegalEducationEvent, building: Building
) -> None:
    gate.save(
        Resident(community=event_open.community, name="张安然", phone="13700000001"), by=SYSTEM
    )
    kinds = set()

    @given(rows=ROWS, order=st.permutations(range(len(HEADER))), titles=TITLES, kind=KINDS)
    def holds(
        rows: list[tuple[str, ...]], order: list[int], titles: list[list[str]], kind: str
    ) -> None:
        with tempfile.TemporaryDirectory() as folder:
            plain = [HEADER, *rows]
            _, one = attendance(sheet(Path(folder), plain), "--dry-run")
            changed = titles + [[row[column] for column in order] for row in plain]
            _, two = attendance(save_as(kind, Path(folder), changed), "--dry-run")
        assert two["rows"] == one["rows"]
        assert said(two, len(titles)) == said(one, 0)
        kinds.add(kind)

    holds()
    assert len(kinds) > 1


def said(answer: dict[str, Any], above: int) -> list[tuple[Any, ...]]:
    """What was said of which row, counted from the header."""
    return sorted(
        ((p["row"] or above) - above, p["column"] or "", p["code"], p["level"])
        for p in answer["problems"]
    )


def test_counts_add_up_looking_writes_nothing_and_undo_restores(
    event_open: LegalEducationEvent, building: Building
) -> None:
    community = event_open.community
    gate.save(Resident(community=community, name="张安然", phone="13700000001"), by=SYSTEM)
    by_door = Resident(community=community, name="王清和", building=building, unit="2", room="501")
    gate.save(by_door, by=SYSTEM)
    seen = {"committed": 0, "nothing": 0}

    @given(rows=ROWS, kind=KINDS)
    def holds(rows: list[tuple[str, ...]], kind: str) -> None:
        with tempfile.TemporaryDirectory() as folder, transaction.atomic():
            path = save_as(kind, Path(folder), [HEADER, *rows])
            before = state()
            _, looked = attendance(path, "--dry-run", "--take-good")
            assert state() == before
            counts = looked["rows"]
            outcomes = ("create", "update", "unchanged", "skip", "reject")
            assert counts["read"] == sum(counts[name] for name in outcomes)
            blank = sum(not any(cell.strip() for cell in row) for row in rows)
            assert counts["read"] in (0, len(rows) - blank)
            _, done = attendance(path, "--take-good")
            if done["state"] != "committed":
                seen["nothing"] += 1
                assert state() == before
                transaction.set_rollback(True)
                return
            seen["committed"] += 1
            assert done["rows"] == counts, "the plan that is shown is the plan carried out"
            assert Attendance.objects.count() == counts["create"]
            _, again = attendance(path, "--dry-run", "--take-good")
            assert again["rows"]["create"] == again["rows"]["update"] == 0
            call_command("undo_import", done["batch"], stdout=io.StringIO())
            assert state() == before
            transaction.set_rollback(True)

    holds()
    assert seen["committed"] > 3, "the sheets are not all bad"
