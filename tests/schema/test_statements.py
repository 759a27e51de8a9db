"""How many SQL statements a query takes: what is on record.

`LINLI_STATEMENTS=1 pytest tests/schema/test_statements.py` writes statements.json anew.
"""

import json
import os
from pathlib import Path

import pytest

from backend.people.models import User
from tests.schema.statements import QUERIES, statements

RECORD = Path(__file__).with_name("statements.json")


@pytest.mark.parametrize("name", QUERIES)
def test_a_query_takes_the_statements_on_record(name: str, demo_worker: User) -> None:
    taken = statements(demo_worker, name)
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if os.environ.get("LINLI_STATEMENTS"):
        record[name] = taken
        RECORD.write_text(json.dumps(record, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
    assert taken == record[name]
