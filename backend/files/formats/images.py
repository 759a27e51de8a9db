"""Pictures, made anew: what is stored was written by us, from pixels alone."""

import io
from pathlib import Path
from typing import Any

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from .refusal import Refusal

LONGER_SIDE = 2560
THUMBNAIL_SIDE = 320
_QUALITY = 85
_FORMATS = ("JPEG", "PNG", "GIF", "WEBP")
# Few colours: a scan, a screenshot, a drawing. A photo has thousands.
_FLAT_COLOURS = 256
# Asked for before anything is decoded, here, and by our own number.
Image.MAX_IMAGE_PIXELS = None


def read_image(path: Path, folder: Path, max_pixels: int) -> dict[str, Any]:
    """Writes `file` and `thumbnail` into the folder; answers content type, width and height.

    Raises: Refusal attachment_broken, attachment_pixels.
    """
    try:
        with Image.open(path, formats=_FORMATS) as image:
            if image.width * image.height > max_pixels:
                raise Refusal("attachment_pixels")
            if image.width < 1 or image.height < 1:
                raise Refusal("attachment_broken")
            return _write(image, folder)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise Refusal("attachment_broken") from error


def _write(image: Image.Image, folder: Path) -> dict[str, Any]:
    lossless = image.format in ("PNG", "GIF")
    # A JPEG is decoded no larger than need be: a phone's 48 million pixels at half their side.
    image.draft(None, (LONGER_SIDE, LONGER_SIDE))
    image.load()
    whole = _plain(ImageOps.exif_transpose(image))
    flat = lossless and whole.getcolors(_FLAT_COLOURS) is not None
    whole.thumbnail((LONGER_SIDE, LONGER_SIDE), Image.Resampling.LANCZOS)
    # Pasted onto an empty sheet: nothing of what the file carried besides pixels comes along.
    sheet = Image.new(whole.mode, whole.size)
    sheet.paste(whole)
    if flat:
        sheet.save(folder / "file", "PNG", optimize=True)
    else:
        sheet.save(folder / "file", "JPEG", quality=_QUALITY, optimize=True, progressive=True)
    small = sheet.copy()
    small.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE), Image.Resampling.LANCZOS)
    small.save(folder / "thumbnail", "JPEG", quality=_QUALITY, optimize=True)
    return {
        "content_type": "image/png" if flat else "image/jpeg",
        "width": sheet.width,
        "height": sheet.height,
    }


def _plain(image: Image.Image) -> Image.Image:
    """The picture in grey or in RGB of the usual space, on white where it was transparent."""
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        # Sixteen bits of grey: the upper eight. Kept as they are, all would be white.
        image = image.point(lambda value: value / 256).convert("L")
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        image = Image.new("RGB", seen.size, "white")
        image.paste(seen, mask=seen.getchannel("A"))
    elif image.mode in ("1", "L"):
        return image.convert("L")
    if profile:
        image = _in_usual_colours(image, profile)
    return image.convert("RGB")


def _in_usual_colours(image: Image.Image, profile: bytes) -> Image.Image:
    """The picture in sRGB: phones take theirs in a wider space, and the profile does not stay."""
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        made = ImageCms.profileToProfile(
            image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        # A profile that fits no picture: the colours as they stand are the best guess.
        return image
    return made if made is not None else image
