"""OLE2 compound files (.xls, encrypted .xlsx): their streams by name, and where each byte lies."""

import struct
from array import array

from .refusal import Refusal

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_HEADER = struct.Struct("<30x2H6x9I")
_ENTRY = struct.Struct("<64sHB49xIQ")
_LAST_REGULAR = 0xFFFFFFF9
_STREAM, _ROOT = 2, 5


class Compound:
    """A compound file held in memory (uploads are capped well before that hurts).

    Raises: `file_broken` for a file that is cut off or whose chains run in circles.
    """

    def __init__(self, content: bytes) -> None:
        self.content = content
        try:
            self._load()
        except (struct.error, IndexError, ValueError, OverflowError) as error:
            raise Refusal("file_broken") from error

    def _load(self) -> None:
        shift, mini_shift, *numbers = _HEADER.unpack_from(self.content)
        if shift not in (9, 12) or mini_shift != 6:
            raise Refusal("file_broken")
        self._size, self._mini_size = 1 << shift, 1 << mini_shift
        _, _, directory, _, self._cutoff, mini_fat, _, difat, _ = numbers
        self._fat = self._numbers(self._fat_sectors(difat))
        self._mini_fat = self._numbers(self._chain(self._fat, mini_fat))
        self._entries: dict[str, tuple[int, int]] = {}
        self._mini_stream: list[int] = []
        for sector in self._chain(self._fat, directory):
            at = self._offset(sector)
            for raw in _ENTRY.iter_unpack(self.content[at : at + self._size]):
                name, length, kind, start, size = raw
                if kind == _ROOT and start <= _LAST_REGULAR:
                    self._mini_stream = self._chain(self._fat, start)
                elif kind == _STREAM:
                    text = name[: max(length - 2, 0)].decode("utf-16-le", "replace")
                    # Version 3 files may leave rubbish in the upper half of the size.
                    self._entries[text.lower()] = (start, size & 0xFFFFFFFF)

    def _offset(self, sector: int) -> int:
        return (sector + 1) * self._size

    def _sector(self, sector: int) -> list[int]:
        at = self._offset(sector)
        return list(array("I", self.content[at : at + self._size]))

    def _numbers(self, sectors: list[int]) -> list[int]:
        numbers: list[int] = []
        for sector in sectors:
            numbers.extend(self._sector(sector))
        return numbers

    def _fat_sectors(self, difat: int) -> list[int]:
        sectors = list(array("I", self.content[76:512]))
        seen = set()
        while difat <= _LAST_REGULAR:
            if difat in seen:
                raise Refusal("file_broken")
            seen.add(difat)
            *more, difat = self._sector(difat)
            sectors.extend(more)
        return [sector for sector in sectors if sector <= _LAST_REGULAR]

    @staticmethod
    def _chain(table: list[int], start: int) -> list[int]:
        chain = []
        while start <= _LAST_REGULAR:
            chain.append(start)
            if len(chain) > len(table):
                raise Refusal("file_broken")
            start = table[start]
        return chain

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._entries

    def places(self, name: str) -> list[tuple[int, int]]:
        """Where a stream lies in the file: (offset, length) of each run of bytes, in order."""
        start, size = self._entries[name.lower()]
        try:
            if size >= self._cutoff:
                unit = self._size
                offsets = [self._offset(sector) for sector in self._chain(self._fat, start)]
            else:
                unit = self._mini_size
                per_sector = self._size // unit
                offsets = [
                    self._offset(self._mini_stream[sector // per_sector])
                    + sector % per_sector * unit
                    for sector in self._chain(self._mini_fat, start)
                ]
        except IndexError as error:
            raise Refusal("file_broken") from error
        if len(offsets) * unit < size or (offsets and max(offsets) >= len(self.content)):
            raise Refusal("file_broken")
        return [(at, min(unit, size - i * unit)) for i, at in enumerate(offsets) if i * unit < size]

    def stream(self, name: str) -> bytes:
        """The content of a stream. Raises: `file_broken` if its chain is damaged."""
        return b"".join(self.content[at : at + n] for at, n in self.places(name))

    def with_stream(self, name: str, stream: bytes) -> bytes:
        """The whole file again, with a stream of the same length in the place of another."""
        content = bytearray(self.content)
        position = 0
        for at, length in self.places(name):
            content[at : at + length] = stream[position : position + length]
            position += length
        return bytes(content)
