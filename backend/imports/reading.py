"""Reading a spreadsheet that somebody uploaded, without trusting it.

The file is opened by a child process (`reader_process.py`) within limits; rows stream from it in
frames, so this process never holds the file and survives whatever the file does.
"""

import datetime as dt
import fcntl
import io
import json
import logging
import os
import pickle
import select
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CellValue = None | str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta

# A year's ledger of a large community is below 5 MB; photos in the sheet are the usual excess.
MAX_FILE_BYTES = 30 * 2**20
# Spent waiting for the child, not while the rows are used: 100 000 rows take one second.
MAX_WAIT_SECONDS = 60.0

_CHILD = Path(__file__).with_name("reader_process.py")
_OUT_OF_MEMORY_STATUS = 3
# Twice what the child makes its frames.
_MAX_FRAME_BYTES = 8 * 2**20
_LENGTH = struct.Struct(">I")
# Linux: a wider pipe saves half of the switches between the two processes.
_F_SETPIPE_SZ = 1031
_PIPE_BYTES = 2**20

_SAVE_AS = "请用 WPS 或 Excel 另存为 .xlsx 后再上传"
_MESSAGES = {
    "file_empty": "这个文件是空的（0 字节），请确认选对了文件后重新上传",
    "file_broken": f"文件不完整或已损坏，无法打开，{_SAVE_AS}",
    "file_password": "文件有密码保护，请用 WPS 或 Excel 去掉密码，另存为 .xlsx 后再上传",
    "file_is_html": f"这个文件其实是网页格式，{_SAVE_AS}",
    "file_not_sheet": f"这个文件不是表格，{_SAVE_AS}",
    "file_too_large": "文件太大或内容过多，无法读取，请只保留要导入的工作表并删去图片，或分成几个文件上传",
    "file_too_many_rows": "表格的行数超过 {max_rows} 行，请分成几个文件上传",
    "cell_too_long": "第 {names} 行有单元格超过 32767 个字，请缩短后再上传",
    "sheet_blank": "工作表里没有内容，请确认选对了文件和工作表后重新上传",
    "upload_gone": "上传的文件已经不在了，可能已被处理或过了保存期，请看最新的状态，需要时重新上传",
    "several_sheets": "文件里有几张有内容的工作表（{names}），请指明要导入哪一张",
}

# In one sentence.
_MOST_NAMES = 10

_logger = logging.getLogger(__name__)


