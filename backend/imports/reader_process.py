"""The child that reads one spreadsheet: run as a script, within limits, for one file.

Reading what strangers upload can take all memory, or abort the process (calamine does, for a tiny
file with cells A1 and XFD1048576). So it happens here, in a process that knows neither Django nor
the database, and whose end hurts nobody. It answers in frames on standard output: a length in four
bytes, then a pickled tuple of plain values, among them never a sentence.
"""

import gc
import json
import os
import pickle
import re
import resource
import struct
import sys
from collections.abc import Iterator
from pathlib import Path

if not __package__:
    # A script by path has no package. Its neighbours are found as `imports`, last on the path, so
    # that nothing of the package above, which could bring Django along, is ever imported.
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    __package__ = "imports"

from .formats.cells import MAX_COLUMNS, MAX_HIDDEN, MAX_ROWS, Book, Row
from .formats.csv_text import CsvBook
from .formats.ods import OdsBook
from .formats.refusal import Refusal
from .formats.template_mark import mark_of
from .formats.xls import XlsbBook, XlsBook
from .formats.xlsx import XlsxBook
from .formats.xml2003 import Xml2003Book
from .sniffing import kind_of

# Beyond what Python and calamine take to start. 100 000 rows of 9 columns peak at 80 MB; the largest
# rectangle of cells that calamine is given, at 250 MB.
MEMORY_BYTES = 320 * 2**20
# The parent's clock ends a child that waits; this ends one whose parent is gone.
CPU_SECONDS = 60

# 300 000 rows of 60 columns. A few bytes of .ods can mean a milliard of filled cells.
MAX_CELLS = 20_000_000

# A frame: small enough that the parent never holds much, large enough that frames cost nothing.
FRAME_CELLS = 8_192
FRAME_BYTES = 4 * 2**20
# No row is longer whose cells were filled by hand.
ROW_BYTES = 2**20
# No spreadsheet program holds more characters in a cell.
CELL_CHARACTERS = 32_767
_LENGTH = struct.Struct(">I")

# As long as an import's record keeps; programs stop at 31.
LONGEST_NAME = 80
_UNSEEN = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")

OUT_OF_MEMORY_STATUS = 3


