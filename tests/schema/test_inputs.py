"""What the schema says of an input holds: what may be left out can be left out."""

import dataclasses
from typing import Any

from graphql import GraphQLInputObjectType, is_required_input_field

from schema.main.schema import schema as main_schema


def test_what_is_not_required_may_be_left_out() -> None:
    """A field without a default fails in Python, where the answer could only be `internal`."""
    seen, wrong = 0, []
    for name, type_ in main_schema._schema.type_map.items():
        if not isinstance(type_, GraphQLInputObjectType):
            continue
        definition: Any = main_schema.get_type_by_name(name)
        needed = {
            field.name
            for field in dataclasses.fields(definition.origin)
            if field.init
            and field.default is dataclasses.MISSING
            and field.default_factory is dataclasses.MISSING
        }
        for field in definition.fields:
            asked = main_schema.config.name_converter.get_graphql_name(field)
            seen += is_required_input_field(type_.fields[asked])
            if field.python_name in needed and not is_required_input_field(type_.fields[asked]):
                wrong.append(f"{name}.{asked}")
    assert wrong == []
    assert seen > 100, "the control: it does look at fields"
