"""The example of docs/api/counts.md is a request that works, and its table names what there is."""

from pathlib import Path

import pytest
from strawberry.utils.str_converters import to_camel_case

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education import actions
from backend.education.models import LegalEducationEvent
from backend.people.models import User
from schema.main.counted import COUNTED
from tests.docs.blocks import examples_of
from tests.schema.asking import caller, data

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api" / "counts.md").read_text("utf-8")


@pytest.mark.django_db
def test_the_example_of_the_page_works(worker: User, event_open: LegalEducationEvent) -> None:
    (example,) = examples_of(PAGE)
    event_open.starts_at = event_open.starts_at.replace(year=2025, month=7, day=3)
    event_open.ends_at = event_open.ends_at.replace(year=2025, month=7, day=4)
    actions.hold_event(gate.save(event_open, by=SYSTEM), by=SYSTEM)
    answer = data(caller(worker), example.query, **example.variables)
    groups = answer["legalEducationEventCounts"]
    assert [(one["keys"], one["count"]) for one in groups] == [
        (["stool_theatre", "2025-06"], 0),
        (["stool_theatre", "2025-07"], 1),
        (["stool_theatre", "2025-08"], 0),
    ]


def test_the_page_names_every_root_and_what_it_sums() -> None:
    for root in COUNTED:
        (line,) = (
            one for one in PAGE.splitlines() if one.startswith(f"| `{to_camel_case(root.field)}`")
        )
        for one in root.counted.measures:
            assert f"`{to_camel_case(one.name)}`" in line
        for dimension in root.counted.dimensions:
            if dimension.name not in ("status", "community"):
                assert f"`{dimension.name.upper()}`" in line
