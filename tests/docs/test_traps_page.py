"""The page of traps names tests that there are."""

import ast
import re

import pytest

from tests.docs.codes import ROOT

pytestmark = pytest.mark.once

PAGE = (ROOT / "docs" / "decisions" / "0043-traps.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE)


def _tests_in(path: str) -> set[str]:
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def test_every_trap_names_tests_that_there_are() -> None:
    assert len(NAMED) > 20
    assert [(path, name) for path, name in NAMED if name not in _tests_in(path)] == []
    rows = [line for line in PAGE.splitlines() if line.startswith("| ")][1:]
    assert [row for row in rows if "tests/" not in row] == []