def limit_resources(memory_bytes: int, cpu_seconds: int) -> None:
    """Lowers the limits of this process: address space above the present one, and time."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    statm = Path("/proc/self/statm")
    if statm.exists():
        limit = int(statm.read_text().split()[0]) * resource.getpagesize() + memory_bytes
        resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


class Channel:
    """Standard output, in frames."""

    def __init__(self) -> None:
        self._out = os.fdopen(os.dup(1), "wb")
        # Whatever a library prints must not get between the frames.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def send(self, *message: object) -> None:
        """Sends one message at once."""
        frame = pickle.dumps(message, protocol=5)
        self._out.write(_LENGTH.pack(len(frame)))
        self._out.write(frame)
        self._out.flush()

    def send_rows(self, rows: list[Row]) -> None:
        """Sends rows, in several frames when their text is long.

        Raises: `cell_too_long`; `file_too_large` for a row that fits in none.
        """
        frame = pickle.dumps(("rows", rows), protocol=5)
        if len(frame) > ROW_BYTES:
            _refuse_long_cells(rows)
        if len(frame) > FRAME_BYTES or (len(frame) > ROW_BYTES and len(rows) == 1):
            if len(rows) == 1:
                raise Refusal("file_too_large")
            middle = len(rows) // 2
            self.send_rows(rows[:middle])
            self.send_rows(rows[middle:])
            return
        self._out.write(_LENGTH.pack(len(frame)))
        self._out.write(frame)


def _refuse_long_cells(rows: list[Row]) -> None:
    """Raises: `cell_too_long`, with the number of the row."""
    for number, cells in rows:
        if any(type(cell) is str and len(cell) > CELL_CHARACTERS for cell in cells):
            raise Refusal("cell_too_long", (str(number),))


def open_book(path: Path, called: str = "") -> tuple[str, Book]:
    """The kind of a file and the open workbook. Raises: as `kind_of`."""
    kind = kind_of(path)
    if kind.name == "xlsx":
        return "xlsx", XlsxBook(path)
    if kind.name == "xlsb":
        # The same program's other way of writing the same workbook.
        return "xlsx", XlsbBook(path)
    if kind.name == "xls":
        return "xls", XlsBook(path)
    if kind.name == "ods":
        return "ods", OdsBook(path)
    if kind.name == "xml":
        return "xls", Xml2003Book(path, kind.encoding)
    return "csv", CsvBook(path, kind.encoding, called)


def known_as(name: str) -> str:
    """What a sheet is called here: without what no database takes, and no longer than it keeps."""
    return _UNSEEN.sub("", name)[:LONGEST_NAME]


def choose(book: Book, asked: str | None) -> tuple[str, tuple[str, ...]]:
    """The sheet to read, and the others that hold anything.

    Raises: `unknown_sheet`, `several_sheets`, `sheet_blank`.
    """
    sheets = [(known_as(name), hidden) for name, hidden in book.sheets()]
    names = tuple(name for name, _ in sheets)
    filled = [(known_as(name), hidden) for name, hidden in book.sheets() if book.has_rows(name)]
    visible = tuple(name for name, hidden in filled if not hidden)
    if asked is None:
        if len(visible) > 1:
            raise Refusal("several_sheets", visible)
        chosen = visible[0] if visible else ""
    else:
        # Spreadsheet programs do not tell names apart by case.
        alike = [name for name in names if name.strip().casefold() == asked.strip().casefold()]
        if not alike:
            raise Refusal("unknown_sheet", names)
        chosen = asked if asked in alike else alike[0]
    if chosen not in (name for name, _ in filled):
        raise Refusal("sheet_blank")
    return chosen, tuple(name for name, _ in filled if name != chosen)


def chunks(rows: Iterator[Row], max_rows: int) -> Iterator[list[Row]]:
    """Rows by the frame. Raises: `file_too_many_rows`, `file_too_large`."""
    chunk: list[Row] = []
    cells = total = 0
    for count, row in enumerate(rows, start=1):
        if count > max_rows or row[0] > MAX_ROWS:
            raise Refusal("file_too_many_rows")
        if len(row[1]) > MAX_COLUMNS:
            # An .xls may say so, and a line of commas; no spreadsheet program shows it.
            raise Refusal("file_too_large")
        chunk.append(row)
        cells += len(row[1])
        if cells >= FRAME_CELLS:
            total += cells
            if total > MAX_CELLS:
                raise Refusal("file_too_large")
            yield chunk
            chunk, cells = [], 0
    yield chunk


def serve(channel: Channel, path: Path, asked: str | None, max_rows: int, called: str = "") -> None:
    """Reads the file and sends what is in it."""
    kind, book = open_book(path, called)
    name, others = choose(book, asked)
    own_name = next(own for own, _ in book.sheets() if known_as(own) == name)
    frames = chunks(book.rows(own_name), max_rows)
    # Most of what can be wrong comes to light with the first rows: said before the sheet is.
    first = next(frames)
    # Where the book tells it, how far down the rows go: known once the first are read.
    last_row = getattr(book, "last_row", 0)
    channel.send("sheet", name, kind, book.epoch1904, others, mark_of(path, kind), last_row)
    channel.send_rows(first)
    for chunk in frames:
        channel.send_rows(chunk)
    channel.send("end", tuple(sorted(book.hidden)[:MAX_HIDDEN]))


def main() -> int:
    """Does what the one argument, a JSON object, asks for; the exit status."""
    request = json.loads(sys.argv[1])
    channel = Channel()
    # Nothing here makes circles, and looking for them costs a tenth of the time.
    gc.disable()
    limit_resources(request.get("memory_bytes", MEMORY_BYTES), CPU_SECONDS)
    try:
        serve(
            channel,
            Path(request["path"]),
            request["sheet"],
            request["max_rows"],
            request.get("called", ""),
        )
    except BrokenPipeError:
        return 0
    except Refusal as refusal:
        channel.send("refused", refusal.code, refusal.names, "")
    except (MemoryError, RecursionError):
        return OUT_OF_MEMORY_STATUS
    except BaseException as error:
        # The kind of error only: its text may quote a cell.
        channel.send("refused", "file_broken", (), type(error).__name__)
    return 0


if __name__ == "__main__":
    status = 1
    try:
        status = main()
    except MemoryError:
        # Not even enough left to say so.
        status = OUT_OF_MEMORY_STATUS
    finally:
        # At once: taking a large workbook apart cell by cell would take as long as reading it.
        os._exit(status)
