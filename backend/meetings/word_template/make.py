"""Makes the default template: `python -m backend.meetings.word_template.make`.

A community's own may look as it likes; docs/staff/meetings.md lists what can stand in it.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

TEMPLATE = Path(__file__).with_name("minutes.docx")
_FACTS = (
    ("会议", "{{ meeting }}"),
    ("时间", "{{ time }}"),
    ("地点", "{{ place }}"),
    ("主持人", "{{ chair }}"),
    ("到会", "{{ present }}"),
    ("缺席、请假", "{{ absent }}"),
)
_TASKS = ("决议", "落实事项", "责任单位", "完成时限")


def make(path: Path = TEMPLATE) -> None:
    """Writes the template."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
        setattr(section, side, Cm(2.8))
    _face(document.styles["Normal"], "仿宋", 14)
    title = document.add_paragraph()
    title.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(title, "{{ community }}联席会议纪要", "黑体", 20)
    number = document.add_paragraph("{{ number }}")
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    facts = document.add_table(rows=0, cols=2)
    facts.style = "Table Grid"
    for label, value in _FACTS:
        cells = facts.add_row().cells
        cells[0].text, cells[1].text = label, value
        cells[0].width, cells[1].width = Cm(3), Cm(12.4)
    document.add_paragraph("{%p for line in paragraphs %}")
    document.add_paragraph("{{ line }}").paragraph_format.first_line_indent = Pt(28)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph("{%p if actions %}")
    _run(document.add_paragraph(), "落实事项", "黑体", 14)
    tasks = document.add_table(rows=4, cols=4)
    tasks.style = "Table Grid"
    for cell, heading in zip(tasks.rows[0].cells, _TASKS, strict=True):
        cell.text = heading
    tasks.rows[1].cells[0].text = "{%tr for one in actions %}"
    row = ("{{ one.resolution }}", "{{ one.title }}", "{{ one.organization }}", "{{ one.due }}")
    for cell, value in zip(tasks.rows[2].cells, row, strict=True):
        cell.text = value
    tasks.rows[3].cells[0].text = "{%tr endfor %}"
    document.add_paragraph("{%p endif %}")
    signed = document.add_paragraph("{{ signed }}")
    signed.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.save(str(path))


def _run(paragraph: Any, text: str, face: str, size: int) -> None:
    _face(paragraph.add_run(text), face, size)


def _face(styled: Any, face: str, size: int) -> None:
    styled.font.name, styled.font.size = face, Pt(size)
    # Word takes Chinese letters from a face of their own.
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


if __name__ == "__main__":
    make()
