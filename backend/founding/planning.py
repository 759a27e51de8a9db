"""What a workbook comes to: every sheet is planned on what those before it make, and made.

The preview does the same in a transaction that is taken back: so it shows what the gate itself says,
and nothing is written. The sheets are read before the transaction begins.
"""

import hashlib
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import orjson
from django.db import router, transaction

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.core.roles import Role
from backend.core.words import in_chinese
from backend.founding import rules, sheets
from backend.founding.account_sheet import AccountSheet
from backend.founding.community_sheet import CommunitySheet
from backend.founding.sheets import Part
from backend.imports.choices import Outcome
from backend.imports.committing import PlanOutdated, carry_out
from backend.imports.plan import Plan, Problem
from backend.imports.planning import plan_read
from backend.imports.problems import Level
from backend.imports.reading import Sheet as Source
from backend.imports.reading import UnknownSheet, UnreadableFile, read_sheet
from backend.imports.templates_out.workbook import LISTS
from backend.places.models import Building, Community, Subdistrict

# Of one sheet: more help nobody who corrects it.
MOST_PROBLEMS = 100
MOST_NAMES = 12
# A sheet of the template in which nobody wrote anything.
_EMPTY = {"sheet_without_rows", "sheet_blank"}
_NO_COMMUNITY = "“社区”这一页没有填。请写上社区名称，只写一行。"


@dataclass
class Told:
    """One sheet as the preview shows it; no cell of it."""

    title: str
    create: int = 0
    unchanged: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    # What will be made, by name; of people nothing.
    names: list[str] = field(default_factory=list)
    empty: bool = False

    def as_dict(self) -> dict[str, Any]:
        """As it is kept."""
        return {
            "title": self.title,
            "create": self.create,
            "unchanged": self.unchanged,
            "problems": self.problems[:MOST_PROBLEMS],
            "more_problems": max(len(self.problems) - MOST_PROBLEMS, 0),
            "wrong": self.wrong,
            "names": self.names[:MOST_NAMES],
            "more_names": max(len(self.names) - MOST_NAMES, 0),
            "empty": self.empty,
        }

    @property
    def wrong(self) -> int:
        """How many problems must be mended."""
        return sum(problem["level"] != Level.NOTE for problem in self.problems)

    def say(self, code: str, message: str) -> None:
        """A problem of the sheet as a whole."""
        self.problems.append(Problem(None, None, code, Level.ERROR, message).as_dict())


@dataclass
class Opening:
    """A workbook, carried out: what each sheet came to, and what was made."""

    told: list[Told] = field(default_factory=list)
    community: Any = None
    community_name: str = ""
    change_set: ChangeSet | None = None
    accounts: list[int] = field(default_factory=list)
    digest: str = ""

    @property
    def wrong(self) -> int:
        """How many problems must be mended."""
        return sum(told.wrong for told in self.told)


Read = list[tuple[Part, Source | None, Told]]


def read_workbook(path: Path, subdistrict: Subdistrict) -> Read:
    """Every sheet of the workbook in memory, in the order in which they are made.

    Raises: UnreadableFile for a file that is no workbook.
    """
    found: Read = []
    others: set[str] = set()
    offered = sheets.parts(subdistrict.pk)
    for part in offered:
        told = Told(part.sheet.title)
        source: Source | None = None
        try:
            with read_sheet(path, sheet=part.sheet.title, max_rows=rules.MOST_ROWS) as opened:
                rows = list(opened.rows)
                source = replace(opened, rows=iter(rows))
                others |= {*opened.skipped_sheets}
        except UnknownSheet as unknown:
            told.empty = True
            others |= {*unknown.names}
        except UnreadableFile as unreadable:
            if unreadable.code not in _EMPTY:
                raise
            told.empty = True
        found.append((part, source, told))
    known = {part.sheet.title for part in offered} | {sheets.NOTES}
    strange = sorted(name for name in others - known if not name.startswith(LISTS))
    for name in strange:
        found[0][2].say(
            "workbook_sheet_unknown",
            f"工作表“{name[:30]}”不在模板里，不知道怎么读。请改回模板里的表名，或把它删掉。",
        )
    if found[0][1] is None:
        found[0][2].say("community_missing", _NO_COMMUNITY)
    return found


