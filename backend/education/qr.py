"""Pictures of QR codes."""

from io import BytesIO

import qrcode
from qrcode.constants import ERROR_CORRECT_M
from qrcode.image.svg import SvgPathImage


def _code(text: str) -> qrcode.QRCode:
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_M, box_size=10, border=4)
    code.add_data(text)
    code.make(fit=True)
    return code


def svg(text: str) -> str:
    """The code as an SVG element, to stand in a page or a file."""
    picture = _code(text).make_image(image_factory=SvgPathImage)
    return picture.to_string(encoding="unicode")  # type: ignore[no-any-return]


def png(text: str) -> bytes:
    """The code as a PNG, for those who make a poster of their own."""
    out = BytesIO()
    picture = _code(text).make_image()
    picture.save(out)
    return out.getvalue()
