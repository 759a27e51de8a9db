"""The whole workbook: one sheet and the styles anew, macros left out, all else as it was."""

import re
from collections.abc import Iterator
from typing import BinaryIO

from ..formats.archive import Archive
from ..formats.xlsx_package import plan_of
from .notes import Note, OddPackage, Task
from .repacking import Repacked
from .sheet import SheetPatch
from .styles import Styles
from .xml import attribute

_TYPES, _RELATIONS = "[Content_Types].xml", "xl/_rels/workbook.xml.rels"
_PLAIN = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
# Workbooks with macros, and templates of Excel's: under the name .xlsx no program opens them.
_OTHER_KINDS = (
    b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    b"application/vnd.ms-excel.template.macroEnabled.main+xml",
    b"application/vnd.openxmlformats-officedocument.spreadsheetml.template.main+xml",
)
_MACROS = re.compile(r"xl/(_rels/)?vba\w*\.(bin|xml)(\.rels)?")


def patch_workbook(archive: Archive, task: Task, notes: Iterator[Note], out: BinaryIO) -> None:
    """Writes the marked workbook. Raises: OddPackage; Refusal as the archive."""
    size = archive.size()
    if sum(member.compress_size for member in archive.members()) > size:
        # Members that lie over one another would come out larger than they went in.
        raise OddPackage("overlap")
    sheets = {name: member for name, _, member in plan_of(archive).sheets}
    if task.sheet not in sheets or "xl/styles.xml" not in archive:
        raise OddPackage("parts")
    sheet = archive.member(sheets[task.sheet])
    style_part = archive.member("xl/styles.xml")
    styles = Styles(archive.read("xl/styles.xml"))
    plain = _without_macros(archive)
    made = Repacked(out)
    for member in archive.members():
        name = member.filename.lower().lstrip("/")
        if plain and _MACROS.fullmatch(name):
            continue
        if member is sheet:
            patch = SheetPatch(archive, sheets[task.sheet], task, styles)
            made.add(member, patch.xml(notes))
        elif name in plain:
            made.add(member, [plain[name]])
        elif member is not style_part:
            made.copy(archive, member)
    # Last: only now all styles are known.
    made.add(style_part, [styles.xml()])
    made.close()


def _without_macros(archive: Archive) -> dict[str, bytes]:
    """The parts that name the workbook's kind, for one with macros; nothing for a plain one."""
    types = archive.read(_TYPES)
    if not any(kind in types for kind in _OTHER_KINDS):
        return {}
    for kind in _OTHER_KINDS:
        types = types.replace(kind, _PLAIN)
    types = _dropped(types, rb"<(?:[\w.-]+:)?Override\s[^<>]*/>", "PartName")
    relations = archive.read(_RELATIONS)
    relations = _dropped(relations, rb"<(?:[\w.-]+:)?Relationship\s[^<>]*/>", "Target")
    return {_TYPES.lower(): types, _RELATIONS.lower(): relations}


def _dropped(xml: bytes, tag: bytes, name: str) -> bytes:
    """XML without the elements that name a part with macros."""

    def kept(found: re.Match[bytes]) -> bytes:
        part = (attribute(found[0], name) or b"").decode("utf-8", "replace").lower().lstrip("/")
        part = part if part.startswith("xl/") else f"xl/{part}"
        return b"" if _MACROS.fullmatch(part) else found[0]

    return re.sub(tag, kept, xml)
