"""What can be told of a GraphQL document before it is validated and executed."""

import re
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
    SelectionSetNode,
)

# A few fragments that name each other twice are millions: the rules on depth would follow each.
MAX_SPREADS = 200
# Selections within one another, fragments included: libraries follow them by recursion.
MAX_LEVELS = 60
TOO_DEEP = "查询嵌套太深，请拆成几次。"
CYCLE = "片段（fragment）互相引用成环，请改正。"
UNKNOWN = "查询引用了没有写出的片段（fragment）。"

# Strings and comments first: a bracket in them opens nothing.
_MARKS = re.compile(
    r'"""(?:\\"""|[^"]|"(?!""))*(?:"""|\Z)|"(?:\\.|[^"\\\n])*"?|#[^\n]*|[\[({]|[\])}]|[0-9]+'
)


class Unmeasurable(Exception):
    """A document that has no measure: a circle, a gap, depth without end. The text says which."""


@dataclass
class Measure:
    """Of a document, or of a part of it: what a fragment holds counts for each place that names it."""

    fields: int = 0
    aliases: int = 0
    spreads: int = 0
    schemas: int = 0
    types: int = 0
    levels: int = 0

    def add(self, other: "Measure") -> None:
        """Puts a part beside what is here, one level deeper."""
        self.fields += other.fields
        self.aliases += other.aliases
        self.spreads += other.spreads
        self.schemas += other.schemas
        self.types += other.types
        self.levels = max(self.levels, other.levels + 1)


def shape_of(text: str) -> tuple[int, int]:
    """How deep brackets of any kind stand in one another: what a parser's recursion will be; and
    how many digits the longest number has, outside of strings.
    """
    deepest = depth = longest = 0
    for found in _MARKS.finditer(text):
        mark = found.group()
        if mark in ("{", "[", "("):
            depth += 1
            deepest = max(deepest, depth)
        elif mark in ("}", "]", ")"):
            depth -= 1
        elif mark[0] in "0123456789":
            longest = max(longest, len(mark))
    return deepest, longest


def measured(document: DocumentNode) -> Measure:
    """The document's measure, all its operations together.

    Raises: Unmeasurable.
    """
    return _Measuring(document).all()


class _Measuring:
    def __init__(self, document: DocumentNode) -> None:
        self.document = document
        self.fragments = {
            one.name.value: one
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        # Looked into once however often it is named.
        self.known: dict[str, Measure] = {}
        self.open: set[str] = set()

    def all(self) -> Measure:
        found = Measure()
        for one in self.document.definitions:
            if isinstance(one, OperationDefinitionNode):
                found.add(self._within(one.selection_set, 0))
        # Those that no operation names are validated like the others.
        for name in self.fragments:
            self._of_fragment(name, 0)
        return found

    def _within(self, chosen: SelectionSetNode | None, level: int) -> Measure:
        if level > MAX_LEVELS:
            raise Unmeasurable(TOO_DEEP)
        found = Measure()
        for one in chosen.selections if chosen is not None else ():
            if isinstance(one, FieldNode):
                found.fields += 1
                found.aliases += one.alias is not None
                found.schemas += one.name.value == "__schema"
                found.types += one.name.value == "__type"
                found.add(self._within(one.selection_set, level + 1))
            elif isinstance(one, FragmentSpreadNode):
                found.spreads += 1
                found.add(self._of_fragment(one.name.value, level + 1))
            elif isinstance(one, InlineFragmentNode):
                found.add(self._within(one.selection_set, level + 1))
        if found.levels > MAX_LEVELS:
            raise Unmeasurable(TOO_DEEP)
        return found

    def _of_fragment(self, name: str, level: int) -> Measure:
        if name in self.open:
            raise Unmeasurable(CYCLE)
        if name not in self.known:
            fragment = self.fragments.get(name)
            if fragment is None:
                raise Unmeasurable(UNKNOWN)
            self.open.add(name)
            self.known[name] = self._within(fragment.selection_set, level)
            self.open.discard(name)
        return self.known[name]
