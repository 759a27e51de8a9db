"""Rules on places and terms: pure functions."""

from datetime import date

from backend.core.errors import RuleViolation


def term_runs_forward(first: date | None, last: date | None, field: str = "ended_on") -> None:
    """Raises: term_reversed if a term ends before it begins. An open end is no end."""
    if first is not None and last is not None and last < first:
        raise RuleViolation("term_reversed", "结束日期早于开始日期，请核对。", field=field)
