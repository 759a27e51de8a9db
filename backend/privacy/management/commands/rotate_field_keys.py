"""Encrypts identity numbers anew, after a new key was put first in LINLI_FIELD_KEYS."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.privacy.identity import rotate


class Command(BaseCommand):
    help = "Re-encrypts identity numbers with the first key; may be interrupted and run again"

    def handle(self, **options: Any) -> None:
        self.stdout.write(f"{rotate()} rows now under the first key; older keys can be removed\n")
