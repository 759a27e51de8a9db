"""The migrations make the tables that the models say: the fast suite makes them either way."""

from io import StringIO

import pytest
from django.core.management import call_command

pytestmark = [pytest.mark.once, pytest.mark.django_db]


def test_nothing_is_left_to_migrate() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())
