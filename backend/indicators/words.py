"""Changes as they are written."""

from fractions import Fraction

from backend.indicators import rules

NO_BASE = "—"


def change_words(change: Fraction | None) -> str:
    """+12%, −21%, 0%; a dash where the base is 0 and there is no rate."""
    percent = rules.in_percent(change)
    if percent is None:
        return NO_BASE
    sign = "+" if percent > 0 else "−" if percent < 0 else ""
    return f"{sign}{abs(percent)}%"
