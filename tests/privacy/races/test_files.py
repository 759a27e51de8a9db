"""After an erasure no byte of the installation tells of the person: tables, files, history, uploads."""

import json

import pytest

from tests.imports.races.databases import ON_POSTGRES, Database
from tests.privacy.races.conftest import done
from tests.privacy.races.looking import figures, files_that_tell, tables_that_tell

pytestmark = pytest.mark.slow


def test_no_byte_is_left(database: Database) -> None:
    before = figures(database)
    # The control: before, the search from outside finds them in all these places.
    assert {
        "people_resident",
        "education_attendance",
        "core_changepart",
        "imports_planchunk",
        "django_tasks_database_dbtaskresult",
    } <= tables_that_tell(database)
    files = files_that_tell(database)
    assert any(name.startswith("uploads/") for name in files)
    assert ON_POSTGRES or {"linli.sqlite3"} <= files

    assert json.loads(done(database, "erase").said) == {"left": []}

    assert tables_that_tell(database) == set()
    assert files_that_tell(database) == set()
    assert figures(database) == before
    assert database.is_sound()
