"""Takes one import back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.access import COMMAND_LINE
from backend.core.errors import RuleViolation
from backend.imports.actions import undo_import
from backend.imports.models import ImportBatch


class Command(BaseCommand):
    help = "Undoes an import: undo_import BATCH"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("batch", help="the batch, as import_sheet printed it")
        parser.add_argument("--reason", default="", help="why")

    def handle(self, *args: Any, **options: Any) -> None:
        batch = ImportBatch.objects.filter(code=options["batch"]).first()
        if batch is None:
            raise CommandError(f"没有批次 {options['batch']}。", returncode=2)
        try:
            undone = undo_import(batch, by=COMMAND_LINE, reason=options["reason"])
        except RuleViolation as violation:
            raise CommandError(violation.message) from None
        self.stdout.write(f"已撤销批次 {undone.batch.code}。")
        if undone.left:
            self.stdout.write(f"有 {len(undone.left)} 条记录在导入后又被改动或使用，保留不动：")
            for one in undone.left:
                where = f"第 {one.row} 行 " if one.row else ""
                self.stdout.write(f"  {where}{one.record}：{one.why}")
