"""The rows below the header: which are data, and which staff would not call data."""

import re
from collections.abc import Sequence
from typing import Any

from backend.imports.around import is_nobody
from backend.imports.columns import as_shown
from backend.imports.headers import Header, without_page

_TOTAL = re.compile(
    r"(合计|小计|总计|共计|汇总|总人数|合计人数|人数合计|本页小计|累计)([:：].*|\d.*|人.*|[（(].*)?"
)
_TOTAL_PEOPLE = re.compile(
    r"((合计|小计|总计|共计|共|参加人数|签到人数)[:：]?|(应到|实到|到会|参会)(人数)?[:：]?)\d+(人|人次|名)?.*"
)
_SIGNATURE = re.compile(
    # Who made and checked the sheet: with a colon, or the label alone in its cell.
    r"(制表人?|填表人|制表单位|填报人|填报单位|审核人?|复核人?|负责人|经办人|记录人|统计人|登记人|填表日期|制表日期)([:：].*)?"
    r"|(填表|签字|盖章|日期|备注|说明|注)[:：].*"
    r"|第\d+页.*"
)
# Under a body's name stands its seal: 新河社区居民委员会（盖章）.
_SEAL = re.compile(r".*[（(](单位|社区|公)?(盖?章|签章)[）)].*|.*(盖章|公章)(处|[:：].*)?")

TOTAL, SIGNATURE, REPEATED = "row_total", "row_signature", "row_repeated_header"
# Sheets are numbered to the end of the page before anybody signs.
NUMBERED = "row_only_number"
MESSAGES = {
    TOTAL: "合计行，已跳过。",
    SIGNATURE: "制表、盖章或说明行，已跳过。",
    REPEATED: "重复的表头，已跳过。",
    NUMBERED: "只有序号，没有内容，已跳过。",
    "row_duplicate": "与第 {} 行完全相同，已跳过。",
}


# The characters with which a total or a signature line begins: most rows are told by one look.
_FIRST = frozenset("合小总共汇累本参签制填审复负经记统登盖公日备说注第应实到人")


def kind_of_skip(cells: Sequence[Any], header: Header) -> str | None:
    """Why a row below the header is no data: one of the codes above, or None if it is data."""
    first = ""
    for index, cell in enumerate(cells):
        # Letters and digits alone are shown as they are: most cells, and above all names.
        if cell.__class__ is str and (text := cell if cell.isalnum() else as_shown(cell)):
            if not first:
                first = text
                if text[0] in _FIRST:
                    if _TOTAL.fullmatch(text) or _TOTAL_PEOPLE.fullmatch(text):
                        return TOTAL
                    if _SIGNATURE.fullmatch(text):
                        return SIGNATURE
                if "盖章" in text and _SEAL.fullmatch(text):
                    return SIGNATURE
                if index < len(header.shown) and _is_heading(header, index, text):
                    return REPEATED if _repeats(cells, header) else None
                if is_nobody(cells, header, index, text):
                    return REPEATED if without_page(text) in header.above else SIGNATURE
            elif index in header.required:
                # 合计 often stands under 姓名, with a number under 序号 or nothing before it; and so
                # may 制表人：…, wherever the column of names stands.
                if text[0] in _FIRST:
                    if _TOTAL.fullmatch(text):
                        return TOTAL
                    if _SIGNATURE.fullmatch(text):
                        return SIGNATURE
                if is_nobody(cells, header, index, text):
                    return SIGNATURE
            if index >= header.last_required:
                break
    return None


def is_sealed(cells: Sequence[Any]) -> bool:
    """True for a line that holds a seal's place and no person: looked for where no name is given."""
    texts = [as_shown(cell) for cell in cells if isinstance(cell, str)]
    return any(_SEAL.fullmatch(text) for text in texts if text)


def _is_heading(header: Header, index: int, text: str) -> bool:
    if text == header.shown[index]:
        return True
    column = header.columns.get(index)
    return column is not None and column.is_called(text)


def _repeats(cells: Sequence[Any], header: Header) -> bool:
    texts = [(i, as_shown(cell)) for i, cell in enumerate(cells) if isinstance(cell, str)]
    texts = [(i, text) for i, text in texts if text]
    return len(texts) >= 2 and all(
        i < len(header.shown) and _is_heading(header, i, text) for i, text in texts
    )
