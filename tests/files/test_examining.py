"""What is stored of a file: pictures without traces, whole PDF; everything else is refused."""

import io
import zipfile

import pytest
from PIL import Image, ImageCms, PngImagePlugin

from backend.core.errors import RuleViolation
from backend.files import examining, rules
from backend.files.examining import Examined, examine
from tests.files.making import (
    MAKER,
    OWNER,
    THOUGHT,
    noise,
    packed,
    pdf,
    photo,
    saved,
    scan,
    upload,
)

pytestmark = pytest.mark.once

TRACES = [MAKER.encode(), OWNER.encode(), THOUGHT.encode(), b"Exif", b"GPS", b"adobe", b"2026:11"]


def taken(name: str, content: bytes) -> Examined:
    return examine(upload(name, content))


def code_of(name: str, content: bytes) -> str:
    with pytest.raises(RuleViolation) as refused:
        taken(name, content)
    assert refused.value.message.endswith("。")
    return refused.value.code


def stored_image(found: Examined) -> Image.Image:
    return Image.open(io.BytesIO(found.content))


# --- pictures ------------------------------------------------------------------------------------


def test_a_photo_is_stored_without_position_owner_and_thoughts() -> None:
    given = photo()
    # The control: the file that came in does say all that.
    with Image.open(io.BytesIO(given)) as before:
        assert before.getexif().get_ifd(0x8825)[2][0] == 34
    assert all(trace in given for trace in (MAKER.encode(), OWNER.encode(), THOUGHT.encode()))
    found = taken("IMG_1.jpg", given)
    assert found.thumbnail is not None
    for stored in (found.content, found.thumbnail):
        assert [trace for trace in TRACES if trace in stored] == []
        with Image.open(io.BytesIO(stored)) as after:
            assert dict(after.getexif()) == {}
            assert {"exif", "icc_profile", "xmp", "comment"} & set(after.info) == set()
    assert found.content_type == "image/jpeg"


def test_a_large_photo_becomes_2560_pixels_and_a_thumbnail_of_320() -> None:
    found = taken("IMG_1.jpg", photo(8000, 6000))
    assert (found.width, found.height) == (2560, 1920)
    assert stored_image(found).size == (2560, 1920)
    assert found.thumbnail is not None
    assert Image.open(io.BytesIO(found.thumbnail)).size == (320, 240)


def test_a_small_photo_is_not_blown_up() -> None:
    found = taken("x.jpg", photo(100, 60))
    assert stored_image(found).size == (100, 60)


def test_a_photo_taken_upright_stands_upright() -> None:
    picture = Image.new("RGB", (400, 200), "white")
    picture.paste("red", (0, 0, 100, 200))
    exif = Image.Exif()
    exif[0x0112] = 6
    found = stored_image(taken("x.jpg", saved(picture, "JPEG", exif=exif)))
    assert found.size == (200, 400)
    red, green, _ = found.getpixel((100, 20))  # type: ignore[misc]
    assert (red > 200, green < 60) == (True, True)


def test_a_flat_scan_stays_png_without_its_notes() -> None:
    found = taken("scan.png", scan())
    assert found.content_type == "image/png"
    assert found.content.startswith(b"\x89PNG")
    assert [trace for trace in TRACES if trace in found.content] == []
    assert b"tEXt" not in found.content


def test_a_photo_saved_as_png_becomes_jpeg() -> None:
    assert taken("x.png", saved(noise(300, 200), "PNG")).content_type == "image/jpeg"


def test_webp_and_the_first_picture_of_a_gif_are_taken() -> None:
    assert taken("x.webp", saved(noise(300, 200), "WEBP")).content_type == "image/jpeg"
    first, second = Image.new("P", (60, 40), 0), Image.new("P", (60, 40), 1)
    first.putpalette([255, 0, 0, 0, 0, 255])
    second.putpalette([255, 0, 0, 0, 0, 255])
    moving = saved(first, "GIF", save_all=True, append_images=[second], duration=50)
    found = stored_image(taken("x.gif", moving))
    assert found.convert("RGB").getpixel((5, 5)) == (255, 0, 0)


