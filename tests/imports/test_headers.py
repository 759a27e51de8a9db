"""The header under whatever stands above it, over one row, two or three, and as staff direct it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backend.education.sheets import AttendanceSheet
from backend.imports.directions import Directions
from backend.imports.headers import Header, find_header
from tests.imports.test_likeness import AGES, MARKS, NAMES, PHONES, PLACES, SEXES, WORDS

COLUMNS = AttendanceSheet.columns
BODY = [
    ["1", "张安然", "男", "13700000001", "3-2-501"],
    ["2", "李知远", "女", "13700000002", "3-2-502"],
    ["3", "王清和", "女", "13700000003", "5-1-101"],
]


def numbered(*rows: list[Any]) -> list[tuple[int, list[Any]]]:
    """Rows as the reader gives them."""
    return [(number, list(cells)) for number, cells in enumerate(rows, start=1)]


def found(header: Header | None) -> dict[str, str]:
    """Heading to attribute, of what is read."""
    assert header is not None
    return {header.shown[i]: c.attribute for i, c in sorted(header.columns.items())}


def test_a_header_over_two_rows_names_its_columns_below_the_groups() -> None:
    header = find_header(
        numbered(
            ["新河社区签到表"],
            ["序号", "基本信息", None, "联系方式", None],
            ["序号", "姓名", "性别", "电话", "住址"],
            *BODY,
        ),
        COLUMNS,
    )
    assert header is not None
    assert (header.row, header.last_row) == (2, 3)
    assert list(found(header).values()) == ["number", "name", "gender", "phone", "address"]


def test_a_header_over_three_rows() -> None:
    header = find_header(
        numbered(
            ["序号", "参加人员", None, None, "备注"],
            [None, "姓名", "联系信息", None, None],
            [None, None, "手机", "住址", None],
            ["1", "张安然", "13700000001", "3-2-501", None],
        ),
        COLUMNS,
    )
    assert header is not None
    assert header.last_row == 3
    assert found(header) == {
        "序号": "number", "姓名": "name", "手机": "phone", "住址": "address", "备注": "remark",
    }  # fmt: skip


def test_the_group_of_somebody_else_is_not_the_person_of_the_row() -> None:
    for group in ("紧急联系人", "监护人信息", "户主"):
        rows = numbered(
            ["序号", "本人信息", None, group, None],
            [None, "姓名", "电话", "姓名", "电话"],
            ["1", "张安然", "13700000001", "张大山", "13700000009"],
            ["2", "李知远", "13700000002", "李小溪", "13700000008"],
        )
        header = find_header(rows, COLUMNS)
        assert header is not None
        assert not header.refused
        assert {i: c.attribute for i, c in header.columns.items()} == {
            0: "number", 1: "name", 2: "phone",
        }  # fmt: skip
        unknown = [p.column for p in header.problems if p.code == "column_unknown"]
        assert unknown == [f"{group}姓名", f"{group}电话"]


def test_staff_choose_the_header_row() -> None:
    rows = numbered(["姓名", "电话"], ["大名", "号头"], *[[r[1], r[3]] for r in BODY])
    said = Directions(header_row=2, columns={0: "name", 1: "phone"})
    header = find_header(rows, COLUMNS, said)
    assert header is not None
    assert header.row == 2
    assert found(header) == {"大名": "name", "号头": "phone"}
    assert header.problems == []


def test_a_list_without_header_is_read_as_staff_say() -> None:
    assert find_header(numbered(*BODY), COLUMNS) is None
    said = Directions(header_row=0, columns={1: "name", 3: "phone", 4: "address"})
    header = find_header(numbered(*BODY), COLUMNS, said)
    assert header is not None
    assert header.last_row == 0
    assert found(header) == {"B列": "name", "D列": "phone", "E列": "address"}


def test_staff_say_which_of_two_columns_counts() -> None:
    rows = numbered(["姓名", "联系电话", "联系电话"], *[[r[1], r[3], r[3]] for r in BODY])
    before = find_header(rows, COLUMNS)
    assert before is not None
    assert [p.code for p in before.problems] == ["column_twice"]
    header = find_header(rows, COLUMNS, Directions(columns={2: "phone"}))
    assert header is not None
    assert not header.refused
    assert {i: c.attribute for i, c in header.columns.items()} == {0: "name", 2: "phone"}


def test_nothing_that_is_switched_off_is_read_even_if_staff_say_so() -> None:
    rows = numbered(["姓名", "身份证号"], *[[r[1], "410101195001010011"] for r in BODY])
    for use in ("remark", "+"):
        header = find_header(rows, COLUMNS, Directions(columns={1: use}))
        assert header is not None
        assert header.columns.keys() == {0}
        assert [p.code for p in header.problems] == ["column_off"]


def test_a_profile_holds_for_the_same_headings_in_any_order_and_never_against_a_name() -> None:
    first = find_header(
        numbered(["大名", "号头", "备注"], *BODY), COLUMNS, Directions(header_row=1)
    )
    assert first is not None
    told = {first.fingerprint: {"大名": "name", "号头": "phone", "备注": "-"}}
    rows = numbered(["通知"], ["备注", "号头", "大名"], *[["", r[3], r[1]] for r in BODY])
    header = find_header(rows, COLUMNS, recall=lambda asked: told)
    assert found(header) == {"号头": "phone", "大名": "name"}
    assert header is not None
    assert [p.code for p in header.problems] == ["profile_used"]
    # 大名 was the name then; where a column bears that name today and nobody spoke of it, it is.
    named = find_header(numbered(["大名", "姓名"], *BODY), COLUMNS, Directions(header_row=1))
    assert named is not None
    rows = numbered(["大名", "姓名"], *[[r[1], r[1]] for r in BODY])
    header = find_header(rows, COLUMNS, recall=lambda asked: {named.fingerprint: {"大名": "name"}})
    assert found(header) == {"姓名": "name"}


HEADINGS = [
    ("姓名", NAMES), ("您的手机", PHONES), ("现居住地址", PLACES), ("性别", SEXES), ("年龄", AGES),
    ("签字栏", MARKS), ("职业", WORDS), ("家属电话", PHONES), ("人员", NAMES), ("身份证号", WORDS),
]  # fmt: skip
ABOVE = st.lists(
    st.sampled_from(
        [
            "新河社区签到表",
            "活动名称：民法典进万家",
            "时间：2026年4月1日",
            "姓名和电话请写清楚",
            "（第一页）",
        ]
    ),
    max_size=6,
)


@given(order=st.permutations(range(len(HEADINGS))), above=ABOVE, keep=st.integers(3, 10))
def test_order_of_columns_and_title_rows_change_nothing_of_what_is_taken(
    order: list[int], above: list[str], keep: int
) -> None:
    chosen = HEADINGS[:keep]
    straight = find_header(_sheet([], chosen), COLUMNS)
    mixed = find_header(_sheet(above, [HEADINGS[i] for i in order if i < keep]), COLUMNS)
    assert _told(straight) == _told(mixed)
    assert straight is not None
    assert mixed is not None
    assert straight.fingerprint == mixed.fingerprint


def _sheet(above: list[str], chosen: list[tuple[str, list[Any]]]) -> list[tuple[int, list[Any]]]:
    rows = [[text] for text in above] + [[heading for heading, _ in chosen]]
    return numbered(*rows, *[[cells[i] for _, cells in chosen] for i in range(4)])


def _told(header: Header | None) -> dict[str, Any]:
    assert header is not None
    return {
        header.shown[index]: (m.use, round(m.confidence, 3), m.source, m.proposal)
        for index, m in header.matches.items()
    }


def test_long_cells_and_wide_sheets_are_no_trap() -> None:
    long = "(" * 30_000
    rows = numbered([long, long], ["姓名", "电话", long], ["张安然", "13700000001", long])
    header = find_header(rows, COLUMNS)
    assert header is not None
    assert header.columns.keys() == {0, 1}
    wide = ["姓名", "电话"] + [f"甲{n}" for n in range(16_000)]
    header = find_header(numbered(wide, *[wide[::-1]] * 50), COLUMNS)
    assert header is not None
    assert header.columns.keys() == {0, 1}
    assert len(header.shown) == 500


def test_columns_beyond_the_widest_table_are_not_read_and_that_is_said() -> None:
    wide = [f"第{index}题" for index in range(500)]
    header = find_header(
        numbered(["姓名", "联系电话", *wide[:498], "年龄", None, "性别"], *BODY), COLUMNS
    )
    assert header is not None
    assert list(found(header).values()) == ["name", "phone"]
    (said,) = [p for p in header.problems if p.code == "columns_beyond"]
    assert (said.level, "还有 2 列" in said.message) == ("note", True)
    within = find_header(numbered(["姓名", "联系电话", *wide[:498]], *BODY), COLUMNS)
    assert within is not None
    assert "columns_beyond" not in {p.code for p in within.problems}
