"""Exports as the admin's page sends them off, and what stands in the files."""

import csv
import io
from typing import Any

from django.test import Client
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.schema.asking import caller

BOM = b"\xef\xbb\xbf"


def export(user: Any, address: str, /, form: str = "csv", **given: Any) -> Any:
    """The answer to an export from the page at `address`."""
    return send(caller(user), address, form, **given)


def send(client: Client, address: str, /, form: str = "csv", **given: Any) -> Any:
    return client.post(address, {"form": form} | given)


def content(answer: Any) -> bytes:
    """The file of an answer."""
    assert answer.status_code == 200, answer
    assert answer.has_header("Content-Disposition"), answer.content.decode()[:4000]
    return b"".join(answer.streaming_content)


def is_file(answer: Any) -> bool:
    return bool(answer.has_header("Content-Disposition"))


def rows_of_csv(answer: Any) -> list[dict[str, str]]:
    """The rows of a CSV file, by their headings."""
    text = content(answer)
    assert text.startswith(BOM)
    assert BOM not in text[3:]
    return list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline="")))


def sheet_of(answer: Any) -> Worksheet:
    """The sheet of a workbook."""
    book = load_workbook(io.BytesIO(content(answer)))
    assert len(book.sheetnames) == 1
    return book[book.sheetnames[0]]


def cells(sheet: Worksheet, heading_row: int = 1, row: int = 2) -> dict[str, Any]:
    """The cells of a row, by their headings."""
    return {
        str(heading.value): cell
        for heading, cell in zip(sheet[heading_row], sheet[row], strict=True)
    }
