"""Rules on attachments: pure functions."""

import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import PurePosixPath

from backend.core.errors import RuleViolation, not_found
from backend.core.masking import mask_phone

MAX_FILE_BYTES = 20 * 2**20
MAX_PIXELS = 50_000_000
MAX_PER_RECORD = 30
MAX_NAME = 100
# So long may who has put up the wrong photo take it away again without asking anybody.
OWN_REMOVAL = timedelta(hours=24)

_IMAGE_ENDINGS = frozenset(
    {"jpg", "jpeg", "jpe", "jfif", "png", "webp", "gif", "heic", "heif", "bmp", "avif"}
)
ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "application/pdf": "pdf"}
# An ending of a program's: letters and digits, few of them, a letter first.
_ENDING = re.compile(r"[a-z][a-z0-9]{1,4}")

_MOBILE = re.compile(r"(?<!\d)(1[3-9]\d(?:[\s-]?\d{4}){2})(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}-?[2-9]\d{6,7}(?!\d)")
_DATE_OF_BIRTH = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_IDENTITY = re.compile(
    rf"(?<!\d)[1-9]\d{{5}}(?:(?:19|20)\d{{2}}{_DATE_OF_BIRTH}\d{{3}}[\dXx]"
    rf"|\d{{2}}{_DATE_OF_BIRTH}\d{{3}})(?!\d)"
)


def without_numbers(text: str) -> str:
    """The text with phones and identity numbers masked: 138****5678, ＊＊＊."""
    text = _IDENTITY.sub("＊＊＊", text)
    text = _MOBILE.sub(lambda found: mask_phone(re.sub(r"\D", "", found[1])), text)
    return _LANDLINE.sub(lambda found: mask_phone(re.sub(r"\D", "", found[0])), text)


def shown_name(name: str) -> str:
    """A file's own name, fit to be shown: no folders, no invisible characters, no numbers of people.

    It is never used on disk.
    """
    name = unicodedata.normalize("NFKC", name.replace("\\", "/").rsplit("/", 1)[-1])
    # Control characters and marks that turn the reading direction: exe.gpj would read as a photo.
    name = "".join(c for c in name if unicodedata.category(c)[0] not in "CZ" or c == " ")
    name = without_numbers(re.sub(r'[/\\:*?"<>|]', "_", " ".join(name.split()))).strip(" .")
    if len(name) > MAX_NAME:
        stem, dot, ending = name.rpartition(".")
        kept = f"{dot}{ending}" if dot and len(ending) < 8 else ""
        name = (stem if kept else name)[: MAX_NAME - len(kept)] + kept
    return name


def download_name(title: str, original_name: str, content_type: str) -> str:
    """Under which name a browser saves the file: by its title or own name, with the true ending."""
    stem = shown_name(title) or PurePosixPath(original_name).stem or "附件"
    return f"{stem}.{ENDINGS[content_type]}"


def file_has_size(size: int) -> None:
    """Raises: file_empty, file_too_large. Bytes."""
    if size == 0:
        raise RuleViolation(
            "file_empty", "这个文件是空的（0 字节），请确认选对了文件后重新上传。", field="file"
        )
    if size > MAX_FILE_BYTES:
        raise RuleViolation(
            "file_too_large",
            f"单个附件不能超过 {MAX_FILE_BYTES // 2**20} MB，请压缩后再传，或分成几个文件。",
            field="file",
        )


def name_suits_content(name: str, content_type: str) -> None:
    """Raises: attachment_name if the ending says that the file is quite another thing.

    Phones and chat programs call a JPEG .png: among pictures the ending does not matter, and
    a name without one is fine.
    """
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    if not _ENDING.fullmatch(ending):
        return
    fitting = {"pdf"} if content_type == "application/pdf" else _IMAGE_ENDINGS
    if ending not in fitting:
        really = "PDF" if content_type == "application/pdf" else "图片"
        raise RuleViolation(
            "attachment_name",
            f"文件名的后缀是 .{ending}，内容却是{really}，请核对是否选错了文件，改好后缀再传。",
            field="file",
        )


def record_has_room(others: int) -> None:
    """Raises: attachments_full if a record holds as many as it may."""
    if others >= MAX_PER_RECORD:
        raise RuleViolation(
            "attachments_full",
            f"一条记录最多 {MAX_PER_RECORD} 个附件，请先移除不需要的。",
            field="file",
        )


def target_is_there(found: bool) -> None:
    """Raises: not_found if the record that a file is put on is not there, or not in its community."""
    if not found:
        raise not_found("要添加附件的记录")


def file_is_there(found: bool) -> None:
    """Raises: attachment_file_missing for a row that would name a file that is not stored."""
    if not found:
        raise RuleViolation(
            "attachment_file_missing", "附件的文件已经不在了，不能恢复，请重新上传。", field="file"
        )


def own_may_be_removed(uploaded_at: datetime, now: datetime) -> bool:
    """Whether who put a file up may still take it away by themselves."""
    return now - uploaded_at <= OWN_REMOVAL
