"""What a register tells the importer: its columns, and how its rows find their records."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.db.models import Model

from backend.core.models import ChangeSet
from backend.imports.columns import Column
from backend.imports.directions import NONE, Directions
from backend.imports.headers import Header
from backend.imports.plan import Plan, SheetRow

# The attribute in which a register keeps what it has no column for.
REMARK = "remark"


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
    models: ClassVar[tuple[type[Model], ...]]
    # Values that may refer to a record made by a row of the same file: (attribute, model).
    references: ClassVar[dict[str, int]] = {}
    planner: ClassVar[type[RowPlanner]]
    # The action of the access table that importing this register needs.
    action: ClassVar[str]
    # The verbose name of what a file is imported into (活动), or "" if only into the community.
    target_name: ClassVar[str] = ""

    @property
    def main(self) -> type[Model]:
        """The model that the sheet is a list of."""
        return self.models[-1]

    def columns_for(self, community: Any) -> tuple[Column, ...]:
        """The columns that this community's sheets may have."""
        return self.columns

    def written(self, model: type[Model], records: Sequence[Any]) -> None:
        """Called in the import's transaction when records of one of the models were written."""

    def taken_back(self, changes: ChangeSet) -> None:
        """Called in an undo's transaction, with the change set that took the import back."""

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
