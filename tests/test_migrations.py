"""The migrations make the tables that the models say: the fast suite makes them from the models."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

from tests.imports.races.databases import (
    ROOT,
    Database,
    make_tables,
    new_database,
    with_tables,
)

# What a database is made of, asked as Django asks; names of automatic indexes are left out.
ASK = """
import json, django
django.setup()
from django.db import connection
found = {}
with connection.cursor() as cursor:
    look = connection.introspection
    for table in sorted(look.table_names(cursor)):
        columns = [
            [c.name, str(c.type_code), c.internal_size, c.null_ok]
            for c in look.get_table_description(cursor, table)
        ]
        rules = [
            [sorted(r["columns"] or []), r["primary_key"], r["unique"], r["index"], r["check"],
             r["foreign_key"]]
            for r in look.get_constraints(cursor, table).values()
        ]
        found[table] = [sorted(columns), sorted(rules, key=repr)]
print(json.dumps(found))
"""


@pytest.mark.once
def test_nothing_is_left_to_migrate(tmp_path: Path) -> None:
    # In a process of its own: this one may have been told that no app has migrations.
    asked = subprocess.run(
        [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
        cwd=ROOT, env=os.environ | {"DATABASE_URL": "", "LINLI_VAR": str(tmp_path)},
        capture_output=True, text=True,
    )  # fmt: skip
    assert asked.returncode == 0, asked.stdout + asked.stderr


def _made_of(database: Database) -> dict[str, Any]:
    said = subprocess.run(
        [sys.executable, "-c", ASK], cwd=ROOT, env=database.environment, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(said.stdout)
    found.pop("django_migrations", None)
    return found


@pytest.mark.slow
def test_migrated_tables_are_those_of_the_models(tmp_path: Path) -> None:
    with new_database(tmp_path / "migrated") as database:
        make_tables(database)
        migrated = _made_of(database)
    plain = _made_of(with_tables())
    assert set(migrated) == set(plain)
    # Django's own tables have ids of another width where no migration made them.
    tables = {m._meta.db_table for m in apps.get_models() if m.__module__.startswith("backend.")}
    # On SQLite those of the queue lie in a file of their own.
    ours = tables & set(plain)
    assert len(ours) > 60
    assert {t: (migrated[t], plain[t]) for t in ours if migrated[t] != plain[t]} == {}