class UnreadableFile(Exception):
    """A file that is not read. The message says what to do next and quotes no cell."""

    def __init__(self, code: str, message: str, names: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.names = names

    @property
    def level(self) -> str:
        """ "question" if an answer is all it takes, else "error"."""
        return "question" if self.code == "several_sheets" else "error"


class UnknownSheet(Exception):
    """The sheet asked for is not in the file; `names` are those that are."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("unknown_sheet")
        self.names = names


@dataclass(frozen=True)
class Sheet:
    """One sheet, open. `rows` runs once, and only inside of `read_sheet`.

    A row is its number, as the spreadsheet program shows it, and its cells from column A on;
    blank rows are left out. `skipped_sheets` are the others that hold anything, hidden or not.
    """

    name: str
    kind: str
    epoch1904: bool
    rows: Iterator[tuple[int, list[CellValue]]]
    skipped_sheets: tuple[str, ...]
    # How many bytes of rows have come so far: what they may take in memory, before it is taken.
    received: Callable[[], int]
    # Once the rows are read: the numbers of those that the spreadsheet program does not show.
    hidden: Callable[[], tuple[int, ...]]
    # Which template of ours it is (identity.py); "" for none.
    mark: str = ""
    # About how far down the rows go, to tell how long reading will take; 0 if nobody knows.
    last_row: int = 0


@contextmanager
def read_sheet(
    path: Path, *, sheet: str | None = None, called: str = "", max_rows: int = 300_000
) -> Iterator[Sheet]:
    """The one sheet with content, or the one asked for.

    `called` is the file's own name, where it is stored under another: a CSV's sheet is called so.

    Raises: `UnreadableFile`, on entering or while the rows are read, with the codes file_empty,
    file_broken, file_password, file_is_html, file_not_sheet, file_too_large, file_too_many_rows,
    cell_too_long, sheet_blank, several_sheets, upload_gone; `UnknownSheet`.
    """
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        raise _unreadable("upload_gone") from None
    if size == 0 or size > MAX_FILE_BYTES:
        raise _unreadable("file_too_large" if size else "file_empty", max_rows=max_rows)
    child = _Child(_request(path, sheet, max_rows, Path(called).stem), max_rows)
    try:
        _, name, kind, epoch1904, others, mark, last_row = child.receive("sheet")
        yield Sheet(
            name,
            kind,
            epoch1904,
            child.rows(),
            others,
            lambda: child.received,
            lambda: child.hidden,
            mark,
            last_row,
        )
    except UnreadableFile:
        # Let go of by somebody else while it was read: nothing was wrong with it.
        if not path.exists():
            raise _unreadable("upload_gone") from None
        raise
    finally:
        child.stop()


def _request(path: Path, sheet: str | None, max_rows: int, called: str = "") -> dict[str, Any]:
    place = os.fspath(path.absolute())
    return {"path": place, "sheet": sheet, "max_rows": max_rows, "called": called}


def _unreadable(code: str, names: tuple[str, ...] = (), max_rows: int = 0) -> UnreadableFile:
    message = _MESSAGES.get(code, _MESSAGES["file_broken"])
    return UnreadableFile(code, message.format(names=some_of(names), max_rows=max_rows), names)


def some_of(names: tuple[str, ...]) -> str:
    """The names in a sentence; of very many or very long ones enough to know them by."""
    shown = "、".join(name if len(name) <= 31 else f"{name[:30]}…" for name in names[:_MOST_NAMES])
    return f"{shown} 等 {len(names)} 张" if len(names) > _MOST_NAMES else shown


class _Cells(pickle.Unpickler):
    """Unpickles plain values and dates, nothing that could run: the child has read the file."""

    def find_class(self, module: str, name: str) -> Any:
        if module == "datetime" and name in ("date", "datetime", "time", "timedelta"):
            return getattr(dt, name)
        raise pickle.UnpicklingError("not a cell")


class _Child:
    """The process that reads the file, seen from here."""

    def __init__(self, request: dict[str, Any], max_rows: int) -> None:
        self._max_rows = max_rows
        self._waited = 0.0
        self.received = 0
        self.hidden: tuple[int, ...] = ()
        self._process = subprocess.Popen(
            # Isolated: neither the environment nor the working directory has a say.
            [sys.executable, "-I", str(_CHILD), json.dumps(request)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            # A panic prints what it was reading.
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env={},
        )
        assert self._process.stdout is not None
        self._pipe = self._process.stdout.fileno()
        self._poll = select.poll()
        self._poll.register(self._pipe, select.POLLIN)
        try:
            fcntl.fcntl(self._pipe, _F_SETPIPE_SZ, _PIPE_BYTES)
        except OSError:
            pass  # not Linux, or an unprivileged limit: slower, not wrong

    def rows(self) -> Iterator[tuple[int, list[CellValue]]]:
        """The rows as they come. Raises: as `read_sheet`."""
        while (message := self.receive("rows", "end"))[0] == "rows":
            yield from message[1]
        self.hidden = message[1]

    def receive(self, *expected: str) -> tuple[Any, ...]:
        """The next message. Raises: as `read_sheet`."""
        if self._process.stdout is None or self._process.stdout.closed:
            raise ValueError("the rows of a sheet are read inside of read_sheet")
        (length,) = _LENGTH.unpack(self._bytes(_LENGTH.size))
        if length > _MAX_FRAME_BYTES:
            raise _unreadable("file_broken")
        frame = io.BytesIO(self._bytes(length))
        try:
            message: tuple[Any, ...] = _Cells(frame).load()
        except (pickle.UnpicklingError, EOFError, ValueError, TypeError) as error:
            raise _unreadable("file_broken") from error
        if message[0] == "refused":
            self._refuse(*message[1:])
        if message[0] not in expected:
            raise _unreadable("file_broken")
        return message

    def _refuse(self, code: str, names: tuple[str, ...], why: str) -> None:
        if code == "unknown_sheet":
            raise UnknownSheet(names)
        _logger.info("A spreadsheet was not read: %s %s", code, why)
        raise _unreadable(code, names, self._max_rows)

    def _bytes(self, count: int) -> bytes:
        received = bytearray()
        while len(received) < count:
            started = time.monotonic()
            left = MAX_WAIT_SECONDS - self._waited
            ready = self._poll.poll(max(left, 0) * 1000)
            self._waited += time.monotonic() - started
            if not ready:
                _logger.warning("A spreadsheet was not read: no answer in time")
                raise _unreadable("file_too_large")
            piece = os.read(self._pipe, count - len(received))
            if not piece:
                self._ended()
            received += piece
        self.received += count
        return bytes(received)

    def _ended(self) -> None:
        """The child ended without a word."""
        try:
            status = self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            raise _unreadable("file_too_large") from None
        if status not in (0, _OUT_OF_MEMORY_STATUS) and status > 0:
            # Not the file's fault, and not the user's: the installation is broken.
            raise RuntimeError(f"the spreadsheet reader does not start (status {status})")
        _logger.warning("A spreadsheet was not read: the reader ended with status %s", status)
        raise _unreadable("file_too_large")

    def stop(self) -> None:
        """Ends the child, finished or not."""
        self._process.kill()
        if self._process.stdout is not None:
            self._process.stdout.close()
        self._process.wait()
