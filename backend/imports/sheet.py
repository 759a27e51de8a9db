"""What a register tells the importer: its columns, and how its rows find their records."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db import models

from backend.core.personal import HIDDEN
from backend.imports.columns import Column
from backend.imports.directions import NONE, Directions
from backend.imports.headers import Header
from backend.imports.kept import with_kept
from backend.imports.plan import Plan, SheetRow
from backend.imports.problems import Level
from backend.imports.titles import Titles

# The attribute in which a register keeps what it has no column for.
REMARK = "remark"


class UnknownTarget(LookupError):
    """The event (or other target) asked for does not exist for this caller."""


class RowPlanner:
    """Plans the rows of one sheet: made once a file, called with a chunk of clean rows at a time."""

    # How many characters a remark may have.
    longest_remark: ClassVar[int] = 200

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

    def with_remark(self, row: SheetRow, stored: str = "") -> dict[str, Any]:
        """A row's values, the columns that are kept with the remark put into it.

        What is kept is added to what is `stored`, once: the same sheet again changes nothing. If
        the remark becomes too long, it is an error of the row.
        """
        values = row.values
        if not self.header.kept or values.get(REMARK) == HIDDEN:
            return values
        pieces = {
            heading: value
            for attribute, heading in self.header.kept.items()
            if (value := values.get(attribute))
        }
        if not pieces:
            return values
        remark = with_kept(values.get(REMARK) or stored, pieces)
        if len(remark) > self.longest_remark:
            row.say(
                next(iter(pieces)),
                "remark_too_long",
                Level.ERROR,
                f"并入备注后超过 {self.longest_remark} 个字，请缩短，或少并入几列。",
            )
        return {**values, REMARK: remark}

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
    # Words by which titles and file names tell that a table is of this register.
    in_titles: ClassVar[tuple[str, ...]] = ()
    # The verbose name of what a file is imported into (活动), or "" if only into the community.
    target_name: ClassVar[str] = ""

    @property
    def keeps_remarks(self) -> bool:
        """Whether a column that nobody knows can be kept with the row's remark."""
        return any(column.attribute == REMARK for column in self.columns)

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
