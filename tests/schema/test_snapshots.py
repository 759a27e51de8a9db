"""The schemas are what schema/snapshots says; `make schema` writes them anew."""

import difflib

import pytest

from schema.main.schema import schema as main_schema
from schema.management.commands.export_schemas import SNAPSHOTS
from schema.open_data.sdl import sdl as open_data_sdl


@pytest.mark.parametrize(
    ("name", "now"), [("main", str(main_schema)), ("open_data", open_data_sdl())]
)
def test_a_schema_is_its_snapshot(name: str, now: str) -> None:
    kept = (SNAPSHOTS / f"{name}.graphql").read_text(encoding="utf-8")
    difference = list(difflib.unified_diff(kept.splitlines(), now.rstrip().splitlines(), n=0))
    assert difference == [], "run `make schema` and read the diff: others build on this"
