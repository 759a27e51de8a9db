"""The codes that the product can answer, read from its source, and those that docs/api.md names."""

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# Calls that name a code, and which of their arguments it is.
_SPEAKERS = {
    "RuleViolation": 0,
    "CellProblem": 0,
    "Refusal": 0,
    "Refused": 1,
    "refused": 0,
    "UnreadableFile": 0,
    "refuse": 0,
    "say": 1,
    "Question": 1,
    "Problem": 2,
}
# Tables of sentences by code.
_TABLES = {"MESSAGES", "_MESSAGES"}
_CODE = re.compile(r"[a-z]+(_[a-z]+)*")
# In a table's first cell every code stands in backquotes; in the others it is prose.
_FIRST_CELL = re.compile(r"^\|([^|]*)\|", re.MULTILINE)
_SHOWN = re.compile(r"`([a-z_]+)`")


def sources() -> Iterator[ast.Module]:
    """Every module of the product that may answer."""
    for folder in ("backend", "schema"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ast.parse(path.read_text(encoding="utf-8"))


def codes_in(module: ast.AST) -> set[str]:
    """The codes that a module answers: in calls that refuse, in constraints, in tables.

    A code that comes in a variable is not seen; those are few, and the page names them by hand.
    """
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
            if name in _SPEAKERS:
                found |= _codes(node.args[_SPEAKERS[name] :][:1])
            found |= _codes([k.value for k in node.keywords if k.arg == "violation_error_code"])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
            named = bool(_TABLES & {getattr(target, "id", "") for target in node.targets})
            found |= _codes(node.value.keys if named else [])
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Tuple):
            # code, message = "…", "…"
            named = ast.unparse(node.targets[0]).startswith("(code, ")
            found |= _codes(node.value.elts[:1] if named else [])
    return found


def _codes(nodes: Sequence[ast.expr | None]) -> set[str]:
    texts = {node.value for node in nodes if isinstance(node, ast.Constant)}
    return {text for text in texts if isinstance(text, str) and _CODE.fullmatch(text)}


def shown_codes(page: str) -> set[str]:
    """The codes in the first cells of the page's tables between its two marks."""
    tables = page.split("<!-- codes: rules -->")[1].split("<!-- codes: end -->")[0]
    return {code for cell in _FIRST_CELL.findall(tables) for code in _SHOWN.findall(cell)}
