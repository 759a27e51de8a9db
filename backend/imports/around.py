"""Lines of a page that are nobody: where to sign, how many came, the title of the next page.

They stand alone. What stands with a phone or a day beside it is a row, however odd its name.
"""

import re
from collections.abc import Sequence
from typing import Any

from backend.imports.columns import as_shown
from backend.imports.headers import Header, without_page
from backend.imports.widgets import TextWidget

# 负责人签字：, 实到人数：30, 地点：活动室. Not 张三：13812345678, whose phone would be lost.
_LABELLED = re.compile(r"[^:：]{1,14}[:：](?!.*1\d{10}).*")
_ALONE = re.compile(
    r".{0,14}(签字|签名|签章)([（(].*[）)])?"
    r"|[（(]?(以下空白|以下无正文|以下无内容|续表|接下页|转下页|接上页)[）)]?"
    r"|.*(签到表|登记表|报名表|统计表|花名册|名册|台账)([（(].*[）)])?"
    r"|日期|备注|说明|年月日|制表|审核"
    r"|※.*|.*一式.份.*|.*。"
    r"|[—–-]+\d+[—–-]+"
)
_DAY = re.compile(r"((19|20)\d{2}|[二〇○零一二三四五六七八九]{4})[年./-].*")
# The characters with which such a line ends where it holds letters and digits alone.
_LAST = frozenset("字名章白文容表页册账期注明日制核份")


def is_nobody(cells: Sequence[Any], header: Header, index: int, text: str) -> bool:
    """Whether the row is a line of the page, not of the list; its text `text` stands at `index`."""
    if text.isalnum() and text[-1] not in _LAST and text not in header.above:
        return False  # Most rows are told by one look.
    if not _is_line(text, header, index):
        return False
    for other, cell in enumerate(cells):
        if other == index or not _holds(cell) or _is_numbering(header, other):
            continue
        if other < index or not isinstance(cell, str) or not _is_label(as_shown(cell)):
            return False
    return True


def _is_line(text: str, header: Header, index: int) -> bool:
    if without_page(text) in header.above:
        return True
    if index > header.last_required:
        return _is_label(text)  # Nothing that a row must have stands before it.
    column = header.columns.get(index)
    if column is not None and not column.ignored and isinstance(column.widget, TextWidget):
        # Prose may begin with anything: 投诉：楼道灯不亮.
        return False
    if column is None or column.ignored or column.personal == "name":
        return _is_label(text)
    # A day without its row is a row that somebody began: 2026.4.1.
    return bool(_LABELLED.fullmatch(text) or _ALONE.fullmatch(text))


def _is_label(text: str) -> bool:
    """Whether a text is a place to sign, a label with what it says, or a day."""
    return bool(_LABELLED.fullmatch(text) or _ALONE.fullmatch(text) or _DAY.fullmatch(text))


def _holds(cell: Any) -> bool:
    return cell is not None and not (isinstance(cell, str) and not as_shown(cell))


def _is_numbering(header: Header, index: int) -> bool:
    """True of 序号: pages are numbered to their end before anybody signs."""
    column = header.columns.get(index)
    return column is not None and column.ignored
