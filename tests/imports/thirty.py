"""The thirty kinds of mess of staff's spreadsheets: in which file each stands, and what comes of it.

`taken`, `asked` and `refused` are the domain's ✓, ? and ✗. Counts are rows created, updated,
unchanged, skipped, rejected; codes are what is said of rows and file, but for the note that a sample
names another event than the one it is imported into.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance
from backend.people.models import Resident
from backend.places.models import Building, Community, Estate
from backend.privacy.models import CommunityPrivacy, IdentityNumber

TAKEN, ASKED, REFUSED = "✓", "?", "✗"
Counts = tuple[int, int, int, int, int]
# Code -> how often it is said.
Codes = dict[str, int]
NOTHING: Counts = (0, 0, 0, 0, 0)


@dataclass(frozen=True)
class Case:
    """One file, and what comes of it."""

    file: str
    outcome: str
    counts: Counts
    codes: Codes = field(default_factory=dict)
    # The columns at issue, in order, where a code names one.
    columns: Sequence[str] = ()
    # What must be so before, and what must be there after the good rows were taken.
    given: Callable[[], None] | None = None
    holds: Callable[[], Any] | None = None
    expected: Any = None


def signed_in(attribute: str) -> Callable[[], list[Any]]:
    """One attribute of each new attendance, in the order of the sheet."""
    rows = Attendance.objects.filter(event__code="pf-open").order_by("pk")
    return lambda: list(rows.all().values_list(attribute, flat=True))


def moments() -> list[datetime]:
    """When people signed in, on our clock."""
    return [timezone.localtime(at).replace(tzinfo=None) for at in signed_in("signed_in_at")()]


def doors() -> list[tuple[str, str, str, str]]:
    """Where the newly signed in live: building, unit, room, or the text."""
    rows = Attendance.objects.filter(event__code="pf-open").order_by("pk")
    found = rows.values_list(
        "resident__building__name", "resident__unit", "resident__room", "resident__address"
    )
    return [tuple(part or "" for part in row) for row in found]


def births() -> list[str]:
    """The months of birth of the newest two residents."""
    rows = Resident.objects.order_by("-pk").values_list("birth_month", flat=True)
    return sorted(rows[:2])


def a_second_building_3() -> None:
    """Another estate has a building 3, too."""
    community = Community.objects.get(code="xinhe")
    estate = Estate.objects.get(community=community, name="新河花园")
    gate.save(Building(community=community, estate=estate, name="3"), by=SYSTEM)


def identity_numbers_on() -> None:
    """The community records identity numbers."""
    community = Community.objects.get(code="xinhe")
    gate.save(CommunityPrivacy(community=community, identity_numbers_on=True), by=SYSTEM)


def identity_numbers() -> list[str]:
    """Whose numbers are on record, and the four digits that are shown at their end."""
    rows = IdentityNumber.objects.order_by("pk").select_related("resident")
    return [f"{row.resident.phone} {row.shown[-4:]}" for row in rows]


# Three lines stand below most of the samples: 合计, 制表人, 盖章.
FEET = {"row_total": 1, "row_signature": 2}


def sheet(file: str, create: int, **more: Any) -> Case:
    """A sign-in sheet of which every row is taken."""
    return Case(file, TAKEN, (create, 0, 0, 3, 0), FEET, **more)


def whole(file: str, outcome: str, code: str, column: str = "") -> Case:
    """A file that is refused, or asked about, as a whole."""
    return Case(file, outcome, NOTHING, {code: 1}, [column] if column else [])


IMPOSSIBLE_DATES = Case(
    "33_impossible_dates.xlsx",
    REFUSED,
    (1, 0, 0, 3, 4),
    FEET | {"date_no_day": 2, "date_impossible": 2},
    ["签到时间"] * 4,
)
THIRTY: dict[int, tuple[str, list[Case]]] = {
    1: (
        "标题行（合并）在表头上面",
        [sheet("01_clean.xlsx", 16), sheet("20_open_document.ods", 20)],
    ),
    2: ("表头占两行", [sheet("10_two_row_header.xlsx", 18)]),
    3: (
        "分页处表头重复",
        [
            Case(
                "06_page_breaks.xlsx",
                TAKEN,
                (42, 0, 0, 8, 0),
                {"row_repeated_header": 2, "row_total": 4, "row_signature": 2},
            )
        ],
    ),
    4: ("序号不用来认人", [sheet("28_row_numbers.xlsx", 10)]),
    5: (
        "合计、小计、制表人、盖章",
        [
            Case("12_synonyms.xlsx", TAKEN, (20, 0, 0, 2, 0), {"row_total": 1, "row_signature": 1}),
            sheet("02_phones_as_numbers.xlsx", 24),
        ],
    ),
    6: (
        "合并的单元格只填到合并处为止",
        [
            sheet("09_merged_cells.xlsx", 20),
            sheet(
                "29_merged_and_below.xlsx",
                4,
                holds=doors,
                expected=[
                    ("11", "1", "1302", ""),
                    ("11", "1", "1302", ""),
                    ("", "", "", ""),
                    ("4", "1", "1402", ""),
                ],
            ),
        ],
    ),
    7: ("空行；拖到底的表", [sheet("07_blank_rows.xlsx", 20), sheet("17_used_range.xlsx", 20)]),
    8: (
        "表头里的空格、换行、别名",
        [
            sheet("11_header_spaces.xlsx", 16),
            Case("12_synonyms.xlsx", TAKEN, (20, 0, 0, 2, 0), {"row_total": 1, "row_signature": 1}),
        ],
    ),
    9: (
        "不认识的列",
        [
            Case(
                "13_unknown_column.xlsx",
                ASKED,
                (16, 0, 0, 3, 0),
                FEET | {"column_unknown": 1},
                ["是否领取资料"],
            )
        ],
    ),
    10: ("缺必填列", [whole("bad/missing_column.xlsx", REFUSED, "column_missing", "姓名")]),
    11: ("同一列名两次", [whole("bad/header_twice.xlsx", REFUSED, "column_twice", "联系电话")]),
    12: ("各种写法的日期", [sheet("16_dates_as_text.xlsx", 14)]),
    13: (
        "4月1日，没有年份",
        [
            Case(
                "30_no_year.xlsx",
                ASKED,
                (2, 0, 0, 0, 2),
                {"date_no_year": 2},
                ["出生年月"] * 2,
                holds=births,
                expected=["1958-04", "1958-04"],
            )
        ],
    ),
    14: (
        "日期成了数字（1900 和 1904）",
        [
            Case(
                "31_serial_dates.xlsx",
                TAKEN,
                (4, 0, 0, 3, 0),
                FEET | {"time_missing": 1},
                ["签到时间"],
                holds=lambda: [at.date().isoformat() for at in moments()],
                expected=["2025-06-14"] * 4,
            ),
            Case(
                "32_serial_1904.xlsx",
                TAKEN,
                (4, 0, 0, 3, 0),
                FEET | {"time_missing": 1},
                ["签到时间"],
                holds=lambda: [f"{at:%Y-%m-%d %H:%M}" for at in moments()[:3]],
                expected=["2025-06-14 09:00", "2025-06-14 09:07", "2025-06-14 09:12"],
            ),
        ],
    ),
    15: ("只有年和月", [IMPOSSIBLE_DATES]),
    16: ("2月30日", [IMPOSSIBLE_DATES]),
    17: (
        "日期写成文字",
        [
            sheet(
                "16_dates_as_text.xlsx",
                14,
                holds=lambda: {f"{at:%Y-%m-%d}" for at in moments()},
                expected={"2025-04-12"},
            )
        ],
    ),
    18: (
        "电话成了小数或科学计数",
        [
            sheet("02_phones_as_numbers.xlsx", 24),
            Case(
                "15_bad_cells.xlsx",
                REFUSED,
                (12, 0, 0, 3, 4),
                FEET | {"phone_incomplete": 2, "cell_error": 2},
                ["联系电话", "联系电话", "联系电话", "姓名"],
            ),
        ],
    ),
    19: ("电话里的空格、连字符、+86", [sheet("03_phones_spaced.xlsx", 20)]),
    20: (
        "一格两个电话",
        [
            Case(
                "34_two_phones.xlsx",
                ASKED,
                (1, 0, 0, 3, 5),
                FEET | {"phone_two": 5},
                ["联系电话"] * 5,
            )
        ],
    ),
    21: (
        "座机",
        [
            Case(
                "35_landlines.xlsx",
                REFUSED,
                (6, 0, 0, 3, 1),
                FEET | {"phone_no_area": 1},
                ["联系电话"],
                holds=signed_in("resident__phone"),
                expected=[
                    "0791-80000001",
                    "0791-80000002",
                    "0791-80000003",
                    "0791-80000004",
                    "0791-80000005-801",
                    "010-80000007",
                ],
            )
        ],
    ),
    22: (
        "身份证号被存成数字",
        [
            Case(
                "36_identity_rounded.xlsx",
                TAKEN,
                (6, 0, 0, 0, 0),
                {"column_off": 1},
                ["身份证号"],
                holds=identity_numbers,
                expected=[],
            ),
            Case(
                "36_identity_rounded.xlsx",
                REFUSED,
                (2, 0, 0, 0, 4),
                {
                    "identity_rounded": 2,
                    "identity_perhaps_rounded": 1,
                    "identity_number_invalid": 1,
                },
                ["身份证号"] * 4,
                given=identity_numbers_on,
                holds=identity_numbers,
                expected=["13900060190 1902", "13900060195 1959"],
            ),
        ],
    ),
    23: (
        "全角数字和括号",
        [
            sheet("03_phones_spaced.xlsx", 20),
            sheet(
                "37_full_width.xlsx",
                3,
                holds=lambda: (doors(), signed_in("remark")()),
                expected=(
                    [
                        ("21", "2", "1501", ""),
                        ("26", "3", "1501", ""),
                        ("1", "1", "1601", ""),
                    ],
                    ["Ａ区（１组）补签"] * 3,
                ),
            ),
        ],
    ),
    24: (
        "姓名中间的空格；同名的人",
        [
            Case(
                "25_namesakes.xlsx",
                TAKEN,
                (20, 0, 0, 5, 0),
                FEET | {"row_duplicate": 2, "address_unplaced": 1},
                ["住址"],
            ),
            Case(
                "05_no_phone.xlsx",
                ASKED,
                (20, 0, 0, 2, 1),
                {"row_total": 1, "row_signature": 1, "unlinked": 5, "name_twice": 1},
                ["姓名"],
            ),
        ],
    ),
    25: (
        "是、否、√、×、1、0",
        [
            sheet(
                "38_marks.xlsx",
                7,
                holds=signed_in("signed"),
                expected=[True, False, True, False, True, False, None],
            )
        ],
    ),
    26: ("同上、〃、无、—", [sheet("08_same_as_above.xlsx", 18)]),
    27: (
        "住址的各种写法",
        [
            sheet("19_old_format.xls", 20),
            sheet("39_short_addresses.xlsx", 5),
            Case(
                "39_short_addresses.xlsx",
                ASKED,
                (2, 0, 0, 3, 3),
                FEET | {"address_ambiguous": 3},
                ["住址"] * 3,
                given=a_second_building_3,
            ),
        ],
    ),
    28: (
        "CSV 的各种编码",
        [
            sheet("21_gb18030.csv", 20),
            sheet("22_bom_semicolon.csv", 16),
            sheet("40_bom_comma.csv", 8),
        ],
    ),
    29: (
        "看内容，不看扩展名",
        [
            sheet("19_old_format.xls", 20),
            sheet("20_open_document.ods", 20),
            sheet("41_really_xlsx.xls", 8),
            sheet("42_really_xls.xlsx", 8),
            whole("bad/html.xls", REFUSED, "file_is_html"),
            whole("bad/password.xlsx", REFUSED, "file_password"),
        ],
    ),
    30: (
        "同一个文件两次；几张工作表；#REF!",
        [
            sheet("23_all_known.xlsx", 45),
            whole("bad/two_sheets.xlsx", ASKED, "several_sheets"),
            Case(
                "43_errors.xlsx",
                REFUSED,
                (2, 0, 0, 3, 3),
                FEET | {"cell_error": 3},
                ["住址", "年龄", "备注"],
            ),
        ],
    ),
}
