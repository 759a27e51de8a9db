"""Numbers as browsers send them: text that anybody may have typed."""

# One digit less than the largest number that a database keeps.
_LONGEST = 18


def whole_number(text: str) -> int | None:
    """The number that `text` writes in the digits 0 to 9; None if it writes none, or one too long.

    `str.isdigit` alone says yes to "²", which `int` refuses.
    """
    if text.isascii() and text.isdigit() and len(text) <= _LONGEST:
        return int(text)
    return None
