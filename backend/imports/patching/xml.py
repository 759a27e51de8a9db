"""Looking into a part's XML without parsing it whole: elements by pattern, attributes by name.

What is put in is ASCII (other characters by number), so it fits whatever encoding the part has.
"""

import re
from functools import lru_cache

from .notes import OddPackage

# Characters that XML cannot hold at all.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def prefix_of(xml: bytes, root: str) -> bytes:
    """The namespace prefix, with its colon, of the root element; usually none.

    Raises: OddPackage for another root.
    """
    found = re.search(rb"<([A-Za-z_][\w.-]*:)?" + root.encode() + rb"[\s>]", xml)
    if found is None:
        raise OddPackage(root)
    return found[1] or b""


def element(prefix: bytes, name: str) -> re.Pattern[bytes]:
    """An element with or without content: its opening tag's attributes and its content."""
    tag = re.escape(prefix) + name.encode()
    return re.compile(rb"<" + tag + rb"(\s[^<>]*?)?(?:/>|>(.*?)</" + tag + rb"\s*>)", re.DOTALL)


@lru_cache(maxsize=256)
def _attribute(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\s" + name.encode() + rb"\s*=\s*(?:\"([^\"<]*)\"|'([^'<]*)')")


def attribute(tag: bytes, name: str) -> bytes | None:
    """The value of an attribute; None where it is not there."""
    found = _attribute(name).search(tag)
    if found is None:
        return None
    return found[1] if found[1] is not None else found[2]


def with_attribute(attributes: bytes, name: str, value: object) -> bytes:
    """Attributes with one set; None takes it away."""
    without = _attribute(name).sub(b"", attributes, 1).rstrip()
    if value is None:
        return without
    return without + f' {name}="{value}"'.encode()


def escaped(text: str) -> bytes:
    """Text as it stands between tags."""
    plain = FORBIDDEN.sub("", text).replace("&", "&amp;").replace("<", "&lt;")
    return plain.replace(">", "&gt;").encode("ascii", "xmlcharrefreplace")


def letters_of(column: int) -> str:
    """The letters of a column; A is 0."""
    letters, number = "", column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
