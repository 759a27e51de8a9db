"""Makes the default template: `python -m backend.volunteers.certificate_template.make`.

A community's own may look as it likes; docs/staff/certificates.md lists what can stand in it.
"""

from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

TEMPLATE = Path(__file__).with_name("certificate.docx")
_SERVICES = ("日期", "服务内容", "时长")
_WIDTHS = (Cm(2.9), Cm(9.2), Cm(3.3))


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
    _run(title, "志愿服务证明", "黑体", 26).font.color.rgb = RGBColor(0xA6, 0x1B, 0x29)
    number = document.add_paragraph()
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _run(number, "编号：{{ number }}", "仿宋", 11)
    for text in (
        "兹证明 {{ name }} 于{{ period }}期间，参加本社区志愿服务 {{ times }} 次，"
        "经核实的服务时长共计 {{ hours }}。",
        "特此证明。",
    ):
        document.add_paragraph(text).paragraph_format.first_line_indent = Pt(28)
    for text in ("{{ community }}（盖章）", "{{ issued }}"):
        document.add_paragraph(text).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    foot = document.add_table(rows=1, cols=2)
    foot.rows[0].cells[0].text = "{{ qr }}"
    checked = foot.rows[0].cells[1].paragraphs[0]
    _run(checked, "扫码或打开下面的网址，可以核对编号、时长和是否有效：", "仿宋", 10)
    _run(foot.rows[0].cells[1].add_paragraph(), "{{ check }}", "仿宋", 10)
    for cell, width in zip(foot.rows[0].cells, (Cm(3.4), Cm(12)), strict=True):
        cell.width = width
    _run(document.add_paragraph(), "服务明细", "黑体", 12)
    services = document.add_table(rows=4, cols=3)
    services.style = "Table Grid"
    for cell, heading in zip(services.rows[0].cells, _SERVICES, strict=True):
        cell.text = heading
    services.rows[1].cells[0].text = "{%tr for one in services %}"
    row = ("{{ one.day }}", "{{ one.what }}", "{{ one.hours }}")
    for cell, value in zip(services.rows[2].cells, row, strict=True):
        cell.text = value
    services.rows[3].cells[0].text = "{%tr endfor %}"
    for line in services.rows:
        for cell, width in zip(line.cells, _WIDTHS, strict=True):
            cell.width = width
            for paragraph in cell.paragraphs:
                for run in paragraph.runs:
                    _face(run, "仿宋", 11)
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.save(str(path))


def _run(paragraph: Any, text: str, face: str, size: int) -> Any:
    run = paragraph.add_run(text)
    _face(run, face, size)
    return run


def _face(styled: Any, face: str, size: int) -> None:
    styled.font.name, styled.font.size = face, Pt(size)
    # Word takes Chinese letters from a face of their own.
    styled.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), face)


if __name__ == "__main__":
    make()
