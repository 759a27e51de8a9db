"""Which numbers of an .xlsx file are dates, and which date a number is."""

import datetime as dt
import re
from dataclasses import dataclass, field

from .archive import Archive
from .cells import CellValue
from .xlsx_package import local, parser

DATE, DURATION = "date", "duration"

# The formats of dates that a Chinese Excel or WPS has built in: 58 is what 3-2, typed, becomes.
EASTERN = frozenset((*range(27, 37), *range(50, 59)))
_BUILT_IN = {**{str(n): DATE for n in (*range(14, 23), 45, 47, *EASTERN)}, "46": DURATION}
# Literals, skipped widths and fill characters say nothing about the format.
_LITERAL = re.compile(r'"[^"]*"|[\\_*].')
_ELAPSED = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_BRACKETS = re.compile(r"\[[^\]]*\]")
_DATE_LETTER = re.compile(r"[dmhys]|a[^;]*p|a/p", re.IGNORECASE)

_LONGEST_FORMAT = 255  # as Excel has it
_DAYS_BETWEEN_EPOCHS = 1462
_EPOCH = dt.datetime(1899, 12, 30)
# 9999-12-31
_LAST_DAY = 2_958_466


@dataclass
class Styles:
    """For each cell style by number: DATE, DURATION or "". `eastern` if calamine misses some."""

    meanings: list[str] = field(default_factory=list)
    eastern: bool = False


def date_styles(archive: Archive) -> Styles:
    """What the styles of a workbook's cells make of a number."""
    found = Styles()
    if "xl/styles.xml" not in archive:
        return found
    custom: dict[str, str] = {}
    styles = found.meanings
    inside: list[str] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        kind = local(name)
        if kind == "numFmt":
            custom[attributes.get("numFmtId", "")] = _meaning(
                attributes.get("formatCode", "")[:_LONGEST_FORMAT]
            )
        elif kind == "xf" and inside[-1:] == ["cellXfs"]:
            number = attributes.get("numFmtId", "0")
            styles.append(custom[number] if number in custom else _BUILT_IN.get(number, ""))
            # It knows no built-in formats of single countries.
            if number not in custom and number.isdecimal() and int(number) in EASTERN:
                found.eastern = True
        inside.append(kind)

    reading = parser(start)
    reading.EndElementHandler = lambda name: inside.pop() and None
    for piece in archive.pieces("xl/styles.xml"):
        reading.Parse(piece)
    reading.Parse(b"", True)
    return found


def _meaning(code: str) -> str:
    shown = _LITERAL.sub("", code).partition(";")[0]
    if _ELAPSED.search(shown):
        return DURATION
    return DATE if _DATE_LETTER.search(_BRACKETS.sub("", shown)) else ""


def moment(serial: float, meaning: str, epoch1904: bool) -> CellValue:
    """The date, time or duration that a number stands for; the number itself if it is none."""
    if meaning == DURATION:
        return _since(serial) if abs(serial) <= dt.timedelta.max.days else serial
    if not 0 <= serial < _LAST_DAY:
        return serial
    if serial < 1:
        return (_EPOCH + _since(serial)).time()
    days = serial + (_DAYS_BETWEEN_EPOCHS if epoch1904 else 0)
    # The 29th of February 1900, which spreadsheets believe in, was no day.
    day = _EPOCH + _since(days if days >= 60 else days + 1)
    return day.date() if serial.is_integer() else day


def _since(days: float) -> dt.timedelta:
    # Milliseconds, as calamine rounds.
    return dt.timedelta(milliseconds=round(days * 86_400_000))
