"""Headings as people really write them: which column each is, how surely, and what is never taken."""

from typing import Any

import pytest

from backend.education.sheets import AttendanceSheet
from backend.imports.headers import Header, find_header
from backend.people.sheets import ResidentSheet

COLUMNS = AttendanceSheet.columns
PHONES = ["13700000001", "137 0000 0002", 13700000003.0, "0371-66001234"]
NAMES = ["张安然", "李知远", "王 清和", "欧阳若谷"]
PLACES = ["3-2-501", "3号楼2单元501", "万达华府1号楼1单元1101", "5栋302"]
SEXES = ["男", "女", "女", "男"]
AGES = [66.0, "71岁", "58", 80.0]
TIMES = ["9:05", "上午9点", "2026-04-01 9:00", "8:50"]
MARKS = ["√", "√", "已签", ""]
WORDS = ["教师", "退休", "个体", "退休"]
EMPTY = [None, None, None, None]


def read(headings: list[str], cells: list[list[Any]], columns: Any = COLUMNS) -> Header | None:
    """The header of a sheet of four rows; each item of `cells` is what stands in one column."""
    rows: list[tuple[int, list[Any]]] = [(1, list(headings))]
    rows += [(2 + i, [column[i] for column in cells]) for i in range(4)]
    return find_header(rows, columns)


def taken(heading: str, cells: list[Any], columns: Any = COLUMNS) -> tuple[str | None, float]:
    """What one heading beside a sure name is taken for, and how surely."""
    beside = ("姓名", NAMES) if "名" not in heading and "ame" not in heading else ("性别", SEXES)
    header = read([beside[0], "年龄", heading], [beside[1], AGES, cells], columns)
    assert header is not None
    match = header.matches[2]
    return (match.column.attribute if match.column else None), match.confidence


CERTAIN = [
    ("姓 名", NAMES, "name"), ("姓名（必填）", NAMES, "name"), ("*姓名", NAMES, "name"),
    ("参加人员", NAMES, "name"), ("联系电话(手机)", PHONES, "phone"), ("手 机 号", PHONES, "phone"),
    ("联系方式（必填，11位）", PHONES, "phone"), ("电话：", PHONES, "phone"),
    ("手机号（微信同号）", PHONES, "phone"),
    ("家庭住址（楼栋-单元-室）", PLACES, "address"), ("住址(楼号)", PLACES, "address"),
    ("门牌号", PLACES, "address"), ("房间号", PLACES, "address"),
    ("到场时间", TIMES, "signed_in_at"), ("签字", MARKS, "signed"), ("备 注", WORDS, "remark"),
    # Named exactly: its cells are not asked, their faults are said row by row.
    ("联系电话", WORDS, "phone"), ("姓名", PHONES, "name"), ("联系电话", EMPTY, "phone"),
]  # fmt: skip
LIKELY = [
    ("姓名/Name", NAMES, "name"), ("姓名Name", NAMES, "name"), ("Name", NAMES, "name"),
    ("您的姓名", NAMES, "name"), ("请填写您的真实姓名", NAMES, "name"), ("参会人员姓名", NAMES, "name"),
    ("学员姓名", NAMES, "name"), ("住户姓名", NAMES, "name"), ("性名", NAMES, "name"),
    ("本人联系电话", PHONES, "phone"), ("联系电话1", PHONES, "phone"), ("手机电话", PHONES, "phone"),
    ("常用手机号", PHONES, "phone"), ("您的手机号码（必填）", PHONES, "phone"), ("Tel.", PHONES, "phone"),
    ("连系电话", PHONES, "phone"), ("Mobile Phone", PHONES, "phone"),
    ("现居住地址", PLACES, "address"), ("住宅地址", PLACES, "address"), ("Address", PLACES, "address"),
    ("楼号/房号", PLACES, "address"), ("备注信息", WORDS, "remark"),
    ("备注说明", WORDS, "remark"), ("签字栏", MARKS, "signed"),
]  # fmt: skip
NEVER = [
    # Somebody else's, or something else.
    ("家属电话", PHONES), ("紧急联系人电话", PHONES), ("联系人电话", PHONES), ("电话（家属）", PHONES),
    ("户主姓名", NAMES), ("姓名（户主）", NAMES), ("监护人姓名", NAMES), ("经办人姓名", NAMES),
    ("工作单位地址", PLACES), ("户籍地址", PLACES), ("联系电话2", PHONES), ("单位电话", PHONES),
    ("参加人数", AGES), ("网格员电话", PHONES), ("代签人", NAMES), ("原住址", PLACES),
    # Two things in one column.
    ("姓名/电话", NAMES), ("姓名及联系方式", NAMES), ("住址、电话", PHONES),
    # The name says one thing, the cells another.
    ("您的手机", WORDS), ("本人姓名", PHONES), ("现居住地址", SEXES),
    # Cells alone, or a heading that is only somewhat alike.
    ("栏目三", PHONES), ("人员", NAMES), ("列1", PLACES), ("报名时间", TIMES), ("领取人签字", MARKS),
    ("党员名字簿", NAMES), ("职业", WORDS), ("是否领取资料", MARKS), ("楼长", NAMES),
    # A slip in writing, where cells cannot tell.
    ("被注", WORDS),
]  # fmt: skip
OFF = [
    ("身份证号", ["410101195001010011"] * 4), ("证件号码", WORDS), ("民族", ["汉族"] * 4),
    ("政治面貌", WORDS), ("是否党员", MARKS), ("健康状况", WORDS), ("银行卡号", PHONES),
    ("微信号", PHONES), ("身份证住址", PLACES), ("编码", ["410101195001010011"] * 4),
]  # fmt: skip


