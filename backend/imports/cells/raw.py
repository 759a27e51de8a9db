"""What every cleaner asks of a cell first: is it empty, is it an error, how does it read?"""

import datetime
import re
import unicodedata
from typing import Any

from backend.imports.formats.cells import UNCALCULATED
from backend.imports.problems import CellProblem

# Marks that no one sees: they come along when a number is copied out of a phone book or a chat.
_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_INVISIBLE = re.compile(f"[{_UNSEEN}\x00-\x08\x0e-\x1b\x7f]+")
# A database refuses NUL, and nothing shows the others. Tabs and line ends are text.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]+")
_BLANK = (
    " \t\n\r\x0b\x0c\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000"
    "\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff\x00"
)
FOR_NOTHING = frozenset(("", "无", "无。", "没有", "暂无", "空", "N/A", "n/a", "NA"))
_LONGEST_FOR_NOTHING = 6
_STROKES = "-—–－―−_/／\\"
_DITTO = frozenset(
    ("同上", "同", "〃", "〃〃", "″", "″″", "〞", '"', '""', "＂", "“", "”", "“”", "''")
)
# How a cell with one of them begins: nearly every cell is told by its first character.
_BEFORE_DITTO = frozenset((*(sign[0] for sign in _DITTO), *_BLANK))
_ERROR = re.compile(
    r"#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA)|ERR:\d{3}"
)


def strip(text: str) -> str:
    """Without the blanks around it, ideographic spaces and invisible marks included."""
    return text.strip(_BLANK)


def is_nothing(text: str) -> bool:
    """True for stripped text that staff write for nothing: 无, —, /."""
    return len(text) <= _LONGEST_FOR_NOTHING and (text in FOR_NOTHING or not text.strip(_STROKES))


def is_empty(value: Any) -> bool:
    """True for nothing, white space, and what staff write for nothing: 无, —, /."""
    return value is None or (isinstance(value, str) and is_nothing(value.strip(_BLANK)))


def is_ditto(value: Any) -> bool:
    """True for 同上 and its signs."""
    return isinstance(value, str) and value[:1] in _BEFORE_DITTO and strip(value) in _DITTO


def refuse_error(value: Any) -> None:
    """Raises: cell_error for #REF! and the like; cell_uncalculated for a formula without result."""
    # Looked at in two places first: a regular expression for each of 800 000 cells is not free.
    likely = isinstance(value, str) and ("#" in value[:2] or ":" in value[3:5])
    if likely and value == UNCALCULATED:
        raise CellProblem(
            "cell_uncalculated",
            "单元格里的公式还没有算出结果。请用 WPS 或 Excel 打开文件，保存后重新上传。",
        )
    if likely and _ERROR.fullmatch(strip(value).upper()):
        raise CellProblem("cell_error", "单元格里是公式错误（如 #REF!），请改成正确的内容。")


def as_text(value: Any) -> str:
    """A cell as one reads it: 65.0 is 65, a date is ISO."""
    if isinstance(value, str):
        return value.strip(_BLANK)
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        # A spreadsheet shows fifteen digits; more are noise of the binary form.
        whole = value.is_integer() and abs(value) < 1e15
        return str(int(value)) if whole else format(value, ".15g")
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ", "minutes")
    return str(value)


def half_width(text: str) -> str:
    """Full-width digits, letters and brackets as ordinary ones; invisible marks out."""
    text = unicodedata.normalize("NFKC", text)
    return text if text.isprintable() else _INVISIBLE.sub("", text)


def without_controls(text: str) -> str:
    """Prose without what no database takes and nobody sees."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def without_unseen(text: str) -> str:
    """A name or number without the invisible marks inside it."""
    return text if text.isprintable() else _INVISIBLE.sub("", text)
