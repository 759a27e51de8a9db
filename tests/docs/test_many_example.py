"""The example of docs/api/many.md is a request that works, and its list names every such verb."""

import re
from pathlib import Path

import pytest
from graphql import get_named_type
from strawberry.relay import to_base64
from strawberry.utils.str_converters import to_camel_case

from backend.core.access import SYSTEM
from backend.people.models import User
from backend.places.models import Community
from backend.services.booking import place_booking
from schema.main.many_verbs import MANY
from schema.main.schema import schema
from tests.docs.blocks import examples_of
from tests.schema.asking import caller, data
from tests.services.counter import new_item, new_slot

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "api" / "many.md").read_text("utf-8")


@pytest.mark.django_db
def test_the_example_of_the_page_works(worker: User, community: Community) -> None:
    (example,) = examples_of(PAGE)
    slot = new_slot(new_item(community), 2)
    rows = [place_booking(slot, by=SYSTEM, name=name) for name in ("赵一", "赵二")]
    given = dict(example.variables)
    for item, row in zip(given["items"], rows, strict=True):
        item["bookingId"] = to_base64("ServiceBooking", row.pk)
    answer = data(caller(worker), example.query, **given)["cancelBookingMany"]
    assert answer["errors"] == []
    assert [one["serviceBooking"]["status"] for one in answer["results"]] == ["CANCELLED"] * 2


def test_the_page_names_every_verb_and_each_takes_what_the_single_one_takes() -> None:
    names = {to_camel_case(one.name) for one in MANY}
    assert set(re.findall(r"`(\w+Many)`", PAGE.split("```")[0])) == names
    assert schema._schema.mutation_type is not None
    verbs = schema._schema.mutation_type.fields
    for name in names:
        single = verbs[name.removesuffix("Many")].args["input"].type
        taken = get_named_type(verbs[name].args["input"].type)
        assert get_named_type(taken.fields["items"].type) is get_named_type(single), name
