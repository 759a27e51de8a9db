"""Pictures of QR codes."""

from importlib import import_module
from io import BytesIO
from typing import Any


def _code(text: str, border: int = 4) -> Any:
    # Loaded when a code is drawn.
    qrcode = import_module("qrcode")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=10, border=border)
    code.add_data(text)
    code.make(fit=True)
    return code


def svg(text: str) -> str:
    """The code as an SVG element, to stand in a page or a file."""
    factory = import_module("qrcode.image.svg").SvgPathImage
    picture = _code(text).make_image(image_factory=factory)
    return picture.to_string(encoding="unicode")  # type: ignore[no-any-return]


def png(text: str) -> bytes:
    """The code as a PNG, for those who make a poster of their own."""
    out = BytesIO()
    picture = _code(text).make_image()
    picture.save(out)
    return out.getvalue()


def squares(text: str) -> list[list[bool]]:
    """The code as rows of dark and light squares, without the quiet zone around it."""
    found: list[list[bool]] = _code(text, border=0).get_matrix()
    return found
