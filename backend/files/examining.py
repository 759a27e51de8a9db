"""Examining a file that somebody uploaded, without trusting it.

It is opened by a child process (`examiner_process.py`) within limits; this process reads sizes only,
and survives whatever the file does.
"""

import hashlib
import json
import logging
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from backend.core.errors import RuleViolation
from backend.files import rules

MAX_WAIT_SECONDS = 40.0
# Beyond what Python and Pillow take to start: 50 million pixels in four bytes, three times over.
MEMORY_BYTES = 700 * 2**20
_CHILD = Path(__file__).with_name("examiner_process.py")
_OUT_OF_MEMORY_STATUS = 3
_MESSAGES = {
    "attachment_heic": "这是苹果手机的 HEIC 格式，系统打不开。请在手机设置里改为“兼容性最佳”或截图后再传。",
    "attachment_page": "这是网页或 SVG 文件，不能作为附件。请截图，或打印成 PDF 后再传。",
    "attachment_archive": "这是压缩包或办公文档，不能作为附件。请解压后传照片，或另存为 PDF 后再传。",
    "attachment_type": "认不出这种文件。附件只收照片（JPG、PNG、WebP、GIF）和 PDF，请转换后再传。",
    "attachment_mixed": "文件里夹带了别的内容，为安全起见没有保存。请截图，或重新打印成 PDF 后再传。",
    "attachment_broken": "文件不完整或已损坏，打不开。请重新拍照、扫描或导出后再传。",
    "attachment_pixels": f"图片超过 {rules.MAX_PIXELS // 10_000} 万像素，请缩小后再传。",
    "pdf_encrypted": "这个 PDF 加了密码，请去掉密码（或打印成新的 PDF）后再传。",
    "pdf_active": "这个 PDF 里带有脚本或会启动程序的动作，为安全起见没有保存。请打印成新的 PDF 后再传。",
}
_log = logging.getLogger("linli.files")


class Incoming(Protocol):
    """A file as it came in: Django's uploaded file, or one of its own kind."""

    @property
    def size(self) -> Any: ...

    @property
    def name(self) -> Any: ...

    def chunks(self, chunk_size: int | None = None) -> Any: ...


@dataclass(frozen=True)
class Examined:
    """What is to be stored of a file, and what it is."""

    content: bytes
    thumbnail: bytes | None
    content_type: str
    width: int | None
    height: int | None
    # Of the file as it came.
    sha256: str


def examine(upload: Incoming) -> Examined:
    """The file, made harmless. Pictures are made anew, without position and other traces.

    Raises: file_empty, file_too_large, attachment_name, attachment_heic, attachment_page,
        attachment_archive, attachment_type, attachment_mixed, attachment_broken,
        attachment_pixels, pdf_encrypted, pdf_active.
    """
    rules.file_has_size(upload.size)
    with tempfile.TemporaryDirectory(prefix="linli-file-") as name:
        folder = Path(name)
        digest, size = hashlib.sha256(), 0
        with (folder / "given").open("wb") as given:
            for chunk in upload.chunks():
                digest.update(chunk)
                size += len(chunk)
                given.write(chunk)
        rules.file_has_size(size)
        said = _ask_child(folder)
        rules.name_suits_content(rules.shown_name(str(upload.name or "")), said["content_type"])
        thumbnail = folder / "thumbnail"
        return Examined(
            content=(folder / "file").read_bytes(),
            thumbnail=thumbnail.read_bytes() if thumbnail.exists() else None,
            content_type=said["content_type"],
            width=said.get("width"),
            height=said.get("height"),
            sha256=digest.hexdigest(),
        )


def _ask_child(folder: Path) -> dict[str, Any]:
    request = {
        "path": str(folder / "given"),
        "folder": str(folder),
        "max_pixels": rules.MAX_PIXELS,
        "memory_bytes": MEMORY_BYTES,
    }
    try:
        done = subprocess.run(
            # Isolated: neither the environment nor the working directory has a say.
            [sys.executable, "-I", str(_CHILD), json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={},
            timeout=MAX_WAIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        _log.warning("An attachment was not examined: no answer in time")
        raise refused("attachment_broken") from None
    if done.returncode == _OUT_OF_MEMORY_STATUS:
        raise refused("attachment_pixels")
    if done.returncode > 0:
        # Not the file's fault, and not the user's: the installation is broken.
        raise RuntimeError(f"the examiner of files does not start (status {done.returncode})")
    if done.returncode < 0:
        _log.warning("An attachment was not examined: ended by signal %s", -done.returncode)
        raise refused("attachment_broken")
    said: dict[str, Any] = json.loads(done.stdout)
    if "refused" in said:
        _log.info("An attachment was not taken: %s %s", said["refused"], said.get("why", ""))
        raise refused(said["refused"])
    return said


def refused(code: str) -> RuleViolation:
    """The refusal of a file."""
    return RuleViolation(code, _MESSAGES[code], field="file")