@pytest.mark.parametrize(("heading", "cells", "attribute"), CERTAIN)
def test_a_column_that_bears_its_name_is_certain(
    heading: str, cells: list[Any], attribute: str
) -> None:
    assert taken(heading, cells) == (attribute, 1.0)


@pytest.mark.parametrize(("heading", "cells", "attribute"), LIKELY)
def test_a_likely_column_is_taken_and_said_to_be_guessed(
    heading: str, cells: list[Any], attribute: str
) -> None:
    found, confidence = taken(heading, cells)
    assert found == attribute
    assert 0.8 <= confidence < 1
    header = read(["年龄", "性别", heading], [AGES, SEXES, cells])
    assert header is not None
    assert [p.code for p in header.problems if p.column == heading.replace(" ", "")] == [
        "column_guessed"
    ]


@pytest.mark.parametrize(("heading", "cells"), NEVER)
def test_what_is_not_likely_enough_is_asked_and_not_taken(heading: str, cells: list[Any]) -> None:
    found, confidence = taken(heading, cells)
    assert found is None
    assert confidence < 0.8
    header = read(["年龄", "性别", "住址", heading], [AGES, SEXES, PLACES, cells])
    assert header is not None
    assert [p.code for p in header.problems if p.column == heading] == ["column_unknown"]


@pytest.mark.parametrize(("heading", "cells"), OFF)
def test_what_a_community_has_not_switched_on_is_never_guessed(
    heading: str, cells: list[Any]
) -> None:
    assert taken(heading, cells)[0] is None
    header = read(["姓名", "性别", heading], [NAMES, SEXES, cells])
    assert header is not None
    assert [p.code for p in header.problems if p.column == heading] == ["column_off"]
    assert header.matches[2].proposal is None


def test_two_columns_that_are_likely_alike_are_both_asked() -> None:
    header = read(["姓名", "本人电话", "常用电话"], [NAMES, PHONES, PHONES])
    assert header is not None
    assert header.columns.keys() == {0}
    assert {m.proposal.attribute for i, m in header.matches.items() if i and m.proposal} == {
        "phone"
    }


def test_a_sure_column_is_never_given_up_for_a_likely_one() -> None:
    for headings in (["姓名", "本人电话", "联系电话"], ["联系电话", "姓名", "手机电话"]):
        cells = [NAMES if h == "姓名" else PHONES for h in headings]
        header = read(headings, cells)
        assert header is not None
        attributes = {header.shown[i]: c.attribute for i, c in header.columns.items()}
        assert attributes == {"姓名": "name", "联系电话": "phone"}


def test_months_of_birth_by_their_many_names() -> None:
    for heading in ("出生年月", "出生日期", "出生年月日", "生日", "出生年月（公历）"):
        assert taken(heading, ["1958-03", "1960.5.1"] * 2, ResidentSheet.columns) == (
            "birth_month",
            1.0,
        )
