"""Whether a workbook with all its layout can be held in memory by this process itself."""

import re
from pathlib import Path

from .archive import Archive
from .refusal import Refusal
from .xlsx import MERGED, merge_of

# openpyxl makes an object of each of these.
MOST_CELLS = 400_000
MOST_MERGED_CELLS = 200_000
MOST_BYTES = 48 * 2**20

_CELL = re.compile(rb"<(?:\w++:)?c[\s>/]")


def fits_in_memory(path: Path) -> bool:
    """Whether an .xlsx is small enough once unpacked; looks at all of its parts.

    Raises: Refusal, or what zipfile raises, for one that is damaged anywhere.
    """
    archive = Archive(path)
    size = cells = merged = 0
    for name in archive.names():
        if not name.endswith((".xml", ".rels", ".vml")):
            size += sum(map(len, archive.pieces(name)))
        else:
            for xml in archive.whole_tags(name):
                size += len(xml)
                cells += len(_CELL.findall(xml))
                merged += sum(_area(found) for found in MERGED.findall(xml))
                if size > MOST_BYTES or cells > MOST_CELLS or merged > MOST_MERGED_CELLS:
                    return False
        if size > MOST_BYTES:
            return False
    return True


def _area(found: tuple[bytes, bytes, bytes, bytes]) -> int:
    (top, left), (bottom, right) = merge_of(found)
    if bottom < top or right < left:
        raise Refusal("file_broken")
    return (bottom - top + 1) * (right - left + 1)
