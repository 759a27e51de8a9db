"""What a file is, by its content: neither its name nor the client's word is asked."""

import re
from pathlib import Path
from typing import Final

import puremagic

from .gif import gif_ends_where_it_says
from .refusal import Refusal

PICTURES: Final = {
    b"\xff\xd8\xff": "jpeg",
    b"\x89PNG\r\n\x1a\n": "png",
    b"GIF87a": "gif",
    b"GIF89a": "gif",
}
# The brands of Apple's and others' photo containers.
_HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
# A page hides in a file that begins as something else: browsers look for these.
# None is so short that it turns up by chance in a large photo.
_PAGE_MARK = re.compile(
    rb"<(?:script|iframe|!doctype html|\?php\s|html[\s>]|body[\s>]|svg\s+xmlns)", re.IGNORECASE
)
_HEAD = 4096


def kind_of(path: Path) -> str:
    """ "pdf", "jpeg", "png", "gif" or "webp".

    Raises: Refusal attachment_heic, attachment_page, attachment_archive, attachment_type,
    attachment_mixed.
    """
    content = path.read_bytes()
    kind = _beginning(content[:_HEAD])
    if _PAGE_MARK.search(content):
        raise Refusal("attachment_mixed")
    if kind == "gif" and not gif_ends_where_it_says(content):
        raise Refusal("attachment_mixed")
    return kind


def _beginning(head: bytes) -> str:
    for mark, kind in PICTURES.items():
        if head.startswith(mark):
            return kind
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"%PDF-1.") or head.startswith(b"%PDF-2."):
        return "pdf"
    if head[4:8] == b"ftyp" and any(b in head[8:64] for b in _HEIC_BRANDS):
        raise Refusal("attachment_heic")
    text = head.lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    if text.startswith(b"<") or _PAGE_MARK.search(text):
        raise Refusal("attachment_page")
    raise Refusal("attachment_archive" if _is_archive(head) else "attachment_type")


def _is_archive(head: bytes) -> bool:
    """Whether it is a packed file, an office document among them, as the library of marks says."""
    try:
        found = puremagic.magic_string(head)
    except puremagic.PureError:
        return False
    packed = ("zip", "rar", "7z", "gzip", "officedocument", "msword", "ms-excel", "ole", "tar")
    return any(
        word in f"{match.mime_type} {match.name} {match.extension}".lower()
        for match in found
        for word in packed
    )
