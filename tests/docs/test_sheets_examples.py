"""Every example of docs/api/sheets.md is a request that works."""

import pytest

from backend.education.models import LegalEducationEvent
from backend.imports.models import ImportBatch
from backend.people.models import User
from tests.docs.blocks import Example, examples_of
from tests.docs.codes import ROOT
from tests.schema.asking import caller, data
from tests.schema.test_directing_imports import upload

PAGE = (ROOT / "docs" / "api" / "sheets.md").read_text(encoding="utf-8")
EXAMPLES = examples_of(PAGE)
SHEET = "新河社区,,,\n大名,号头,职业,其他\n张安然,13700000001,会计,有\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=[e.name for e in EXAMPLES])
def test_an_example_of_the_page_works(
    example: Example, worker: User, event_open: LegalEducationEvent
) -> None:
    client = caller(worker)
    (answer,) = data(client, example.query, batch=upload(client, SHEET)).values()
    if example.name == "Direct":
        assert answer["errors"] == []
        assert ImportBatch.objects.get().create == 1
    else:
        assert len(answer["columns"]) == 4


def test_the_page_has_its_examples() -> None:
    assert [example.name for example in EXAMPLES] == ["Columns", "Direct"]
