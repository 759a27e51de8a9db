"""What a file is, told by its content and never by its name. Standard library only."""

import codecs
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from .formats.archive import Archive
from .formats.compound import SIGNATURE, Compound
from .formats.refusal import Refusal
from .formats.xml2003 import encoding_of

HEAD = 64 * 2**10

# Stray control characters occur in exports of old programs; more than this is no text.
_CONTROLS_PER_BYTE = 1 / 1_000
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f\x7f]")
# Text that begins like this is a document of another kind, not a table of values.
_OTHER_TEXT = ("{\\rtf", "%!PS", "%PDF")
_MARKUP = re.compile(r"<[!?a-zA-Z]")
_MAIL_HEADER = re.compile(r"^(MIME-Version|Content-Type|From|X-[\w-]+) *:", re.IGNORECASE)
_MIME_VERSION = re.compile(r"^MIME-Version *:", re.IGNORECASE | re.MULTILINE)


_SPREADSHEET_XML = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*<(?s:.){0,4000}?urn:schemas-microsoft-com:office:spreadsheet"
)


@dataclass(frozen=True)
class Kind:
    """What a file is: xlsx, xlsb, xls, ods, xml (Excel 2003) or csv; for text in which encoding."""

    name: str
    encoding: str = ""


def kind_of(path: Path) -> Kind:
    """The kind of a spreadsheet.

    Raises: `file_empty`, `file_password`, `file_is_html`, `file_not_sheet`, `file_broken`,
    `file_too_large` for what is none.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    if not head:
        raise Refusal("file_empty")
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Kind(_kind_of_archive(Archive(path)))
    if head.startswith(SIGNATURE):
        return Kind(_kind_of_compound(Compound(path.read_bytes())))
    if _SPREADSHEET_XML.match(head.replace(b"\x00", b"")):
        return Kind("xml", encoding_of(head))
    return Kind("csv", _encoding_of(path, head))


def _kind_of_archive(archive: Archive) -> str:
    if archive.encrypted:
        raise Refusal("file_password")
    if "xl/workbook.xml" in archive:
        return "xlsx"
    if "xl/workbook.bin" in archive:
        return "xlsb"
    if "mimetype" in archive and "content.xml" in archive:
        mimetype = archive.read("mimetype", 1_000)
        manifest = "META-INF/manifest.xml"
        if manifest in archive and b"encryption-data" in archive.read(manifest):
            raise Refusal("file_password")
        if mimetype.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
    elif "encrypted-package" in archive:
        raise Refusal("file_password")
    raise Refusal("file_not_sheet")


def _kind_of_compound(compound: Compound) -> str:
    if "EncryptedPackage" in compound:
        raise Refusal("file_password")
    if "Workbook" in compound or "Book" in compound:
        return "xls"
    raise Refusal("file_not_sheet")


def _encoding_of(path: Path, head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16"
    else:
        if b"\x00" in head or len(_CONTROL.findall(head)) > len(head) * _CONTROLS_PER_BYTE:
            raise Refusal("file_not_sheet")
        encoding = "utf-8-sig"
    content = path.read_bytes()
    if b"\x00" in content and encoding != "utf-16":
        raise Refusal("file_not_sheet")
    text = _decoded(content, encoding)
    if text is None and encoding == "utf-8-sig":
        if _mostly_utf8(content):
            raise Refusal("file_broken")
        encoding = "gb18030"
        text = _decoded(content, encoding)
    if text is None or not _plausible(text):
        raise Refusal("file_not_sheet")
    _refuse_documents(text)
    return encoding


def _decoded(content: bytes, encoding: str) -> str | None:
    """The beginning of the text, once all of it was found to decode; None if it does not."""
    decoder = codecs.getincrementaldecoder(encoding)()
    beginning = ""
    try:
        for at in range(0, len(content), HEAD):
            text = decoder.decode(content[at : at + HEAD])
            beginning = beginning or text
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return None
    return beginning


def _mostly_utf8(content: bytes) -> bool:
    """Whether undecodable bytes are a few faults in UTF-8, rather than another encoding."""
    text = content[: 16 * HEAD].decode("utf-8", "replace")
    faults = text.count("\ufffd")
    chinese = sum("\u4e00" <= character <= "\u9fff" for character in text)
    return chinese > 20 * faults


def _plausible(text: str) -> bool:
    """Whether decoded text is made of characters that people write."""
    strange = sum(
        unicodedata.category(character) in ("Cc", "Cn", "Co", "Cs")
        for character in text
        if character not in "\t\r\n\f\x1a"
    )
    return strange <= len(text) / 100


def _refuse_documents(text: str) -> None:
    start = text[:4_096].lstrip("\ufeff \t\r\n")
    mail = _MAIL_HEADER.match(start) and _MIME_VERSION.search(start)
    if _MARKUP.match(start) or mail:
        raise Refusal("file_is_html")
    if start.startswith(_OTHER_TEXT):
        raise Refusal("file_not_sheet")
