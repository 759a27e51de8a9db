"""Cleaning cells: pure functions from what a spreadsheet holds to what a record holds."""

from backend.imports.cells.addresses import Address, address_key, clean_address
from backend.imports.cells.clocks import clean_time
from backend.imports.cells.dates import clean_date, clean_moment, clean_month
from backend.imports.cells.durations import clean_hours
from backend.imports.cells.marks import clean_gender, clean_signature, clean_yes_no
from backend.imports.cells.phones import clean_phone
from backend.imports.cells.raw import is_ditto, is_empty
from backend.imports.cells.words import (
    clean_age,
    clean_code,
    clean_name,
    clean_number,
    clean_text,
)

__all__ = [
    "Address",
    "address_key",
    "clean_address",
    "clean_age",
    "clean_code",
    "clean_date",
    "clean_gender",
    "clean_hours",
    "clean_moment",
    "clean_month",
    "clean_name",
    "clean_number",
    "clean_phone",
    "clean_signature",
    "clean_text",
    "clean_time",
    "clean_yes_no",
    "is_ditto",
    "is_empty",
]
