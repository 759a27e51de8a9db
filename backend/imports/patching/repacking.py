"""Zip files made of another one's members: packed as they were, or with new content."""

import struct
import zipfile
import zlib
from collections.abc import Iterable
from typing import BinaryIO

from ..formats.archive import Archive
from .notes import OddPackage

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_NEEDS, _UTF8 = 20, 0x800
# Fast enough for 50 MB of XML, and hardly larger than the tightest.
_LEVEL = 4


class Repacked:
    """A zip file in the making; `out` can seek."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._at = 0
        self._entries: list[bytes] = []

    def copy(self, archive: Archive, member: zipfile.ZipInfo) -> None:
        """Takes a member over as it is packed. Raises: as `Archive.packed`."""
        sizes = (member.CRC, member.compress_size, member.file_size)
        self._begin(member, member.compress_type, sizes)
        for piece in archive.packed(member):
            self._write(piece)

    def add(self, member: zipfile.ZipInfo, content: Iterable[bytes]) -> None:
        """A member of that name with new content, packed as it comes."""
        start = self._at
        self._begin(member, zipfile.ZIP_DEFLATED, (0, 0, 0), entry=False)
        packer = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
        crc = size = 0
        first = self._at
        for piece in content:
            crc = zlib.crc32(piece, crc)
            size += len(piece)
            self._write(packer.compress(piece))
        self._write(packer.flush())
        end = self._at
        sizes = (crc, end - first, size)
        self._out.seek(start)
        self._at = start
        self._begin(member, zipfile.ZIP_DEFLATED, sizes)
        self._out.seek(end)
        self._at = end

    def close(self) -> None:
        """Writes the list of members: only now it is a zip file."""
        start, count = self._at, len(self._entries)
        if count > 0xFFFE:
            raise OddPackage("members")
        for entry in self._entries:
            self._write(entry)
        size = self._at - start
        self._write(_END.pack(b"PK\x05\x06", 0, 0, count, count, size, start, 0))
        self._out.flush()

    def _begin(
        self,
        member: zipfile.ZipInfo,
        method: int,
        sizes: tuple[int, int, int],
        *,
        entry: bool = True,
    ) -> None:
        name, flags = _encoded(member.filename)
        year, month, day, hour, minute, second = member.date_time
        date = max(year - 1980, 0) << 9 | month << 5 | day
        clock = hour << 11 | minute << 5 | second // 2
        start = self._at
        self._write(
            _LOCAL.pack(b"PK\x03\x04", _NEEDS, flags, method, clock, date, *sizes, len(name), 0)
            + name
        )
        if entry:
            self._entries.append(
                _CENTRAL.pack(
                    b"PK\x01\x02",
                    _NEEDS,
                    _NEEDS,
                    flags,
                    method,
                    clock,
                    date,
                    *sizes,
                    len(name),
                    0,
                    0,
                    0,
                    0,
                    0,
                    start,
                )
                + name
            )

    def _write(self, piece: bytes) -> None:
        self._out.write(piece)
        self._at += len(piece)


def _encoded(name: str) -> tuple[bytes, int]:
    try:
        return name.encode("ascii"), 0
    except UnicodeEncodeError:
        return name.encode("utf-8"), _UTF8
