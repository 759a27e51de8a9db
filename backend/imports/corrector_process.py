"""The child that marks one spreadsheet's problems: run as a script, within limits, for one file.

As with reading (reader_process.py): what strangers upload is opened here and nowhere else. What is
to be marked comes on standard input, the marked workbook goes to standard output, which is a file.
"""

import gc
import json
import os
import sys
from pathlib import Path
from typing import BinaryIO

if not __package__:
    # As in reader_process.py.
    sys.path.append(str(Path(__file__).resolve().parents[1]))
    __package__ = "imports"

from .formats.archive import Archive
from .patching.notes import Task, notes_of
from .patching.package import patch_workbook
from .patching.rewriting import rewrite
from .reader_process import OUT_OF_MEMORY_STATUS, limit_resources, open_book
from .sniffing import kind_of

MEMORY_BYTES = 400 * 2**20
CPU_SECONDS = 90
BROKEN_STATUS = 4


def correct(path: Path, called: str, task: Task, out: BinaryIO) -> None:
    """Writes the marked workbook: the file's own, or where that cannot be, one of its content.

    Raises: Refusal for a file that cannot be read.
    """
    notes = sys.stdin.buffer
    if kind_of(path).name == "xlsx":
        try:
            patch_workbook(Archive(path), task, notes_of(notes), out)
            return
        except Exception:
            # Parts that the import never looked at may be damaged in any way, and a library raises
            # whatever comes of it: the content goes back all the same.
            out.seek(0)
            out.truncate()
            notes.seek(0)
    _, book = open_book(path, called)
    rewrite(book.rows(task.sheet), task, notes_of(notes), out)


def main() -> int:
    """Does what the one argument, a JSON object, asks for; the exit status."""
    request = json.loads(sys.argv[1])
    gc.disable()
    limit_resources(request.get("memory_bytes", MEMORY_BYTES), CPU_SECONDS)
    with os.fdopen(os.dup(1), "r+b") as out:
        # Whatever a library prints must not get into the workbook.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        try:
            correct(Path(request["path"]), request["called"], Task(**request["task"]), out)
        except (MemoryError, RecursionError):
            return OUT_OF_MEMORY_STATUS
        except Exception:
            return BROKEN_STATUS
        out.flush()
    return 0


if __name__ == "__main__":
    status = 1
    try:
        status = main()
    except MemoryError:
        status = OUT_OF_MEMORY_STATUS
    finally:
        os._exit(status)
