"""What may happen to a text: NULs, a line without end, quotes that nobody closes."""

from random import Random

from tests.imports.breaking.anyhow import bytes_flipped, cut_off


def _somewhere(content: bytes, new: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(content))
    return content[:at] + new + content[at:]


def nuls(content: bytes, chance: Random) -> bytes:
    return _somewhere(content, bytes(chance.choice((1, 100, 10_000))), chance)


def a_line_without_end(content: bytes, chance: Random) -> bytes:
    length = chance.choice((200_000, 29 * 2**20))
    return content + chance.choice((b"x", b",", b'","', b"\xe7\x94\xb2", b"1,"))[:1] * length


def separators_without_end(content: bytes, chance: Random) -> bytes:
    return content + b",;\t"[chance.randrange(3) :][:1] * chance.choice((20_000, 20 * 2**20))


def an_open_quote(content: bytes, chance: Random) -> bytes:
    return _somewhere(content, b'\n"', chance) + b"x,y\n" * chance.choice((1, 2_000_000))


def quotes_everywhere(content: bytes, chance: Random) -> bytes:
    return content.replace(b",", b'",""').replace(b";", b'"";"')


def rows_without_end(content: bytes, chance: Random) -> bytes:
    line = chance.choice((b"1,x,y\n", b"\n", b" , , \n", b",,,,,,,,,,\r\n", b"\r"))
    return content + line * chance.choice((100_000, 4_000_000))


def two_encodings(content: bytes, chance: Random) -> bytes:
    other = "张安然，河畔街道".encode(chance.choice(("utf-8", "gb18030", "utf-16-le", "utf-16-be")))
    return _somewhere(content, other * chance.choice((1, 50)), chance)


def as_utf_16(content: bytes, chance: Random) -> bytes:
    encoding = "gb18030" if content[:3] != b"\xef\xbb\xbf" else "utf-8-sig"
    text = content.decode(encoding).encode(
        chance.choice(("utf-16", "utf-16-le", "utf-16-be", "utf-32"))
    )
    return text[: len(text) - chance.randrange(3)]


def control_characters(content: bytes, chance: Random) -> bytes:
    marks = bytes(chance.randrange(1, 32) for _ in range(chance.choice((1, 20, 3_000))))
    return _somewhere(content, marks, chance)


def a_strange_hint(content: bytes, chance: Random) -> bytes:
    hint = chance.choice(
        (b"sep=\n", b'sep="\n', b"sep=\xff\n", b"sep=\r\r\n", b"sep= \n", b"sep=x\n")
    )
    return hint + content


WAYS = (
    nuls,
    a_line_without_end,
    an_open_quote,
    two_encodings,
    separators_without_end,
    as_utf_16,
    rows_without_end,
    control_characters,
    quotes_everywhere,
    a_strange_hint,
    bytes_flipped,
    cut_off,
)
