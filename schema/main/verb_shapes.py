"""What most verbs on a record do: write what the input says of it, or take it away."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.core.models import Kept
from schema.main.changes import NOTHING, put
from schema.main.verbs import Verbs

A = TypeVar("A")


def changed(
    verbs: Verbs[A],
    info: Info,
    key: relay.GlobalID,
    given: Any,
    names: Sequence[str],
    links: Mapping[str, type[Kept]] = NOTHING,
    save: Callable[..., object] = gate.save,
) -> A:
    """Writes what an update's input says of the record that `key` names; `names` and `links` as for
    `put`. `save` is the register's own way of writing, if it has one.
    """

    def change(row: Any, by: Actor) -> None:
        save(put(row, given, names, links, info), by=by)

    return verbs.on(info, key, change)


def removed(verbs: Verbs[A], info: Info, key: relay.GlobalID) -> A:
    """Deletes the record that `key` names, if the rules let it go."""
    return verbs.on(info, key, lambda row, by: gate.delete(row, by=by))


def said(given: Any, names: Sequence[str]) -> dict[str, Any]:
    """What the input of a new record says in these fields: columns, called alike."""
    return {name: getattr(given, name) for name in names}