def test_what_was_transparent_is_white() -> None:
    found = taken("x.png", saved(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"))
    assert stored_image(found).convert("RGB").getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_taken(mode: str) -> None:
    made = Image.new(mode, (30, 20), 40_000 if mode == "I;16" else None)
    found = stored_image(taken("x.png", saved(made, "PNG")))
    assert found.size == (30, 20)
    if mode == "I;16":
        assert found.convert("L").getpixel((3, 3)) == pytest.approx(156, abs=2)


def test_a_print_shops_jpeg_in_four_colours_is_taken() -> None:
    made = Image.new("CMYK", (30, 20), (0, 255, 255, 0))
    red, green, _ = stored_image(taken("x.jpg", saved(made, "JPEG"))).getpixel((3, 3))  # type: ignore[misc]
    assert red > 200
    assert green < 90


def test_a_profile_is_applied_and_left_out_and_a_broken_one_ignored() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for given in (profile, b"no profile at all"):
        found = taken("x.jpg", saved(noise(80, 60), "JPEG", icc_profile=given))
        assert "icc_profile" not in stored_image(found).info


def test_the_same_file_has_the_same_sum_and_the_clients_word_counts_for_nothing() -> None:
    one, other = taken("a.jpg", photo()), taken("whatever", photo())
    assert one.sha256 == other.sha256
    assert one.content_type == "image/jpeg"


# --- PDF -----------------------------------------------------------------------------------------


def test_a_pdf_is_kept_byte_for_byte() -> None:
    given = pdf(packed(b"4 0 << /Type /Outlines >>"))
    found = taken("协议.pdf", given)
    assert (found.content, found.content_type) == (given, "application/pdf")
    assert found.thumbnail is None


JS = b"<< /S /JavaScript /JS (app.alert(1)) >>"


@pytest.mark.parametrize(
    ("given", "code"),
    [
        (pdf(JS), "pdf_active"),
        (pdf(JS.replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS", b"/#4aS")), "pdf_active"),
        (pdf(packed(b"4 0 " + JS)), "pdf_active"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "pdf_active"),
        (pdf(trailer=b"/Encrypt 4 0 R"), "pdf_encrypted"),
        (pdf(trailer=b"/#45ncrypt 4 0 R"), "pdf_encrypted"),
        (pdf()[:-40], "attachment_broken"),
        (pdf().replace(b"startxref", b"start"), "attachment_broken"),
        (pdf(packed(b"4 0 <<>>").replace(b"x\x9c", b"xx")), "attachment_broken"),
        (pdf() + b"<script>alert(1)</script>", "attachment_mixed"),
        (pdf() + b"PK\x03\x04 something else", "attachment_mixed"),
        (b"<html><body>" + pdf(), "attachment_page"),
    ],
)
def test_a_pdf_that_is_locked_broken_or_does_things_is_refused(given: bytes, code: str) -> None:
    assert code_of("a.pdf", given) == code


def test_a_pdf_whose_tables_come_to_gigabytes_is_refused() -> None:
    assert code_of("a.pdf", pdf(packed(b"\x00" * (65 * 2**20)))) == "attachment_broken"


def test_words_in_a_text_are_no_script() -> None:
    given = pdf(b"<< /Length 26 >>\nstream\n(/JavaScript is a language)\nendstream")
    assert taken("a.pdf", given).content_type == "application/pdf"


# --- what is no picture --------------------------------------------------------------------------


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return out.getvalue()


HEIC = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + b"\x00" * 200
GIF = saved(Image.new("P", (30, 20)), "GIF")


@pytest.mark.parametrize(
    ("name", "given", "code"),
    [
        ("a.jpg", b"", "file_empty"),
        ("IMG_1.HEIC", HEIC, "attachment_heic"),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "attachment_page"),
        ("a.jpg", b"\xef\xbb\xbf \n<!DOCTYPE html><p>", "attachment_page"),
        ("a.docx", _zip(), "attachment_archive"),
        ("a.jpg", _zip(), "attachment_archive"),
        ("a.jpg", b"\x7fELF" + b"\x00" * 99, "attachment_type"),
        ("a.jpg", b"hello, this is a plain text", "attachment_type"),
        ("a.jpg", b"BM" + b"\x00" * 99, "attachment_type"),
        ("a.jpg", photo()[:5000], "attachment_broken"),
        ("a.png", scan()[:300], "attachment_broken"),
        ("a.jpg", b"\xff\xd8\xff\xe0" + b"\x00" * 400, "attachment_broken"),
        ("a.gif", b"GIF89a" + b"\x01" * 30, "attachment_broken"),
        ("a.gif", GIF + b"*/=1;alert(document.cookie)//", "attachment_mixed"),
        ("a.gif", GIF.replace(b"GIF89a", b"GIF89a", 1)[:6] + b"/*" + GIF[8:], "attachment_mixed"),
        ("a.jpg", photo(200, 100) + b"<script>alert(1)</script>", "attachment_mixed"),
        ("a.jpg", photo(200, 100) + b"<?php system('id'); ?>", "attachment_mixed"),
        ("a.pdf", photo(200, 100), "attachment_name"),
        ("a.exe", scan(), "attachment_name"),
        ("a.png", pdf(), "attachment_name"),
    ],
)
def test_everything_else_is_refused_with_a_sentence(name: str, given: bytes, code: str) -> None:
    assert code_of(name, given) == code


def test_a_photo_with_a_film_behind_it_is_a_photo() -> None:
    """Phones hang a second of film, or their own notes, behind a picture: it is not kept."""
    found = taken("a.jpg", photo(200, 100) + b"\x00\x00\x00\x18ftypmp42" + b"moving" * 50)
    assert b"moving" not in found.content


def test_too_many_bytes_are_not_even_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_FILE_BYTES", 1000)
    monkeypatch.setattr(examining, "_ask_child", lambda folder: pytest.fail("was opened"))
    assert code_of("a.jpg", photo()) == "file_too_large"


def test_a_client_that_lies_about_the_size_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_FILE_BYTES", 1000)
    file = upload("a.jpg", photo())
    file.size = 10
    with pytest.raises(RuleViolation) as refused:
        examine(file)
    assert refused.value.code == "file_too_large"


def bomb(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and is a few bytes."""
    ihdr = width.to_bytes(4, "big") + height.to_bytes(4, "big") + b"\x08\x02\x00\x00\x00"
    out = io.BytesIO(b"\x89PNG\r\n\x1a\n")
    out.seek(0, io.SEEK_END)
    PngImagePlugin.putchunk(out, b"IHDR", ihdr)
    PngImagePlugin.putchunk(out, b"IDAT", b"\x78\x9c")
    PngImagePlugin.putchunk(out, b"IEND", b"")
    return out.getvalue()


def test_a_bomb_is_refused_before_it_is_decoded() -> None:
    assert code_of("a.png", bomb(60_000, 60_000)) == "attachment_pixels"
    # One pixel more than allowed, and one that is allowed and then turns out to be broken.
    assert code_of("a.png", bomb(50_000_001, 1)) == "attachment_pixels"
    assert code_of("a.png", bomb(50_000, 1000)) == "attachment_broken"


@pytest.mark.slow
def test_fifty_million_real_pixels_are_taken() -> None:
    found = taken("a.png", saved(Image.new("RGB", (10_000, 5_000), "navy"), "PNG"))
    assert (found.width, found.height) == (2560, 1280)


def test_a_decoder_that_takes_too_long_or_too_much_ends_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    large = saved(Image.new("RGB", (10_000, 4_900), "navy"), "PNG")
    monkeypatch.setattr(examining, "MEMORY_BYTES", 64 * 2**20)
    assert code_of("a.png", large) == "attachment_pixels"
    # The control: a small one has room enough.
    assert taken("a.png", scan()).content_type == "image/png"
    monkeypatch.setattr(examining, "MAX_WAIT_SECONDS", 0.001)
    assert code_of("a.png", scan()) == "attachment_broken"
