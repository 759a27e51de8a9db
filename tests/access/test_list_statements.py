"""How many SQL statements each list and board of the staff takes: what is on record, never above 15.

`LINLI_STATEMENTS=1 pytest tests/access/test_list_statements.py` writes list_statements.json anew.
A page of one row and a page of fifty take the same number: no column asks for each row. A board of
one card a state takes what the whole board takes.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core import boards
from backend.core.admin import RegisterAdmin
from backend.core.desk import badges
from backend.core.roles import Role
from tests.access.world import HOME, address, client_of, granted, register_admins, row_of

pytestmark = [
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]

RECORD = Path(__file__).with_name("list_statements.json")
MOST = 15
LISTS = {register.model._meta.label: register for register in register_admins()}


BOARDS = {label: register for label, register in LISTS.items() if register.board is not None}


@pytest.fixture(autouse=True)
def _counted_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """The sidebar's numbers are kept a minute; a slow machine takes longer to look twice."""
    monkeypatch.setattr(badges, "KEPT_SECONDS", 3600)


def _statements(client: Client, model: Any, name: str = "") -> int:
    """Of the second look: the first fills the caches of the process."""
    client.get(address(model, name))
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address(model, name)).status_code == 200
    return len(captured)


def _on_record(label: str, taken: int) -> int:
    record = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    if os.environ.get("LINLI_STATEMENTS"):
        record[label] = taken
        RECORD.write_text(json.dumps(record, indent=2, sort_keys=True) + "\n")
    found: int = record[label]
    return found


@pytest.mark.parametrize("label", LISTS)
def test_a_list_page_takes_the_statements_on_record(
    label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    register: RegisterAdmin = LISTS[label]
    model: Any = register.model
    row_of(model, HOME)
    seeing = model.action("see")
    client = client_of(Role.INSTALLATION if granted(Role.INSTALLATION, seeing) else Role.SECRETARY)
    taken = _statements(client, model)
    assert taken == _on_record(label, taken)
    assert taken <= MOST
    monkeypatch.setattr(register, "list_per_page", 1)
    assert _statements(client, model) == taken, "a column asks the database for each row"


@pytest.mark.parametrize("role", [Role.SECRETARY, Role.OFFICE])
@pytest.mark.parametrize("label", BOARDS)
def test_a_board_takes_the_statements_on_record(
    label: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever sees it: the street office sees several communities, and more of them."""
    model: Any = BOARDS[label].model
    row_of(model, HOME)
    if not granted(role, model.action("see")):
        pytest.skip("this role does not see the register")
    client = client_of(role)
    taken = _statements(client, model, "board")
    assert taken <= MOST
    assert taken == _on_record(f"{label} board of {role}", taken)
    monkeypatch.setattr(boards, "MOST_CARDS", 1)
    monkeypatch.setattr(boards, "MOST_QUIET", 1)
    assert _statements(client, model, "board") == taken, "a card asks the database for itself"


def test_what_is_on_record_still_has_a_page() -> None:
    kept = {label for label in json.loads(RECORD.read_text()) if " board of " not in label}
    assert kept == set(LISTS)
