"""Real files for the tests, made on the spot: photos with a position in them, scans, PDF, and worse."""

import io
import random
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, PngImagePlugin

MAKER, OWNER, LATITUDE, THOUGHT = "Huawei-P40-Zhang", "Zhang San", 34, "secret-thought"
_GPS, _EXIF = 0x8825, 0x8769


def upload(name: str, content: bytes) -> SimpleUploadedFile:
    """A file as a browser sends it; what it says of its type is wrong on purpose."""
    return SimpleUploadedFile(name, content, content_type="application/x-nonsense")


def noise(width: int, height: int, seed: int = 1) -> Image.Image:
    """A picture of as many colours as a photo has."""
    small = Image.frombytes("RGB", (12, 9), random.Random(seed).randbytes(12 * 9 * 3))
    return small.resize((width, height), Image.Resampling.BICUBIC)


def traces(orientation: int = 1) -> Image.Exif:
    """What a phone writes into a photo: who, with what, where."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F], exif[0x013B] = MAKER, OWNER
    exif.get_ifd(_GPS).update({1: "N", 2: (LATITUDE, 45.0, 12.5), 3: "E", 4: (113.0, 39.0, 1.0)})
    exif.get_ifd(_EXIF)[0x9003] = "2026:11:20 09:30:00"
    return exif


def photo(width: int = 1200, height: int = 900, seed: int = 1, orientation: int = 1) -> bytes:
    """A JPEG as a phone makes it: EXIF with the position, XMP, a comment."""
    return saved(
        noise(width, height, seed),
        "JPEG",
        quality=92,
        exif=traces(orientation),
        comment=THOUGHT.encode(),
        xmp=f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{THOUGHT}</x:xmpmeta>".encode(),
    )


def scan(width: int = 600, height: int = 800, text: str = "sign-in") -> bytes:
    """A PNG of few colours, with a note in it."""
    page = Image.new("RGB", (width, height), "white")
    ImageDraw.Draw(page).text((40, 40), text, fill="black")
    ImageDraw.Draw(page).line((40, 80, width - 40, 80), fill="black", width=3)
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", OWNER)
    return saved(page, "PNG", pnginfo=notes, exif=traces())


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    """The picture as a file of that kind."""
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(*objects: bytes, trailer: bytes = b"") -> bytes:
    """A small whole PDF; further objects, and what else its trailer says."""
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >>",
        *objects,
    ]
    made, places = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n", []
    for number, part in enumerate(parts, start=1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R %s >>\n"
        b"startxref\n%d\n%%%%EOF\n" % (len(parts) + 1, table, len(parts) + 1, trailer, len(made))
    )


def packed(table: bytes) -> bytes:
    """An object of a PDF whose table is compressed, as office programs write it."""
    stream = zlib.compress(table)
    return (
        b"<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length %d >>\nstream\n%s\nendstream"
        % (len(stream), stream)
    )
