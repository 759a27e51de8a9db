"""Refreshes the catalogue of error codes: docs/api/errors.md and the file for programs."""

from typing import Any

from django.core.management.base import BaseCommand

from schema.errors.catalogue import as_json, as_markdown, catalogue
from schema.errors.files import CATALOGUE, PAGE


class Command(BaseCommand):
    help = "Writes docs/api/errors.md and schema/errors/catalogue.json from the source"

    def handle(self, *args: Any, **options: Any) -> None:
        entries = catalogue()
        CATALOGUE.write_text(as_json(entries), encoding="utf-8")
        PAGE.write_text(as_markdown(entries), encoding="utf-8")
        self.stdout.write(f"{len(entries)} codes")
