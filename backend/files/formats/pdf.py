"""PDF files: kept as they are, if they are whole, open to all, and do nothing by themselves."""

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .refusal import Refusal

_STREAM = re.compile(rb"stream\r?\n(.*?)\r?\n?endstream", re.S)
_OBJECTS = re.compile(rb"/Type\s*/ObjStm\b")
# A name may write its letters as #4A: the same name.
_ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
_ACTIVE = re.compile(rb"/(JavaScript|JS|Launch|RichMedia)(?=[\s(<\[/>]|$)")
_LOCKED = re.compile(rb"/Encrypt(?=[\s(<\[/>]|$)")
_TAIL = 2048
# What the packed tables of one file may come to: a page of a scan needs some hundred bytes.
_MAX_UNPACKED = 64 * 2**20


def read_pdf(path: Path, folder: Path) -> dict[str, Any]:
    """Writes `file` into the folder, byte for byte; answers the content type.

    Raises: Refusal attachment_broken, attachment_mixed, pdf_encrypted, pdf_active.
    """
    content = path.read_bytes()
    _is_whole(content)
    for structure in _structures(content):
        plain = _ESCAPED.sub(_letter, structure)
        if _LOCKED.search(plain):
            raise Refusal("pdf_encrypted")
        if _ACTIVE.search(plain):
            raise Refusal("pdf_active")
    (folder / "file").write_bytes(content)
    return {"content_type": "application/pdf"}


def _is_whole(content: bytes) -> None:
    end = content.rfind(b"%%EOF")
    if end < 0 or b"startxref" not in content[max(0, end - _TAIL) : end]:
        raise Refusal("attachment_broken")
    # Some programs fill up with zeros or blanks; anything else belongs to another file.
    if content[end + 5 :].strip(b"\x00\r\n\t "):
        raise Refusal("attachment_mixed")


def _structures(content: bytes) -> Iterator[bytes]:
    """What says how the file is built: all outside of streams, and the tables packed in streams."""
    outside = bytearray()
    place = unpacked = 0
    for stream in _STREAM.finditer(content):
        head = content[place : stream.start()]
        outside += head
        place = stream.end()
        # The dictionary of this stream, not of the one before it.
        if _OBJECTS.search(_ESCAPED.sub(_letter, head[head.rfind(b"obj") :])):
            table = _inflated(stream[1], _MAX_UNPACKED - unpacked)
            unpacked += len(table)
            yield table
    outside += content[place:]
    yield bytes(outside)


def _letter(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _inflated(packed: bytes, room: int) -> bytes:
    """Raises: Refusal attachment_broken for tables that cannot be read, or come to too much."""
    try:
        machine = zlib.decompressobj()
        table = machine.decompress(packed, max(room, 1))
    except zlib.error:
        raise Refusal("attachment_broken") from None
    if machine.unconsumed_tail:
        raise Refusal("attachment_broken")
    return table
