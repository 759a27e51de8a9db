"""What a register tells the importer: its columns, and how its rows find their records."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model, QuerySet

from backend.core import history
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangeSet
from backend.core.personal import HIDDEN
from backend.imports.asking import FIRST, LAST, Questions
from backend.imports.columns import Column
from backend.imports.directions import NONE, Choice, Directions
from backend.imports.headers import Header
from backend.imports.kept import with_kept
from backend.imports.plan import Plan, Problem, SheetRow
from backend.imports.problems import Level
from backend.imports.settling import Hints
from backend.imports.switched import offered, turned_on
from backend.imports.titles import Titles

# The attribute in which a register keeps what it has no column for.
REMARK = "remark"
FIRST_REVISION = 1


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
        self.questions = Questions(directions.answers)
        # Rows that a later one is to stand for, by their numbers: that row, and what it says of it.
        self.superseded: dict[int, tuple[int, Problem]] = {}

    def hints(self) -> Hints:
        """What a cell may mean that says too little: the years that one could choose from."""
        titles = self.titles
        return Hints.of_years([(titles.year, "表头上方写的")], titles.day, ahead=True)

    def decide(
        self, row: SheetRow, column: str | None, code: str, message: str, choices: Sequence[Choice]
    ) -> str | None:
        """What staff have chosen for this row; None, and the row asked, while they have not."""
        return self.questions.decide(row, column, code, message, choices)

    def which_of_two(
        self,
        row: SheetRow,
        earlier: int,
        code: str,
        message: str,
        column: str | None,
        more: Sequence[Choice] = (),
    ) -> str | None:
        """Asks of a row that tells once more of what an earlier one has told; as `decide`.

        Where the later one counts, the file is planned anew without the earlier one.
        """
        choices = (FIRST, LAST, *more)
        answer = self.decide(row, column, code, message, choices)
        if answer == FIRST.value:
            row.leave_out()
        elif answer == LAST.value:
            self.superseded[earlier] = (row.number, row.problems[-1])
            row.leave_out()
        return answer

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
    models: ClassVar[tuple[type[Model], ...]]
    # Values that may refer to a record made by a row of the same file: (attribute, model).
    references: ClassVar[dict[str, int]] = {}
    planner: ClassVar[type[RowPlanner]]
    # The action of the access table that importing this register needs.
    action: ClassVar[str]
    # The one that a row is about, where that is not the last of them.
    about: ClassVar[Any] = None
    # Words by which titles and file names tell that a table is of this register.
    in_titles: ClassVar[tuple[str, ...]] = ()
    # The register for which a table is taken that has nothing of this one's own.
    gives_way_to: ClassVar[str] = ""
    # The verbose name of what a file is imported into (活动), or "" if only into the community.
    target_name: ClassVar[str] = ""
    # Columns (attributes) that a target's own template can do without: the target says it.
    told_by_target: ClassVar[frozenset[str]] = frozenset()

    def columns_for(self, community: Any) -> tuple[Column, ...]:
        """The columns that this community's sheets may have: also those that it has turned on."""
        more = turned_on(self.register, community.pk) if community is not None else ()
        return (*self.columns, *(one.column for one in more))

    def written(self, model: type[Model], records: Sequence[Any]) -> None:
        """Called in the import's transaction when records of one of the models were written."""
        for switched in offered(self.register):
            if switched.model is model:
                made = [record.pk for record in records if record.revision == FIRST_REVISION]
                switched.forget(made, True)
                switched.forget([r.pk for r in records if r.revision != FIRST_REVISION], False)

    def taken_back(self, changes: ChangeSet) -> None:
        """Called in an undo's transaction, with the change set that took the import back."""
        for switched in offered(self.register):
            for part in changes.parts.filter(model=switched.model._meta.label):
                switched.forget([change.pk for change in history.unpack(part)], False)

    @property
    def keeps_remarks(self) -> bool:
        """Whether a column that nobody knows can be kept with the row's remark."""
        return any(column.attribute == REMARK for column in self.columns)

    @property
    def all_models(self) -> tuple[type[Model], ...]:
        """`models`, and those of the columns that a community may turn on."""
        return (*self.models, *(one.model for one in offered(self.register)))

    @property
    def main_model(self) -> Any:
        """What a row is about: whose list has the button, and what others look for."""
        return self.about or self.models[-1]

    def find_target(self, code: str) -> Any:
        """The target with that code. Raises: UnknownTarget."""
        raise UnknownTarget(code)

    def target_label(self, target: Any) -> str:
        """What the upload page calls a target."""
        return str(target)

    def targets(self, user: Any) -> Any:
        """The targets into which `user` may import now: a queryset."""
        raise NotImplementedError(f"{self.register} has no targets")

    def rests_on(self, community: Any, target: Any) -> list[QuerySet[Any]]:
        """All rows that a plan may depend on: what it looks for, and what it looks up."""
        return [model._default_manager.filter(community=community) for model in self.all_models]

    def title_rows(self, target: Any) -> Sequence[tuple[str, str]]:
        """What a target's template says above its headings: label and text."""
        return ()

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        """What often stands in a column, as a template's drop-down list; nothing for no list."""
        return ()

    def only_repeats(self, values: dict[str, Any]) -> bool:
        """Whether a row equal to an earlier one only repeats it, and is not perhaps another person."""
        return True

    def replay(self, values: dict[str, Any], *, community_id: int, by: Any, within: Any) -> None:
        """Carries out what a REPLAY write tells, by the register's own verbs, in the change set.

        Raises: RuleViolation, and nothing of the whole import is written.
        """
        raise NotImplementedError(f"{self.register} replays nothing")

    def replay_all(
        self, rows: Sequence[dict[str, Any]], *, community_id: int, by: Any, within: Any
    ) -> None:
        """As `replay`, of some rows in their order; a register may do it a whole set at a time.

        Raises: ManyViolations by position, and nothing of the whole import is written.
        """
        for index, values in enumerate(rows):
            try:
                self.replay(values, community_id=community_id, by=by, within=within)
            except RuleViolation as violation:
                raise ManyViolations({index: violation}) from None

    def take_back(
        self, original: Any, *, by: Any, within: Any, reason: str
    ) -> list[tuple[str, int, str]] | None:
        """Takes a replayed import back; answers the rows left as they are, and why. None: rows are
        taken back as they were written.
        """
        return None

    def would_leave(self, original: Any) -> list[tuple[str, int, str]] | None:
        """What `take_back` would leave now, and why. None: rows are taken back as they were written."""
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
