"""One spreadsheet into one register, through the same path as the admin's page."""

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

import orjson
from django.core.management.base import BaseCommand, CommandError

from backend.core.access import COMMAND_LINE
from backend.core.errors import RuleViolation
from backend.core.words import in_chinese
from backend.imports.actions import store_committed
from backend.imports.choices import Outcome
from backend.imports.committing import PlanOutdated
from backend.imports.directions import Directions
from backend.imports.models import ImportBatch
from backend.imports.plan import Plan, Problem
from backend.imports.planning import plan_file
from backend.imports.problems import Level
from backend.imports.reading import UnknownSheet
from backend.imports.sheet import Sheet, UnknownTarget, registers, sheet_of
from backend.places.queries import community_called, community_for_command_line

WRONG_USAGE = 2
# The plan may be outdated by somebody who writes between plan and commit. Nobody has seen this
# plan, so making it anew is no breach of "the same plan"; three times is enough of a queue.
ATTEMPTS = 3
# Problems that are put into words at once.
PIECE = 1_000


class Command(BaseCommand):
    help = "Imports one spreadsheet: import_sheet attendance FILE --event CODE"
    # Checks would load both GraphQL schemas: 60 MB that an import has no use for.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("register", help="the register: attendance, residents …")
        parser.add_argument("file", help="the spreadsheet: .xlsx, .xls, .ods or .csv")
        parser.add_argument("--event", default="", help="code of the event that the sheet is of")
        parser.add_argument("--community", default="", help="code of the community, if several")
        parser.add_argument("--sheet", default=None, help="name of the sheet in the workbook")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="CODE=VALUE",
            help="answer a question for all rows alike, or for one: CODE@ROW=VALUE; repeatable",
        )
        parser.add_argument(
            "--answers", default="", metavar="FILE", help='answers as JSON: {"phone_two": "first"}'
        )
        parser.add_argument("--dry-run", action="store_true", help="plan and write nothing")
        parser.add_argument(
            "--take-good", action="store_true", help="write the good rows though others are bad"
        )
        parser.add_argument(
            "--despite-template",
            action="store_true",
            help="take a template that was made for another register or event",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        sheet = self._sheet(options["register"])
        path = Path(options["file"])
        if not path.is_file():
            raise _wrong(f"没有这个文件：{path.name}")
        target, community = self._place(sheet, options["event"], options["community"])
        directions = Directions(sheet=options["sheet"] or "", answers=_answers(options))
        plan, batch, state = self._run(sheet, path, community, target, directions, options)
        if options["json"]:
            answer = {
                "batch": batch.code if batch else None,
                "state": state,
                "register": sheet.register,
                "sheet": plan.sheet,
                "rows": plan.counts_dict(),
            }
            _print_json(answer, plan.problems())
        else:
            self._speak(plan, batch, state)
        if state == "refused" or plan.counts_dict()[str(Outcome.REJECT)]:
            sys.exit(1)

    def _sheet(self, name: str) -> Sheet:
        try:
            return sheet_of(name)
        except KeyError:
            known = "、".join(sheet.register for sheet in registers())
            raise _wrong(f"没有“{name}”这个登记簿。可以用的有：{known}。") from None

    def _place(self, sheet: Sheet, event: str, code: str) -> tuple[Any, Any]:
        """What the rows go into, if anything, and the community: the event's, or the one named."""
        named = community_called(code) if code else None
        if code and named is None:
            raise _wrong(f"没有编号为“{code}”的社区。")
        found = self._event(sheet, event) if event else None
        community = found.community if found is not None else named or community_for_command_line()
        if community is None:
            raise _wrong("有几个社区，请用 --community 指明社区，或用 --event 指明活动。")
        if named is not None and community != named:
            raise _wrong(f"“{event}”不是这个社区的。")
        return (found if sheet.target_name else None), community

    def _event(self, sheet: Sheet, code: str) -> Any:
        """The event with that code; a register that goes into none takes its community from it."""
        for one in [sheet] if sheet.target_name else registers():
            if one.target_name:
                try:
                    return one.find_target(code)
                except UnknownTarget:
                    continue
        raise _wrong(f"没有编号为“{code}”的{sheet.target_name or '活动'}。")

    def _run(
        self,
        sheet: Sheet,
        path: Path,
        community: Any,
        target: Any,
        directions: Directions,
        options: dict[str, Any],
    ) -> tuple[Plan, ImportBatch | None, str]:
        for _ in range(ATTEMPTS):
            try:
                plan = plan_file(
                    path,
                    sheet,
                    community=community,
                    target=target,
                    directions=directions,
                    despite_template=options["despite_template"],
                )
            except UnknownSheet as unknown:
                raise _wrong(
                    f"文件里没有工作表“{options['sheet']}”。有：{'、'.join(unknown.names)}。"
                ) from None
            if plan.unfit_answers:
                plan.file_problems.extend(
                    replace(problem, row=None) for problem in plan.unfit_answers.values()
                )
                return plan, None, "refused"
            rejected = plan.counts[str(Outcome.REJECT)]
            if plan.refused or (rejected and not options["take_good"]):
                return plan, None, "refused"
            if options["dry_run"]:
                return plan, None, "planned"
            try:
                batch = store_committed(
                    plan,
                    path,
                    community=community,
                    target_code=target.code if target else plan.target,
                    take_good=options["take_good"],
                    by=COMMAND_LINE,
                    directions=directions,
                )
            except PlanOutdated as outdated:
                problems = outdated.problems
            except RuleViolation as violation:
                plan.file_problems.append(
                    Problem(None, None, violation.code, Level.ERROR, violation.message)
                )
                return plan, None, "refused"
            else:
                return plan, batch, "committed"
        plan.file_problems.extend(problems)
        return plan, None, "refused"

    def _speak(self, plan: Plan, batch: ImportBatch | None, state: str) -> None:
        words = {"planned": "预览（没有写入）", "committed": "已导入", "refused": "没有导入"}
        counts = plan.counts_dict()
        self.stdout.write(
            f"{words[state]}：读到 {counts['read']} 行"
            + "".join(
                f"，{in_chinese(outcome.label)} {counts[str(outcome)]}" for outcome in Outcome
            )
        )
        for problem in plan.problems():
            where = f"第 {problem.row} 行" if problem.row else "文件"
            column = f"“{problem.column}”" if problem.column else ""
            self.stdout.write(f"  {where}{column}：{problem.message}")
        if batch is not None:
            self.stdout.write(f"批次 {batch.code}；撤销：manage.py undo_import {batch.code}")


def _answers(options: dict[str, Any]) -> dict[str, str]:
    """Those of the file, then those of the command line, by key."""
    answers: dict[str, str] = {}
    if options["answers"]:
        try:
            found = orjson.loads(Path(options["answers"]).read_bytes())
        except (OSError, orjson.JSONDecodeError):
            raise _wrong(f"读不了回答文件：{Path(options['answers']).name}") from None
        if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
            raise _wrong(
                '回答文件应是 {"phone_two": "first", "date_no_year@12": "2026"} 这样的 JSON。'
            )
        answers |= found
    for pair in options["answer"]:
        key, equals, value = pair.partition("=")
        if not (key and equals and value):
            raise _wrong("--answer 要写成 CODE=VALUE 或 CODE@行号=VALUE，例如 phone_two=first。")
        answers[key] = value
    return answers


def _print_json(answer: dict[str, Any], problems: Iterator[Problem]) -> None:
    """One object, its list of problems last and written piece by piece: it may be very long."""
    write = sys.stdout.write
    write(orjson.dumps(answer).decode().removesuffix("}") + ',"problems":[')
    comma = ""
    while some := [problem.as_dict() for problem in islice(problems, PIECE)]:
        write(comma + orjson.dumps(some).decode()[1:-1])
        comma = ",\n"
    write("]}\n")


def _wrong(message: str) -> CommandError:
    return CommandError(message, returncode=WRONG_USAGE)
