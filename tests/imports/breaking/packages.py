"""What may happen to a zip package: members exchanged, doubled, renamed, lied about."""

import io
import struct
import warnings
import zipfile
from random import Random

CENTRAL, LOCAL = b"PK\x01\x02", b"PK\x03\x04"
Members = list[tuple[str, bytes]]


def members(content: bytes) -> Members:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return [(name, package.read(name)) for name in package.namelist()]


def packed(parts: Members, level: int = 6) -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        warnings.simplefilter("ignore", UserWarning)
        for name, content in parts:
            info = zipfile.ZipInfo(name, (2025, 9, 1, 8, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(info, content, compresslevel=level)
    return out.getvalue()


def _places(content: bytes, signature: bytes) -> list[int]:
    found, at = [], content.find(signature)
    while at >= 0:
        found.append(at)
        at = content.find(signature, at + 1)
    return found


def members_exchanged(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    one, two = chance.sample(range(len(parts)), 2)
    parts[one], parts[two] = (parts[one][0], parts[two][1]), (parts[two][0], parts[one][1])
    return packed(parts)


def all_members_exchanged(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    contents = [part for _, part in parts]
    chance.shuffle(contents)
    return packed([(name, part) for (name, _), part in zip(parts, contents, strict=True)])


def a_member_doubled(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    name, part = parts[chance.randrange(len(parts))]
    other = chance.choice((part, b"", part[: len(part) // 2]))
    return packed([*parts, (chance.choice((name, name.upper(), "/" + name)), other)])


def a_member_renamed(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    at = chance.randrange(len(parts))
    name = parts[at][0]
    new = chance.choice(
        (
            name.replace("/", "\\"),
            "../" * 9 + name,
            name + "\0.xml",
            "名/" + name,
            name.upper(),
            "x",
        )
    )
    parts[at] = (new, parts[at][1])
    return packed(parts)


def a_member_lost(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    del parts[chance.randrange(len(parts))]
    return packed(parts)


def a_member_emptied(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    at = chance.randrange(len(parts))
    parts[at] = (parts[at][0], b"")
    return packed(parts)


def a_member_cut_off(content: bytes, chance: Random) -> bytes:
    parts = members(content)
    at = chance.randrange(len(parts))
    name, part = parts[at]
    parts[at] = (name, part[: chance.randrange(len(part) + 1)])
    return packed(parts)


def wrong_checksum(content: bytes, chance: Random) -> bytes:
    changed = bytearray(content)
    at = chance.choice(_places(content, CENTRAL))
    struct.pack_into("<I", changed, at + 16, chance.getrandbits(32))
    return bytes(changed)


def bogus_sizes(content: bytes, chance: Random) -> bytes:
    """The packed or unpacked size of a member, in one list of them or the other."""
    changed = bytearray(content)
    signature = chance.choice((CENTRAL, CENTRAL, LOCAL))
    at = chance.choice(_places(content, signature)) + (20 if signature == CENTRAL else 18)
    size = chance.choice((0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF, 600 * 2**20))
    struct.pack_into("<I", changed, at + 4 * chance.randrange(2), size)
    return bytes(changed)


def bogus_places(content: bytes, chance: Random) -> bytes:
    """Where a member lies: before the file, behind it, in another member."""
    changed = bytearray(content)
    at = chance.choice(_places(content, CENTRAL))
    place = chance.choice((0, 7, len(content) - 1, len(content) * 2, 0xFFFFFFFE))
    struct.pack_into("<I", changed, at + 42, place)
    return bytes(changed)


def another_method(content: bytes, chance: Random) -> bytes:
    """Packed in a way that is not said; or marked as encrypted."""
    changed = bytearray(content)
    at = chance.choice(_places(content, CENTRAL))
    struct.pack_into(
        "<HH", changed, at + 8, chance.choice((0, 1, 8)), chance.choice((0, 9, 12, 99))
    )
    return bytes(changed)


def longer_names(content: bytes, chance: Random) -> bytes:
    """The lengths of names, extras and comments run over what follows."""
    changed = bytearray(content)
    at = chance.choice(_places(content, CENTRAL))
    struct.pack_into(
        "<H", changed, at + 28 + 2 * chance.randrange(3), chance.choice((0, 999, 65535))
    )
    return bytes(changed)


def thousands_of_members(content: bytes, chance: Random) -> bytes:
    return packed([*members(content), *((f"xl/media/{n}.png", b"") for n in range(5_500))])


def a_picture_of_zeros(content: bytes, chance: Random) -> bytes:
    """A thousand to one, in a member that nobody needs."""
    return packed([*members(content), ("xl/media/image1.png", bytes(30 * 2**20))])


WAYS = (
    members_exchanged,
    a_member_doubled,
    a_member_renamed,
    a_member_lost,
    wrong_checksum,
    bogus_sizes,
    a_member_cut_off,
    bogus_places,
    another_method,
    all_members_exchanged,
    longer_names,
    a_member_emptied,
    thousands_of_members,
    a_picture_of_zeros,
)
