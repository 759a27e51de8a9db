"""Rules on attachments: names without numbers, limits."""

import pytest

from backend.core.errors import RuleViolation
from backend.files import rules

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("签到表.jpg", "签到表.jpg"),
        ("C:\\Users\\li\\签到表.jpg", "签到表.jpg"),
        ("../../etc/passwd", "passwd"),
        ("张三13812345678.jpg", "张三138****5678.jpg"),
        ("138 1234 5678.jpg", "138****5678.jpg"),
        ("138-1234-5678.jpg", "138****5678.jpg"),
        ("１３８１２３４５６７８.jpg", "138****5678.jpg"),
        ("协议 41010519580312002X.pdf", "协议 ＊＊＊.pdf"),
        ("410105580312002.pdf", "＊＊＊.pdf"),
        ("物业0371-67890123.pdf", "物业037****0123.pdf"),
        ("IMG_20240405_120000.jpg", "IMG_20240405_120000.jpg"),
        ("mmexport1700000000000.jpg", "mmexport1700000000000.jpg"),
        ("微信图片_20251125153652.jpg", "微信图片_20251125153652.jpg"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("a\x00b\nc.png", "abc.png"),
        ('a"<b>|?.png', "a__b___.png"),
        ("...", ""),
    ],
)
def test_a_name_is_shown_without_folders_tricks_and_numbers(given: str, shown: str) -> None:
    assert rules.shown_name(given) == shown


def test_a_long_name_keeps_its_ending() -> None:
    name = rules.shown_name("长" * 300 + ".jpeg")
    assert len(name) == rules.MAX_NAME
    assert name.endswith("长.jpeg")


def test_a_download_is_called_by_its_title_and_what_it_is() -> None:
    assert rules.download_name("", "扫描.webp", "image/jpeg") == "扫描.jpg"
    assert rules.download_name("协议", "x.pdf", "application/pdf") == "协议.pdf"
    assert rules.download_name("", "", "image/png") == "附件.png"


@pytest.mark.parametrize("name", ["a.pdf", "a.exe", "a.docx", "a.html", "a.svg", "a.mp4"])
def test_a_picture_called_something_else_is_refused(name: str) -> None:
    with pytest.raises(RuleViolation) as refused:
        rules.name_suits_content(name, "image/jpeg")
    assert refused.value.code == "attachment_name"


@pytest.mark.parametrize("name", ["a.jpg", "a.PNG", "a.heic", "a", "2026.11.20", "会议.第三次", ""])
def test_names_that_phones_and_people_give_are_fine(name: str) -> None:
    rules.name_suits_content(name, "image/jpeg")


def test_a_pdf_is_called_pdf() -> None:
    rules.name_suits_content("协议.PDF", "application/pdf")
    with pytest.raises(RuleViolation) as refused:
        rules.name_suits_content("协议.jpg", "application/pdf")
    assert refused.value.code == "attachment_name"
