"""The corrected workbook: the file as staff made it, bad cells coloured, a column 错误说明.

An .xlsx keeps its layout whatever its size (docs/decisions/0015); .xls, .ods and CSV come back as an
.xlsx of the same content. A child within limits makes it (corrector_process.py), into a file: this
process holds neither the workbook nor the problems.
"""

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from backend.core.errors import RuleViolation
from backend.imports import rules
from backend.imports.columns import as_shown
from backend.imports.models import ImportBatch
from backend.imports.patching.notes import ASKED, BAD, HEADING, Note, Task
from backend.imports.plan import Problem
from backend.imports.problems import Level
from backend.imports.queries import row_problems

# 100 000 rows take some seconds; this is for a machine under load.
MAX_WAIT_SECONDS = 120.0
_CHILD = Path(__file__).with_name("corrector_process.py")

_logger = logging.getLogger(__name__)


def corrected_workbook(batch: ImportBatch) -> IO[bytes]:
    """The corrected workbook of a batch, an .xlsx, as an open file that nobody else can reach.

    Raises: file_too_large where it cannot be made within the limits; upload_gone.
    """
    request: dict[str, object] = {
        "path": os.fspath(Path(batch.upload.path).absolute()),
        "called": Path(batch.file_name).stem,
        "task": asdict(_task(batch)),
    }
    made: IO[bytes] = TemporaryFile()  # noqa: SIM115 (handed on open)
    try:
        with TemporaryFile() as notes:
            for note in _notes(batch):
                notes.write(note.as_line().encode())
            notes.seek(0)
            status = _run(request, notes, made)
        if status:
            # Let go of by somebody else meanwhile: nothing was wrong with it.
            rules.file_is_kept(Path(batch.upload.path).exists())
            _logger.warning("A corrected workbook was not made: status %s", status)
            raise RuleViolation(
                "file_too_large", "这份表太大，标不出问题。请照预览页的说明改，或分成几个文件上传。"
            )
        made.seek(0)
    except BaseException:
        made.close()
        raise
    return made


def _run(request: dict[str, object], notes: IO[bytes], made: IO[bytes]) -> int:
    try:
        return subprocess.run(
            # Isolated: neither the environment nor the working directory has a say.
            [sys.executable, "-I", str(_CHILD), json.dumps(request)],
            stdin=notes,
            stdout=made,
            # What fails may quote a cell.
            stderr=subprocess.DEVNULL,
            env={},
            timeout=MAX_WAIT_SECONDS,
            check=False,
        ).returncode
    except subprocess.TimeoutExpired:
        return -1


def _task(batch: ImportBatch) -> Task:
    headings = {heading["index"]: heading["heading"] for heading in batch.headings}
    earlier = (index for index, text in headings.items() if as_shown(text) == HEADING)
    return Task(
        sheet=batch.sheet,
        header_row=batch.header_row or 1,
        last_heading=max(headings, default=-1),
        explanation=next(earlier, None),
    )


def _notes(batch: ImportBatch) -> Iterator[Note]:
    """What is said of each row that is not taken, in the order of the sheet."""
    columns = {heading["heading"]: heading["index"] for heading in batch.headings}
    told = (p for p in row_problems(batch) if p.row is not None and p.level != Level.NOTE)
    for row, some in groupby(told, key=lambda problem: problem.row):
        problems = list(some)
        yield Note(
            int(row or 0),
            "；".join(f"{p.column}：{p.message}" if p.column else p.message for p in problems),
            _cells(problems, columns),
        )


def _cells(problems: list[Problem], columns: dict[str, int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for problem in problems:
        column = columns.get(problem.column or "")
        if column is not None and found.get(column) != BAD:
            found[column] = BAD if problem.level == Level.ERROR else ASKED
    return found
