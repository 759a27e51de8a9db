"""Which codes a piece of source can answer, and in which Chinese words."""

import ast
import re
from collections.abc import Iterator, Sequence

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
_CHINESE = re.compile("[\u4e00-\u9fff]")

Spoken = tuple[str, str]


def spoken_in(tree: ast.AST) -> set[Spoken]:
    """The codes that a piece of source answers, each with its sentence ("" where it is made elsewhere):
    in calls that refuse, in constraints, in tables.

    A code that comes in a variable is not seen; those are few, and the words name them by hand.
    """
    return {found for node in ast.walk(tree) for found in _of_node(node)}


def codes_in(tree: ast.AST) -> set[str]:
    """The codes alone."""
    return {code for code, _words in spoken_in(tree)}


def _of_node(node: ast.AST) -> Iterator[Spoken]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", None) or getattr(node.func, "attr", "")
        told = {k.arg: k.value for k in node.keywords}
        if name in _SPEAKERS:
            at = _SPEAKERS[name]
            yield from _pairs(node.args[at : at + 1], node.args[at + 1 :])
        if "violation_error_code" in told:
            words = [told["violation_error_message"]] if "violation_error_message" in told else []
            yield from _pairs([told["violation_error_code"]], words)
    elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict):
        if _TABLES & {getattr(target, "id", "") for target in node.targets}:
            for key, value in zip(node.value.keys, node.value.values, strict=True):
                yield from _pairs([key], [value])
    elif (
        isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Tuple)
        # code, message = "…", "…"
        and ast.unparse(node.targets[0]).startswith("(code, ")
    ):
        yield from _pairs(node.value.elts[:1], node.value.elts[1:])


def _pairs(codes: Sequence[ast.expr | None], words: Sequence[ast.expr | None]) -> Iterator[Spoken]:
    for one in codes:
        text = one.value if isinstance(one, ast.Constant) else None
        if isinstance(text, str) and _CODE.fullmatch(text):
            said = (sentence(word) for word in words if word is not None)
            yield text, next((word for word in said if _CHINESE.search(word)), "")


def sentence(node: ast.expr) -> str:
    """A sentence as the source has it; … stands for what is filled in. "" for what is none."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(
            sentence(part) if isinstance(part, ast.Constant) else "…" for part in node.values
        )
    if isinstance(node, ast.Call) and len(node.args) == 1:
        # A text to be translated, or one whose blanks are filled by format().
        return sentence(node.args[0])
    if isinstance(node, ast.BinOp):
        return sentence(node.left)
    return ""
