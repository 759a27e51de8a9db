"""Zip files (.xlsx, .ods), unpacked piece by piece and never further than is safe."""

import os
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from .refusal import Refusal

# A workbook with a photo in every row has hundreds of members; thousands are not a workbook.
MAX_MEMBERS = 5_000
# A table of nine columns, styled down to row 1 048 576, is about 300 MB of XML.
MAX_UNPACKED = 512 * 2**20
# Such a table packs about 30 : 1, zeros 1000 : 1. Small members may be as dense as they like.
MAX_RATIO = 200
RATIO_COUNTS_FROM = 10 * 2**20

# Spreadsheet programs stop at 32 767 characters a cell.
MAX_CELL = 8 * 2**20

PIECE = 256 * 2**10
_LOCAL_HEADER = struct.Struct("<4s22xHH")
_ENCRYPTED = 0x1


class Archive:
    """A zip file, no member of which is unpacked further than its header says.

    Raises: `file_too_large` for too many members or too much in them; `file_broken` for two
    members of one name.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        members = zipfile.ZipFile(self._file).infolist()
        if len(members) > MAX_MEMBERS or sum(m.file_size for m in members) > MAX_UNPACKED:
            raise Refusal("file_too_large")
        # Names are matched without case, as spreadsheet programs do.
        self._members = {member.filename.lower().lstrip("/"): member for member in members}
        if len(self._members) != len(members):
            # Two members of one name: what was looked at need not be what is read.
            raise Refusal("file_broken")
        self.encrypted = any(member.flag_bits & _ENCRYPTED for member in members)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def size(self) -> int:
        """The file's own size in bytes."""
        return os.fstat(self._file.fileno()).st_size

    def names(self) -> list[str]:
        """The members' names, in lower case."""
        return list(self._members)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The content of a member, unpacked as it is asked for.

        Raises: `file_too_large` for a bomb; `file_broken` if it is missing or damaged.
        """
        member = self.member(name)
        if member.file_size > RATIO_COUNTS_FROM and (
            member.file_size > MAX_RATIO * max(member.compress_size, 1)
        ):
            raise Refusal("file_too_large")
        size = crc = 0
        for piece in self._inflated(member):
            size += len(piece)
            if size > member.file_size:
                raise Refusal("file_too_large")
            crc = zlib.crc32(piece, crc)
            yield piece
        if size != member.file_size or crc != member.CRC:
            raise Refusal("file_broken")

    def members(self) -> list[zipfile.ZipInfo]:
        """The members in the order of the file."""
        return list(self._members.values())

    def member(self, name: str) -> zipfile.ZipInfo:
        """What the file says of a member. Raises: `file_broken` if it is missing."""
        found = self._members.get(name.lower())
        if found is None:
            raise Refusal("file_broken")
        return found

    def packed(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        """The content of a member as it is packed. Raises: `file_broken` if it is cut short."""
        # By pread: two members can be unpacked side by side.
        file = self._file.fileno()
        header = os.pread(file, _LOCAL_HEADER.size, member.header_offset)
        signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
        at = member.header_offset + _LOCAL_HEADER.size + name_length + extra_length
        end = at + member.compress_size
        if signature != b"PK\x03\x04":
            raise Refusal("file_broken")
        while at < end:
            packed = os.pread(file, min(PIECE // 4, end - at), at)
            if not packed:
                raise Refusal("file_broken")
            at += len(packed)
            yield packed

    def _inflated(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        if member.compress_type not in (0, zipfile.ZIP_DEFLATED):
            raise Refusal("file_broken")
        stored = member.compress_type == zipfile.ZIP_STORED
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        for packed in self.packed(member):
            while packed:
                yield packed if stored else inflater.decompress(packed, PIECE)
                packed = b"" if stored else inflater.unconsumed_tail
        if not stored and not inflater.eof:
            raise Refusal("file_broken")

    def read(self, name: str, limit: int = 16 * 2**20) -> bytes:
        """The whole content of a small member. Raises: as `pieces`."""
        content = bytearray()
        for piece in self.pieces(name):
            content += piece
            if len(content) > limit:
                raise Refusal("file_too_large")
        return bytes(content)

    def whole_tags(self, name: str) -> Iterator[bytes]:
        """The XML of a member in pieces that end with a tag, each cell in one piece.

        Raises: as `pieces`; `file_broken` for a document type (entity bombs need one) or UTF-16.
        """
        rest = b""
        first = True
        for piece in self.pieces(name):
            rest += piece
            if first and rest[:1] not in (b"<", b"\xef", b" ", b"\r", b"\n", b"\t"):
                raise Refusal("file_broken")
            first = False
            cut = _last_whole_cell(rest)
            if cut:
                yield _without_doctype(rest[:cut])
                rest = rest[cut:]
            elif len(rest) > MAX_CELL:
                raise Refusal("file_too_large")
        if rest:
            yield _without_doctype(rest)


def _last_whole_cell(xml: bytes) -> int:
    """Where the XML can be cut without cutting a tag, or a cell from its value."""
    # With or without a namespace prefix, "c>" ends a cell and "c " is in the tag that begins one.
    end = xml.rfind(b"c>")
    if end >= 0:
        return end + 2
    start = max(xml.rfind(b"<c "), xml.rfind(b":c "))
    return xml.rfind(b"<", 0, start + 1) if start >= 0 else xml.rfind(b">") + 1


def _without_doctype(xml: bytes) -> bytes:
    if b"<!" in xml and re.search(rb"<!DOCTYPE", xml, re.IGNORECASE):
        raise Refusal("file_broken")
    return xml
