"""The workbook as an office fills it in; all people are invented."""

from io import BytesIO
from typing import Any

from django.core.files.base import ContentFile
from openpyxl import load_workbook

from backend.founding.workbook import workbook_for
from backend.imports.actions import Upload
from backend.places.models import Subdistrict

# Below the heading, the note and the names of the columns.
FIRST = 4
GOOD: dict[str, list[tuple[Any, ...]]] = {
    "社区": [("新桥社区", "xinqiao")],
    "小区与楼栋": [
        ("新桥花园", "1号楼", "第一网格"),
        ("同上", "2", "第一网格"),
        ("河畔名居", "A座", "第二网格"),
    ],
    "人员与岗位": [
        ("王小芳", "社区书记", None, "wangxiaofang", None, None),
        ("李大勇", "社区工作者", None, None, None, None),
        ("赵立新", "网格员", "新桥花园", None, None, None),
    ],
    "单位": [("新桥社区党委", "党委", "社区党委"), ("好家物业公司", "好家物业", "物业公司")],
    "服务类别": [("助洁", 1, "理发、洗衣")],
    "服务项目": [("助洁", "便民理发", None, "党群服务中心", "好家物业")],
    "活动阵地": [("议事厅", "其他阵地", "党群服务中心二楼")],
    "志愿服务队": [("银龄巡逻队", "巡逻")],
}


def workbook(
    subdistrict: Subdistrict, rows: dict[str, list[tuple[Any, ...]]] | None = None
) -> bytes:
    """The template with rows written into its pages."""
    book = load_workbook(BytesIO(workbook_for(subdistrict)))
    for title, given in (GOOD if rows is None else rows).items():
        for at, cells in enumerate(given):
            for column, cell in enumerate(cells, start=1):
                book[title].cell(FIRST + at, column).value = cell
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def upload(content: bytes) -> Upload:
    """As it comes in."""
    return Upload(ContentFile(content, name="开通.xlsx"), "开通.xlsx", len(content))
