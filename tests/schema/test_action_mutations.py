"""Every action that an object offers names the mutation that does it, and there is one."""

from django.apps import apps

from schema.main.action_mutations import _CALLED, mutation_of
from schema.main.schema import schema

GRAPH = schema._schema
OFFERING = {
    name
    for name, kind in GRAPH.type_map.items()
    if "availableActions" in getattr(kind, "fields", {})
}
# What stands beside the moves of a type's diagram.
BESIDE = {("Demand", "respond"), ("Demand", "extend"), ("Job", "cancel"), ("Job", "retry")}


def offered() -> set[tuple[str, str]]:
    machines = {
        model.__name__: model.machine
        for model in apps.get_models()
        if getattr(model, "machine", None) is not None
    }
    moves = {
        (kind, move.name) for kind in OFFERING & set(machines) for move in machines[kind].moves
    }
    return moves | BESIDE


def test_each_names_a_mutation_of_the_schema_or_none() -> None:
    assert GRAPH.mutation_type is not None
    known = set(GRAPH.mutation_type.fields)
    named = {one: mutation_of(*one) for one in offered()}
    assert len(named) > 60
    assert {one: name for one, name in named.items() if name and name not in known} == {}


def test_nothing_is_named_that_no_type_offers() -> None:
    written = {(kind, name) for kind, names in _CALLED.items() for name in names}
    assert written - offered() == set()
