"""Every value of every enum of the main API says what it means, in Chinese and in English."""

import re

from graphql import GraphQLEnumType

from schema.main.schema import schema as main_schema

CHINESE = re.compile(r"[\u4e00-\u9fff]")
ENGLISH = re.compile(r"[A-Za-z]{2}")


def test_every_value_has_its_meaning_in_both_languages() -> None:
    kinds = [
        kind
        for name, kind in main_schema._schema.type_map.items()
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
    ]
    assert len(kinds) > 80, "the control"
    silent = []
    for kind in kinds:
        for name, value in kind.values.items():
            chinese, _, english = (value.description or "").partition(" · ")
            if not CHINESE.search(chinese) or not ENGLISH.search(english):
                silent.append((kind.name, name))
            assert not CHINESE.search(english), (kind.name, name)
    assert silent == []


def test_a_generator_of_types_reads_it() -> None:
    query = '{ __type(name: "ServiceBookingStatus") { enumValues { name description } } }'
    told = {
        one["name"]: one["description"]
        for one in main_schema.execute_sync(query).data["__type"]["enumValues"]  # type: ignore[index]
    }
    assert told["OFFERED"] == "候补到位，待本人确认 · Offered"


def test_a_state_is_no_button() -> None:
    """暂停预约 is what a button says and what an item is: two words in English."""
    types = main_schema._schema.type_map
    for kind in ("ServiceItemStatus", "VolunteerStatus", "CoolStationStatus"):
        assert types[kind].values["PAUSED"].description.endswith(" · Paused"), kind  # type: ignore[union-attr]
