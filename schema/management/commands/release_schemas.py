"""Makes the present schemas the released ones, which later ones must not break."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from schema.management.commands.export_schemas import SNAPSHOTS
from schema.releases import broken, worth_a_look

RELEASED = SNAPSHOTS / "released"


class Command(BaseCommand):
    help = "Copies schema/snapshots/*.graphql to schema/snapshots/released, unless they break it"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare only, write nothing")

    def handle(self, *args: Any, check: bool, **options: Any) -> None:
        wrong: list[str] = []
        for name in ("main", "open_data"):
            now = (SNAPSHOTS / f"{name}.graphql").read_text(encoding="utf-8")
            kept = RELEASED / f"{name}.graphql"
            before = kept.read_text(encoding="utf-8") if kept.exists() else None
            if before is not None:
                wrong += [f"{name}: {one}" for one in broken(before, now)]
                for one in worth_a_look(before, now):
                    self.stdout.write(f"{name}: look at this: {one}")
        if wrong:
            raise CommandError("\n".join(["deprecate first, remove in the next release:", *wrong]))
        if not check:
            RELEASED.mkdir(exist_ok=True)
            for name in ("main", "open_data"):
                now = (SNAPSHOTS / f"{name}.graphql").read_text(encoding="utf-8")
                (RELEASED / f"{name}.graphql").write_text(now, encoding="utf-8")
