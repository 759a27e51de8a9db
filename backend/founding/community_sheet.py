"""社区: the one row that says which community the workbook opens."""

from collections.abc import Sequence
from typing import Any

from backend.core import gate
from backend.core.errors import RuleViolation
from backend.founding import rules
from backend.founding.naming import spelled
from backend.imports.choices import Outcome
from backend.imports.columns import Column
from backend.imports.facet_sheet import ROW_NUMBER
from backend.imports.plan import REPLAY, SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner, Sheet
from backend.imports.widgets import CodeWidget, TextWidget
from backend.places.models import Community

COLUMNS = (
    ROW_NUMBER,
    Column(
        "name",
        "社区名称",
        TextWidget(max_length=60),
        synonyms=("社区",),
        required=True,
        ditto=False,
    ),
    Column("code", "社区编号", CodeWidget(), synonyms=("编号",), ditto=False),
)


class CommunityPlanner(RowPlanner):
    """Plans the community: a new one, or one of this subdistrict that is opened further."""

    subdistrict_id: int
    # Told which community it is.
    owner: Any

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.taken = False

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if not row.over:
                self._plan(row)

    def _plan(self, row: SheetRow) -> None:
        name = row.values["name"]
        if self.taken:
            message = "一份表格只开通一个社区，请把多余的行删掉，另用一份。"
            row.say(self.header.heading_of("name"), "community_twice", Level.ERROR, message)
            return
        self.taken = True
        code = row.values.get("code")
        mine = Community.objects.filter(subdistrict_id=self.subdistrict_id)
        known = mine.filter(code=code).first() if code else mine.filter(name=name).first()
        if known is not None and known.name == name:
            row.outcome = Outcome.UNCHANGED
            self.owner.code = known.code
            return
        try:
            if code:
                rules.community_code_fits(code)
        except RuleViolation as violation:
            row.say(self.header.heading_of("code"), violation.code, Level.ERROR, violation.message)
            return
        if known is not None or (code and Community.objects.filter(code=code).exists()):
            message = "这个编号已是另一个社区的，请换一个，或留空由系统取。"
            row.say(self.header.heading_of("code"), "community_code_taken", Level.ERROR, message)
            return
        code = code or spelled(name.removesuffix("社区"), "sq", _is_taken)
        self.owner.code = code
        row.outcome = Outcome.CREATE
        values = {"name": name, "code": code, "subdistrict_id": self.subdistrict_id}
        row.writes = [Write(REPLAY, values)]


def _is_taken(code: str) -> bool:
    return Community.objects.filter(code=code).exists()


class CommunitySheet(Sheet):
    """社区."""

    register = "communities"
    title = "社区"
    columns = COLUMNS
    models = (Community,)
    action = "founding.edit"

    def __init__(self, subdistrict_id: int) -> None:
        # Of the community, once its row is planned.
        self.code = ""
        body = {"subdistrict_id": subdistrict_id, "owner": self}
        self.planner = type("Planner", (CommunityPlanner,), body)  # type: ignore[misc]

    def replay(self, values: dict[str, Any], *, community_id: int, by: Any, within: Any) -> None:
        gate.save(Community(**values), by=by, within=within)
