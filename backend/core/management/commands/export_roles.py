"""Refreshes docs/roles.md from the access table."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from backend.core.who_may_what import as_markdown


class Command(BaseCommand):
    help = "Writes docs/roles.md from the access table"

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "roles.md"
        path.write_text(as_markdown(), encoding="utf-8")
        self.stdout.write(f"{path.name}: {len(as_markdown().splitlines())} lines")
