"""Which source each mutation can come to: what it can answer, as far as the source tells.

A name leads to the function, the class (with all its methods: the rules of a model are asked whenever
one is saved) or the table that it stands for, through imports. What is reached by the name of a method
alone, on a value of unknown class, is not seen: a verb may answer a code that is not named here.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from schema.errors.files import ROOT
from schema.errors.speaking import Spoken, spoken_in

Place = tuple[str, str]


@dataclass
class Module:
    """One file: what its names stand for."""

    name: str
    tree: ast.Module
    package: bool

    @cached_property
    def pieces(self) -> dict[str, ast.stmt]:
        """What is defined here, by name."""
        found: dict[str, ast.stmt] = {}
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                found[node.name] = node
            # Methods by "Class.method": a mutation is one, and its class holds all the others.
            if isinstance(node, ast.ClassDef):
                found |= {
                    f"{node.name}.{one.name}": one
                    for one in node.body
                    if isinstance(one, ast.FunctionDef)
                }
        for node in self.tree.body:
            targets = node.targets if isinstance(node, ast.Assign) else []
            if isinstance(node, ast.AnnAssign):
                targets = [node.target]
            for target in targets:
                if isinstance(target, ast.Name):
                    found[target.id] = node
        return found

    @cached_property
    def imports(self) -> dict[str, Place]:
        """Names of other modules: (module, name), the name "" for a module itself."""
        found: dict[str, Place] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.ImportFrom) and node.module is not None:
                for one in node.names:
                    found[one.asname or one.name] = (node.module, one.name)
            elif isinstance(node, ast.Import):
                for one in node.names:
                    found[one.asname or one.name] = (one.name, "")
        return found


@dataclass
class Source:
    """The product's modules, and what can be reached in them."""

    modules: dict[str, Module] = field(default_factory=dict)

    @classmethod
    def read(cls) -> "Source":
        """Every module of the product that may answer."""
        found: dict[str, Module] = {}
        for folder in ("backend", "schema"):
            for path in sorted((ROOT / folder).rglob("*.py")):
                parts = path.relative_to(ROOT).with_suffix("").parts
                if "migrations" in parts or parts[:2] == ("schema", "errors"):
                    continue
                name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
                tree = ast.parse(path.read_text(encoding="utf-8"))
                found[name] = Module(name, tree, parts[-1] == "__init__")
        return cls(found)

    def resolve(self, module: str, name: str, depth: int = 0) -> Place | None:
        """Where a name of a module is defined; (module, "") for a module; None outside."""
        here = self.modules.get(module)
        if here is None or depth > 8:
            return None
        if name in here.pieces:
            return module, name
        if name in here.imports:
            target, inner = here.imports[name]
            if not inner or f"{target}.{inner}" in self.modules:
                whole = f"{target}.{inner}" if inner else target
                return (whole, "") if whole in self.modules else None
            return self.resolve(target, inner, depth + 1)
        return None

    def named(self, module: str, node: ast.AST) -> Iterator[Place]:
        for one in ast.walk(node):
            if isinstance(one, ast.Name):
                found = self.resolve(module, one.id)
                if found is not None and found[1]:
                    yield found
            elif isinstance(one, ast.Attribute):
                base = self._module_of(module, one.value)
                found = self.resolve(base, one.attr) if base is not None else None
                if found is not None and found[1]:
                    yield found

    def called(self, module: str, node: ast.expr) -> Place | None:
        """What a name, or a name of a module that has one, stands for."""
        if isinstance(node, ast.Name):
            return self.resolve(module, node.id)
        if not isinstance(node, ast.Attribute):
            return None
        base = self._module_of(module, node.value)
        return self.resolve(base, node.attr) if base is not None else None

    def _module_of(self, module: str, node: ast.expr) -> str | None:
        found = self.resolve(module, node.id) if isinstance(node, ast.Name) else None
        return found[0] if found is not None and not found[1] else None

    @cached_property
    def edges(self) -> dict[Place, set[Place]]:
        """From each piece to those that it names."""
        return {
            (name, piece): set(self.named(name, node))
            for name, module in self.modules.items()
            for piece, node in module.pieces.items()
        }

    def reached(self, start: Place) -> set[Place]:
        """Everything that a piece can come to, itself among it."""
        met, waiting = {start}, [start]
        while waiting:
            for place in self.edges.get(waiting.pop(), ()):
                if place not in met:
                    met.add(place)
                    waiting.append(place)
        return met

    @cached_property
    def calls(self) -> dict[Place, set[Place]]:
        """What each piece calls by its name: a class among it is a record being made.

        `Venue(...)` or `models.Venue(...)`; not `Venue.objects.filter(...)`, which only reads.
        """
        return {
            (name, piece): set(self._calls(name, node))
            for name, module in self.modules.items()
            for piece, node in module.pieces.items()
        }

    def _calls(self, module: str, node: ast.AST) -> Iterator[Place]:
        for one in ast.walk(node):
            called = self.called(module, one.func) if isinstance(one, ast.Call) else None
            if called is not None:
                yield called

    @cached_property
    def spoken(self) -> dict[Place, set[Spoken]]:
        """What each piece can answer, in itself."""
        return {
            (name, piece): spoken_in(node)
            for name, module in self.modules.items()
            for piece, node in module.pieces.items()
        }

    def everything(self) -> dict[str, set[Spoken]]:
        """What each module can answer."""
        return {name: spoken_in(module.tree) for name, module in self.modules.items()}