def preview(read: Read, *, by: Actor) -> Opening:
    """What the workbook would make; nothing is written."""
    opening = Opening()
    with suppress(_Back), transaction.atomic(using=router.db_for_write(ChangeSet)):
        opening = make(read, by=by)
        raise _Back
    return opening


class _Back(Exception):
    """All that the preview did is taken back."""


def make(read: Read, *, by: Actor) -> Opening:
    """The workbook, carried out as far as its rows are good; call it in a transaction."""
    opening = Opening(told=[told for _, _, told in read])
    by = by.vouched_for()
    digest = hashlib.sha256()
    (part, source, told), *rest = read
    if source is not None:
        _open_community(opening, part, source, told, digest, by)
    if opening.community is None:
        return opening
    with gate.change_set("found community", by=by, community_id=opening.community.pk) as changes:
        opening.change_set = changes
        for part, source, told in rest:
            if source is not None:
                plan = plan_read(source, part.sheet, community=opening.community)
                _tell(told, plan, part)
                digest.update(_rows_of(plan))
                _carry_out(plan, part, told, opening.community.pk, changes, by)
            if isinstance(part.sheet, AccountSheet):
                opening.accounts = part.sheet.made
    opening.digest = digest.hexdigest()
    return opening


def _open_community(
    opening: Opening, part: Part, source: Source, told: Told, digest: Any, by: Actor
) -> None:
    assert isinstance(part.sheet, CommunitySheet)
    plan = plan_read(source, part.sheet, community=None)
    _tell(told, plan, part)
    digest.update(_rows_of(plan))
    if told.empty:
        told.say("community_missing", _NO_COMMUNITY)
    if plan.counts[Outcome.CREATE]:
        with gate.change_set("open community", by=by, community_id=None) as changes:
            _carry_out(plan, part, told, 0, changes, by)
    if part.sheet.code:
        opening.community = Community.objects.filter(code=part.sheet.code).first()
        opening.community_name = opening.community.name if opening.community else ""


def _carry_out(
    plan: Plan, part: Part, told: Told, community_id: int, changes: ChangeSet, by: Actor
) -> None:
    try:
        # On its own: what a rule refuses only now is told, and the sheets after it are looked at too.
        with transaction.atomic(using=router.db_for_write(ChangeSet)):
            carry_out(
                [payload for _, payload in plan.chunks],
                part.sheet,
                community_id=community_id,
                changes=changes,
                by=by,
            )
    except PlanOutdated as refused:
        told.problems += [problem.as_dict() for problem in refused.problems]


def _tell(told: Told, plan: Plan, part: Part) -> None:
    for problem in plan.problems():
        if problem.code in _EMPTY:
            told.empty = True
        elif problem.row is not None or problem.level != Level.NOTE:
            told.problems.append(problem.as_dict())
    told.create = plan.counts[Outcome.CREATE] + plan.counts[Outcome.UPDATE]
    told.unchanged = plan.counts[Outcome.UNCHANGED]
    if not part.named:
        # Of people the number in each post, and nobody's name.
        posts = Counter(write.values["role"] for row in plan.rows() for write in row.writes)
        told.names = [f"{in_chinese(Role(role).label)} {posts[role]} 人" for role in posts]
        return
    for row in plan.rows():
        for write in row.writes:
            name = write.values.get("title") or write.values.get("name") or ""
            # A building is known by its estate alone.
            is_building = part.sheet.models[write.model] is Building
            told.names.append(f"{name}号楼" if is_building else name)


def _rows_of(plan: Plan) -> bytes:
    rows = [
        [row.number, row.outcome, row.cells, [p.code for p in row.problems]] for row in plan.rows()
    ]
    return orjson.dumps([plan.sheet, rows], default=str)


def as_violation(unreadable: UnreadableFile) -> RuleViolation:
    """What is wrong with a file that cannot be read, for one sentence."""
    return RuleViolation(unreadable.code, f"{unreadable.message}。", field="file")
