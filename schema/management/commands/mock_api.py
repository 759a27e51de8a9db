"""The stand-in for both APIs: for front-end work with no database."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from schema.mock.__main__ import add_options, serve


class Command(BaseCommand):
    help = "Serves invented answers at /graphql/ and /open-data/graphql/, reading no database"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        add_options(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        serve(options["port"], options["seed"])
