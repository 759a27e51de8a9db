"""What a register tells the importer: its columns, and how its rows find their records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db import models

from backend.imports.columns import Column
from backend.imports.directions import NONE, Directions
from backend.imports.headers import Header
from backend.imports.plan import Plan, SheetRow


class UnknownTarget(LookupError):
    """The event (or other target) asked for does not exist for this caller."""


@dataclass
class Titles:
    """What the rows above the header say: label (活动名称) to text."""

    values: dict[str, str] = field(default_factory=dict)


class RowPlanner:
    """Plans the rows of one sheet: made once a file, called with a chunk of clean rows at a time."""

    def __init__(
        self,
        community: Any,
        target: Any,
        header: Header,
        titles: Titles,
        directions: Directions = NONE,
    ) -> None:
        self.community = community
        self.target = target
        self.header = header
        self.titles = titles
        self.directions = directions

    def before(self, plan: Plan) -> None:
        """Judges the file as a whole, before any row; may refuse it or note something."""

    def plan(self, rows: Sequence[SheetRow]) -> None:
        """Gives each row its outcome, writes and problems. Rows already rejected are included."""
        raise NotImplementedError


class Sheet:
    """One register's spreadsheet."""

    register: ClassVar[str]
    title: ClassVar[str]
    columns: ClassVar[tuple[Column, ...]]
    # In the order in which they are written; a Write names its model by position.
    models: ClassVar[tuple[type[models.Model], ...]]
    # Values that may refer to a record made by a row of the same file: (attribute, model).
    references: ClassVar[dict[str, int]] = {}
    planner: ClassVar[type[RowPlanner]]
    # The action of the access table that importing this register needs.
    action: ClassVar[str]
    # The verbose name of what a file is imported into (活动), or "" if only into the community.
    target_name: ClassVar[str] = ""

    def find_target(self, code: str) -> Any:
        """The target with that code. Raises: UnknownTarget."""
        raise UnknownTarget(code)

    def target_label(self, target: Any) -> str:
        """What the upload page calls a target."""
        return str(target)

    def targets(self, user: Any) -> Any:
        """The targets into which `user` may import now: a queryset."""
        raise NotImplementedError(f"{self.register} has no targets")

    def only_repeats(self, values: dict[str, Any]) -> bool:
        """Whether a row equal to an earlier one only repeats it, and is not perhaps another person."""
        return True

    def replay(self, values: dict[str, Any], *, community_id: int, by: Any, within: Any) -> None:
        """Carries out what a REPLAY write tells, by the register's own verbs, in the change set.

        Raises: RuleViolation, and nothing of the whole import is written.
        """
        raise NotImplementedError(f"{self.register} replays nothing")

    def take_back(
        self, original: Any, *, by: Any, within: Any, reason: str
    ) -> list[tuple[str, int, str]] | None:
        """Takes a replayed import back; answers the rows left as they are, and why. None: rows are
        taken back as they were written.
        """
        return None

    def community_of(self, target: Any) -> Any:
        """The community of a target."""
        return target.community


_REGISTRY: dict[str, Sheet] = {}


def register(sheet: Sheet) -> Sheet:
    """Makes a register importable."""
    _REGISTRY[sheet.register] = sheet
    return sheet


def sheet_of(name: str) -> Sheet:
    """The sheet of a register. Raises KeyError for a register that cannot be imported."""
    return _REGISTRY[name]


def registers() -> list[Sheet]:
    """Every importable register, by name."""
    return [_REGISTRY[name] for name in sorted(_REGISTRY)]
