"""The rows below the header: which are data, and which staff would not call data."""

import re
from collections.abc import Sequence
from typing import Any

from backend.imports.columns import as_shown
from backend.imports.headers import Header

_TOTAL = re.compile(r"(合计|小计|总计|共计|总人数|合计人数|本页小计|累计)([:：].*|\d.*|人.*)?")
_TOTAL_PEOPLE = re.compile(r"(合计|小计|总计|共计|共|参加人数|签到人数)[:：]?\d+(人|人次|名)?.*")
_SIGNATURE = re.compile(
    r"(制表人?|填表人?|制表单位|填报人|填报单位|审核人?|复核人?|负责人|经办人|记录人|统计人|登记人|签字|盖章|(单位|社区)?"
    r"[（(]?盖章[）)]?|公章|填表日期|制表日期|日期|备注|说明|注)[:：].*|[（(]?(单位)?盖章[）)]?|第\d+页.*"
)

TOTAL, SIGNATURE, REPEATED = "row_total", "row_signature", "row_repeated_header"
MESSAGES = {
    TOTAL: "合计行，已跳过。",
    SIGNATURE: "制表、盖章或说明行，已跳过。",
    REPEATED: "重复的表头，已跳过。",
    "row_duplicate": "与第 {} 行完全相同，已跳过。",
}


def kind_of_skip(cells: Sequence[Any], header: Header) -> str | None:
    """Why a row below the header is no data: one of the codes above, or None if it is data."""
    texts = [(i, as_shown(cell)) for i, cell in enumerate(cells) if isinstance(cell, str)]
    texts = [(i, text) for i, text in texts if text]
    if not texts:
        return None
    if len(texts) >= 2 and all(
        i < len(header.shown) and (text == header.shown[i] or _same(header, i, text))
        for i, text in texts
    ):
        return REPEATED
    first = texts[0][1]
    if _TOTAL.fullmatch(first) or _TOTAL_PEOPLE.fullmatch(first):
        return TOTAL
    if _SIGNATURE.fullmatch(first):
        return SIGNATURE
    # 合计 often stands under 姓名, with a number under 序号 or nothing before it.
    for i, text in texts:
        column = header.columns.get(i)
        if column is not None and column.required and _TOTAL.fullmatch(text):
            return TOTAL
    return None


def _same(header: Header, index: int, text: str) -> bool:
    column = header.columns.get(index)
    return column is not None and column.is_called(text)
