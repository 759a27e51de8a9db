"""What may happen inside an .xls: chains of sectors, records, counts."""

import struct
from random import Random

from backend.imports.formats.compound import Compound
from tests.imports.breaking.anyhow import bytes_flipped, cut_off, large_numbers

SECTOR = 512
_FREE, _END = 0xFFFFFFFF, 0xFFFFFFFE


def _fat_place(content: bytes) -> int:
    return int((struct.unpack_from("<I", content, 76)[0] + 1) * SECTOR)


def a_chain_cut(content: bytes, chance: Random) -> bytes:
    changed, at = bytearray(content), _fat_place(content)
    for _ in range(chance.choice((1, 5))):
        struct.pack_into("<I", changed, at + 4 * chance.randrange(40), chance.choice((_FREE, _END)))
    return bytes(changed)


def a_chain_in_circles(content: bytes, chance: Random) -> bytes:
    changed, at = bytearray(content), _fat_place(content)
    for _ in range(chance.choice((1, 9))):
        struct.pack_into("<I", changed, at + 4 * chance.randrange(40), chance.randrange(40))
    return bytes(changed)


def a_chain_out_of_the_file(content: bytes, chance: Random) -> bytes:
    changed, at = bytearray(content), _fat_place(content)
    far = chance.choice((10_000, 0x7FFFFFFF, 0xFFFFFFF9))
    struct.pack_into("<I", changed, at + 4 * chance.randrange(40), far)
    return bytes(changed)


def a_bogus_header(content: bytes, chance: Random) -> bytes:
    """Sector sizes, counts and first sectors in the file's head."""
    changed = bytearray(content)
    at = chance.choice((24, 30, 32, 44, 48, 56, 60, 64, 68, 72, 76))
    struct.pack_into("<I", changed, at, chance.choice((0, 1, 12, 0xFFFF, 0x7FFFFFFF, _FREE, _END)))
    return bytes(changed)


def _records(stream: bytes) -> list[tuple[int, int, int]]:
    found, at = [], 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        found.append((kind, at, length))
        at += 4 + length
    return found


def _with_stream(content: bytes, stream: bytes) -> bytes:
    return Compound(content).with_stream("Workbook", stream)


def record_lengths(content: bytes, chance: Random) -> bytes:
    stream = bytearray(Compound(content).stream("Workbook"))
    for _ in range(chance.choice((1, 4))):
        _, at, _ = chance.choice(_records(bytes(stream))[:400])
        struct.pack_into("<H", stream, at + 2, chance.choice((0, 1, 3, 8_224, 65_535)))
    return _with_stream(content, bytes(stream))


def record_kinds(content: bytes, chance: Random) -> bytes:
    stream = bytearray(Compound(content).stream("Workbook"))
    for _ in range(chance.choice((1, 4))):
        _, at, _ = chance.choice(_records(bytes(stream))[:400])
        kinds = (0x0A, 0x06, 0xFC, 0xFD, 0x85, 0xBD, 0xD6, 0x200, 0x203, 0x205, 0x27E, 0xE5, 0x2F)
        struct.pack_into("<H", stream, at, chance.choice(kinds))
    return _with_stream(content, bytes(stream))


def record_contents(content: bytes, chance: Random) -> bytes:
    stream = bytearray(Compound(content).stream("Workbook"))
    _, at, length = chance.choice([r for r in _records(bytes(stream)) if r[2]])
    for _ in range(chance.choice((1, 4))):
        stream[at + 4 + chance.randrange(length)] = chance.choice((0, 1, 0x7F, 0xFF))
    return _with_stream(content, bytes(stream))


def _of_kind(content: bytes, chance: Random, kind: int, at: int, value: bytes) -> bytes:
    stream = bytearray(Compound(content).stream("Workbook"))
    places = [place for found, place, _ in _records(bytes(stream)) if found == kind]
    if places:
        place = chance.choice(places) + 4 + at
        stream[place : place + len(value)] = value
    return _with_stream(content, bytes(stream))


def sheets_that_begin_elsewhere(content: bytes, chance: Random) -> bytes:
    start = chance.choice((0, 4, 7, len(content), 0x7FFFFFFF, 0xFFFFFFFF))
    return _of_kind(content, chance, 0x85, 0, struct.pack("<I", start))


def counts_of_strings(content: bytes, chance: Random) -> bytes:
    count = chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFF))
    return _of_kind(content, chance, 0xFC, chance.choice((0, 4)), struct.pack("<I", count))


def cells_in_far_corners(content: bytes, chance: Random) -> bytes:
    place = struct.pack("<HH", chance.choice((0, 65_535)), chance.choice((0, 255, 16_383, 65_535)))
    return _of_kind(content, chance, chance.choice((0xFD, 0x203, 0x27E, 0x201)), 0, place)


def a_huge_extent(content: bytes, chance: Random) -> bytes:
    extent = struct.pack(
        "<IIHH", 0, chance.choice((65_536, 0xFFFFFFFF)), 0, chance.choice((256, 65_535))
    )
    return _of_kind(content, chance, 0x200, 0, extent)


def merges_of_everything(content: bytes, chance: Random) -> bytes:
    ranges = struct.pack(
        "<HHHHH", chance.choice((1, 0xFFFF)), 0, 65_535, 0, chance.choice((0, 65_535))
    )
    return _of_kind(content, chance, 0xE5, 0, ranges)


WAYS = (
    a_chain_cut,
    record_lengths,
    a_chain_in_circles,
    record_kinds,
    a_bogus_header,
    record_contents,
    a_chain_out_of_the_file,
    sheets_that_begin_elsewhere,
    counts_of_strings,
    cells_in_far_corners,
    a_huge_extent,
    merges_of_everything,
    bytes_flipped,
    cut_off,
    large_numbers,
)
