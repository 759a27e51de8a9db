"""CSV of the open data, as a spreadsheet program reads it."""

import csv
import io

from tests.schema.asking import caller


def lines(address: str) -> list[list[str]]:
    response = caller().get(address)
    assert response.status_code == 200
    text = response.content.decode("utf-8")
    assert text.startswith("\ufeff"), "spreadsheet programs take it for UTF-8"
    return list(csv.reader(io.StringIO(text[1:])))
