"""Every register's list with every column that may be chosen: no more than 15 statements, whatever rows.

A column that asks for each row, or that cannot be shown at all, is found here.
"""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core.roles import Role
from tests.access.test_list_statements import LISTS, MOST
from tests.access.world import HOME, address, client_of, granted, row_of

pytestmark = [
    pytest.mark.once,
    pytest.mark.slow,
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]


def _statements(client: Client, model: Any, columns: list[str]) -> tuple[int, Any]:
    asked = f"{address(model, '')}?cols={','.join(columns)}"
    client.get(asked)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(asked)
        assert answer.status_code == 200
    return len(captured), answer


@pytest.mark.parametrize("label", LISTS)
def test_all_columns_together_take_no_statement_a_row(
    label: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    register, model = LISTS[label], LISTS[label].model
    row_of(model, HOME)
    seeing = model.action("see")
    client = client_of(Role.INSTALLATION if granted(Role.INSTALLATION, seeing) else Role.SECRETARY)
    first = client.get(address(model, ""))
    if "cl" not in first.context:
        pytest.skip("a page of its own in place of a list")
    columns = [column.key for column in first.context["cl"].offered]
    taken, answer = _statements(client, model, columns)
    assert [column.key for column in answer.context["cl"].columns] == columns
    assert answer.context["cl"].result_list
    assert taken <= MOST
    monkeypatch.setattr(register, "list_per_page", 1)
    assert _statements(client, model, columns)[0] == taken, "a column asks for each row"
