"""Pictures of QR codes."""

from importlib import import_module
from io import BytesIO
from typing import Any


def _code(text: str) -> Any:
    # Loaded when a code is drawn.
    qrcode = import_module("qrcode")
    code = qrcode.QRCode(error_correction=qrcode.ERROR_CORRECT_M, box_size=10, border=4)
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
