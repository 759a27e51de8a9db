"""What the tests of the cell cleaners share."""

from collections.abc import Callable
from typing import Any

import pytest

from backend.imports.problems import CellProblem


def problem_of(clean: Callable[..., Any], value: Any, **context: Any) -> CellProblem:
    """The problem that a cleaner has with a cell; the test fails if it has none."""
    with pytest.raises(CellProblem) as caught:
        clean(value, **context)
    return caught.value
