"""Refreshes schema/snapshots/*.graphql: the contracts as files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from schema.main.schema import schema as main_schema
from schema.open_data.sdl import sdl as open_data_sdl

SNAPSHOTS = Path(__file__).resolve().parents[2] / "snapshots"


class Command(BaseCommand):
    help = "Writes both schemas to schema/snapshots"

    def handle(self, *args: Any, **options: Any) -> None:
        for name, sdl in (("main", str(main_schema)), ("open_data", open_data_sdl())):
            path = SNAPSHOTS / f"{name}.graphql"
            path.write_text(sdl.rstrip() + "\n", encoding="utf-8")
            self.stdout.write(f"{path.name}: {len(sdl.splitlines())} lines")
