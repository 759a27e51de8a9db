"""Each list of the demo as CSV: the rows of the interface, and no others."""

import re
from typing import Any

import pytest

from schema.open_data.lists import OpenList, open_lists
from tests.schema.asking import OPEN, caller, data, nodes
from tests.schema.reading import lines

LISTS = list(open_lists())


@pytest.mark.parametrize("one", LISTS, ids=lambda one: one.name)
def test_a_csv_has_the_rows_of_its_list(one: OpenList, demo_worker: Any) -> None:
    heading, *found = lines(f"/open-data/{one.name}.csv")
    assert heading == [column.name for column in one.columns]
    key = next(name for name in ("code", "name") if name in heading)
    shown = {line[heading.index(key)] for line in found}
    query = f"{{ {one.name}(first: 100) {{ totalCount edges {{ node {{ {key} }} }} }} }}"
    listed = data(caller(), query, OPEN)[one.name]
    assert len(found) == listed["totalCount"]
    assert {node[key] for node in nodes(listed)} <= shown
    chinese, *_ = lines(f"/open-data/{one.name}.csv?lang=zh")
    assert len(chinese) == len(heading)
    assert any(re.search(r"[一-鿿]", label) for label in chinese)
