"""志愿服务证明 as PDF, by reportlab.

The font is none of ours: STSong-Light of Adobe's GB1 collection is named, and whoever shows or
prints the file takes what it has for it (docs/decisions/0036-certificates.md says why). Load this
module when a file is asked for.
"""

import io
from typing import Any, Final
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import cm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    Flowable,
    KeepTogether,
    Paragraph,
    SimpleDocTemplate,
    Spacer,
    Table,
    TableStyle,
)

from backend.core import qr
from backend.core.errors import RuleViolation
from backend.volunteers.certificate_rules import hours_text
from backend.volunteers.printed import Printed, in_words

FONT: Final = "STSong-Light"
_RED = HexColor("#a61b29")
_LINE = HexColor("#c9c9c9")
_LAST_LETTER = "\uffff"


def _style(name: str, size: float, **more: Any) -> ParagraphStyle:
    return ParagraphStyle(
        name, fontName=FONT, fontSize=size, leading=size * 1.8, wordWrap="CJK", **more
    )


_TITLE = _style("title", 28, alignment=TA_CENTER, textColor=_RED)
_NUMBER = _style("number", 11, alignment=TA_CENTER)
_TEXT = _style("text", 15, firstLineIndent=30)
_SMALL = _style("small", 10)
_SIGNED = _style("signed", 14, alignment=TA_RIGHT)


class Code(Flowable):
    """A QR code, drawn: it stays sharp on any printer."""

    def __init__(self, text: str, size: float) -> None:
        super().__init__()
        self.rows = qr.squares(text)
        self.width = self.height = size

    def draw(self) -> None:
        one = self.width / len(self.rows)
        for y, row in enumerate(self.rows):
            for x, dark in enumerate(row):
                if dark:
                    # A little larger than it is: else hair lines show between two of them.
                    top = self.height - (y + 1) * one
                    self.canv.rect(x * one, top, one * 1.03, one * 1.03, stroke=0, fill=1)


def certificate_as_pdf(told: Printed) -> bytes:
    """The certificate, with every service that it counts.

    Raises: letter_missing for a name with a character that this font has not.
    """
    _letters_are_there(told)
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    out = io.BytesIO()
    document = SimpleDocTemplate(
        out,
        pagesize=A4,
        leftMargin=2.8 * cm,
        rightMargin=2.8 * cm,
        topMargin=2.8 * cm,
        bottomMargin=2.4 * cm,
        title=f"志愿服务证明 {told.number}",
        author=told.community,
    )
    document.build(_flow(told), onFirstPage=_frame, onLaterPages=_frame)
    return out.getvalue()


def _letters_are_there(told: Printed) -> None:
    texts = (told.community, told.name, *(line.what for line in told.lines))
    if any(letter > _LAST_LETTER for text in texts for letter in text):
        raise RuleViolation(
            "letter_missing", "有生僻字，PDF 的字体里没有。请下载 Word 版，用装有这个字的电脑打印。"
        )


def _flow(told: Printed) -> list[Any]:
    checked = [
        Paragraph("扫码或打开下面的网址，可以核对编号、时长和是否有效：", _SMALL),
        Paragraph(escape(told.address), _SMALL),
    ]
    foot = Table([[Code(told.address, 2.8 * cm), checked]], colWidths=[3.4 * cm, None])
    foot.setStyle(
        TableStyle([("VALIGN", (0, 0), (-1, -1), "MIDDLE"), ("LEFTPADDING", (0, 0), (0, 0), 0)])
    )
    signed = [
        Paragraph(f"{escape(told.community)}（盖章）", _SIGNED),
        Paragraph(in_words(told.issued_on), _SIGNED),
    ]
    return [
        Paragraph("志愿服务证明", _TITLE),
        Spacer(0, 8),
        Paragraph(f"编号：{escape(told.number)}", _NUMBER),
        Spacer(0, 24),
        Paragraph(escape(told.sentence), _TEXT),
        Paragraph("特此证明。", _TEXT),
        Spacer(0, 24),
        KeepTogether([*signed, Spacer(0, 20), foot]),
        Spacer(0, 20),
        Paragraph("服务明细", _style("heading", 12)),
        Spacer(0, 4),
        _services(told),
    ]


def _services(told: Printed) -> Table:
    rows: list[list[Any]] = [["日期", "服务内容", "时长"]]
    for line in told.lines:
        rows.append(
            [line.day.isoformat(), Paragraph(escape(line.what), _SMALL), hours_text(line.minutes)]
        )
    rows.append(["合计", "", told.hours])
    table = Table(rows, colWidths=[2.6 * cm, None, 3.2 * cm], repeatRows=1)
    table.setStyle(
        TableStyle(
            [
                ("FONT", (0, 0), (-1, -1), FONT, 10),
                ("GRID", (0, 0), (-1, -1), 0.5, _LINE),
                ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ]
        )
    )
    return table


def _frame(canvas: Any, document: Any) -> None:
    """A red frame on each page, and which page it is."""
    width, height = A4
    canvas.saveState()
    canvas.setStrokeColor(_RED)
    for inset, line in ((1.2 * cm, 1.6), (1.4 * cm, 0.5)):
        canvas.setLineWidth(line)
        canvas.rect(inset, inset, width - 2 * inset, height - 2 * inset)
    canvas.setFont(FONT, 9)
    canvas.drawCentredString(width / 2, 1.6 * cm, f"第 {document.page} 页")
    canvas.restoreState()
