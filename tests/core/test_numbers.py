"""Numbers as browsers send them."""

import pytest

from backend.core.numbers import whole_number


@pytest.mark.parametrize(
    ("text", "number"), [("0", 0), ("12", 12), ("007", 7), ("9" * 18, 10**18 - 1)]
)
def test_reads_a_whole_number(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["", " 1", "-1", "1.0", "²", "１２", "٣", "9" * 19, "x"])
def test_what_is_none_or_too_long_is_none(text: str) -> None:
    assert whole_number(text) is None
