"""One register's list into a file, as somebody sees it: the same function as the admin's page."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django.utils.dateparse import parse_date

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.exporting.columns import sheet_of
from backend.core.exporting.orders import ExportOrder, Form, write_export
from backend.core.exporting.periods import Period
from backend.exports.actions import rows_of

WRONG_USAGE = 2


class Command(BaseCommand):
    help = "Exports one list: export_list people.Resident FILE --as ACCOUNT"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("model", help="the register: people.Resident, education.Attendance …")
        parser.add_argument("file", help="where to write it")
        parser.add_argument("--as", dest="account", required=True, help="whose rights hold")
        parser.add_argument("--query", default="", help="the list's filter, as in its address")
        parser.add_argument("--form", choices=[str(form) for form in Form], default=str(Form.XLSX))
        parser.add_argument(
            "--columns", default="", help="names with commas; the usual ones if none"
        )
        parser.add_argument("--since", default="", help="first day, 2025-01-01")
        parser.add_argument("--until", default="", help="last day")
        parser.add_argument("--maker", default="", help="制表人 of a ledger")
        parser.add_argument("--whole", action="store_true", help="personal data in full")
        parser.add_argument("--reason", default="", help="why it leaves")

    def handle(self, *args: Any, **options: Any) -> None:
        user = get_user_model().objects.filter(username=options["account"]).first()
        if user is None:
            raise _wrong("没有这个账号。")
        try:
            model: Any = apps.get_model(options["model"])
            sheet = sheet_of(model)
        except (LookupError, ValueError):
            raise _wrong("没有这个登记簿，例如 people.Resident。") from None
        known = {column.name for column in sheet.columns}
        columns = tuple(name for name in options["columns"].split(",") if name)
        if unknown := [name for name in columns if name not in known]:
            raise _wrong(
                f"没有这些列：{'、'.join(unknown)}。可以用的有：{'、'.join(sorted(known))}。"
            )
        period = Period(parse_date(options["since"]), parse_date(options["until"]))
        order = ExportOrder(
            form=Form(options["form"]),
            columns=columns,
            whole=options["whole"],
            reason=options["reason"],
            period=period,
            narrows=bool(period),
            maker=options["maker"],
            details=options["form"],
        )
        path = Path(options["file"])
        unfinished = path.with_name(f"{path.name}.part")
        try:
            by = Actor.of(user, "command_line")
            rows = rows_of(model._meta.label, user, options["query"])
            with unfinished.open("wb") as target:
                leaving = write_export(rows, order, by=by, target=target)
            # Written down before the file is there under its name.
            leaving.log(order, by)
        except RuleViolation as violation:
            unfinished.unlink(missing_ok=True)
            raise CommandError(violation.message) from None
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
        unfinished.replace(path)
        self.stdout.write(f"已导出 {leaving.count} 条：{path.name}")


def _wrong(message: str) -> CommandError:
    return CommandError(message, returncode=WRONG_USAGE)
