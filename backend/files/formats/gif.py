"""The blocks of a GIF, walked without decoding: where it ends, and whether that is the end."""

_TRAILER, _EXTENSION, _IMAGE = 0x3B, 0x21, 0x2C
# The width of a picture that is also a program: its comment or its assignment begins there.
_PROGRAM_WIDTHS = (b"/*", b"//", b"=1", b"='", b'="')


def gif_ends_where_it_says(content: bytes) -> bool:
    """Whether nothing follows the picture, and its head does not read as a program's either.

    A GIF that is a script as well keeps the script behind the picture, or makes the width of the
    picture the beginning of a comment. A file cut short is left to the decoder to refuse.
    """
    if content[6:8] in _PROGRAM_WIDTHS:
        return False
    try:
        place = _end(content)
    except IndexError:
        return True
    return not content[place:].strip(b"\x00\r\n ")


def _end(content: bytes) -> int:
    """The place behind the trailer. Raises: IndexError if there is none."""
    place = 13 + _colours(content[10])
    while True:
        kind = content[place]
        if kind == _TRAILER:
            return place + 1
        if kind == _EXTENSION:
            place = _behind_blocks(content, place + 2)
        elif kind == _IMAGE:
            place = _behind_blocks(content, place + 10 + _colours(content[place + 9]) + 1)
        else:
            raise IndexError("no block begins here")


def _colours(flags: int) -> int:
    return 3 * 2 ** ((flags & 7) + 1) if flags & 0x80 else 0


def _behind_blocks(content: bytes, place: int) -> int:
    while content[place]:
        place += content[place] + 1
    return place + 1
