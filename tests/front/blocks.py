"""The files that a page of the docs shows: its code blocks that name one."""

import re
from pathlib import Path

from tests.front.mocked import ROOT

_BLOCK = re.compile(r"^```\w+ (?P<name>[\w-]+\.\w+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


def files_of(page: str) -> dict[str, str]:
    """Name -> text of the files that docs/api/<page> shows."""
    text = (ROOT / "docs" / "api" / page).read_text(encoding="utf-8")
    return {found["name"]: found["text"] for found in _BLOCK.finditer(text)}


def write(files: dict[str, str], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
