"""Makes the list of trusted documents from a folder of .graphql files."""

from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError, CommandParser
from graphql import (
    DocumentNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    Visitor,
    parse,
    print_ast,
    validate,
    visit,
)

from schema.main.schema import schema
from schema.main.trusted import hash_of


class Command(BaseCommand):
    help = "Writes the list of trusted documents: each operation of FOLDER/**/*.graphql by its hash"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path)
        parser.add_argument("--out", type=Path, required=True, help="the list, a JSON file")

    def handle(self, *args: Any, folder: Path, out: Path, **options: Any) -> None:
        files = sorted(folder.rglob("*.graphql"))
        if not files:
            raise CommandError(f"{folder}: no .graphql file")
        read = {path: _read(path) for path in files}
        shared = {
            one.name.value: one
            for document in read.values()
            for one in document.definitions
            if isinstance(one, FragmentDefinitionNode)
        }
        found: dict[str, str] = {}
        for path, document in read.items():
            if all(isinstance(one, FragmentDefinitionNode) for one in document.definitions):
                continue
            text = _whole(path.read_text(encoding="utf-8"), document, shared)
            problems = validate(schema._schema, parse(text))
            if problems:
                raise CommandError(f"{path}: {problems[0].message}")
            found[hash_of(text)] = text
            self.stdout.write(f"{hash_of(text)}  {path.relative_to(folder)}")
        out.write_bytes(orjson.dumps(found, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))


def _read(path: Path) -> DocumentNode:
    try:
        return parse(path.read_text(encoding="utf-8"))
    except GraphQLError as error:
        raise CommandError(f"{path}: {error.message}") from None


def _whole(text: str, document: DocumentNode, shared: dict[str, FragmentDefinitionNode]) -> str:
    """The document as it stands in its file, and the fragments that it names in other files."""
    here = {one.name.value for one in document.definitions if hasattr(one, "name") and one.name}
    waiting = sorted(_named(document) - here)
    added: list[str] = []
    while waiting:
        name = waiting.pop(0)
        if name in here or name not in shared:
            continue
        here.add(name)
        added.append(print_ast(shared[name]))
        waiting += sorted(_named(shared[name]))
    return "\n\n".join([text.strip(), *added])


def _named(node: Any) -> set[str]:
    """The fragments named in a part of a document."""
    found: set[str] = set()

    class Spreads(Visitor):
        def enter_fragment_spread(self, spread: FragmentSpreadNode, *_: Any) -> None:
            found.add(spread.name.value)

    visit(node, Spreads())
    return found
