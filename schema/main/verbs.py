"""The one shape of a mutation: it answers with the object as it now stands, or what was wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from graphql import get_named_type
from strawberry import relay
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from backend.core.access import Actor
from backend.core.models import Kept
from schema.main.base import actor, answer, chosen, reread
from schema.main.idempotency import once

A = TypeVar("A")


def _as_asked(found: A, info: Info) -> A:
    """The answer, with the fields at fault named as the input names them: a rule speaks of the
    organization, the input has its organizationId.
    """
    verb: Any = info._raw_info.parent_type.fields[info.field_name]
    names = get_named_type(verb.args["input"].type).fields
    for error in getattr(found, "errors", ()):
        if error.field is not None and error.field not in names and f"{error.field}Id" in names:
            error.field = f"{error.field}Id"
    return found


@dataclass(frozen=True)
class Verbs(Generic[A]):
    """The verbs of one model: its type of answer, and under which name the object stands there."""

    model: type[Kept]
    answers: Callable[..., A]
    name: str

    def done(self, info: Info, do: Callable[[Actor], Any]) -> A:
        """Answers with the record that `do` gives."""

        def carry_out() -> dict[str, Any]:
            record = do(actor(info))
            return {self.name: reread(record, info, to_camel_case(self.name))}

        return _as_asked(answer(self.answers, carry_out), info)

    def on(self, info: Info, key: relay.GlobalID, do: Callable[[Any, Actor], object]) -> A:
        """Does something with the record that an id names, and answers with that."""

        def carry_out(by: Actor) -> Any:
            record = chosen(self.model, key, info)
            do(record, by)
            return record

        found: Any = self.done(info, carry_out)
        if any(error.code == "changed_meanwhile" for error in found.errors):
            # Both versions are with the caller then: the own one in the input, this one here.
            current = chosen(self.model, key, info)
            setattr(found, self.name, reread(current, info, to_camel_case(self.name)))
        return found  # type: ignore[no-any-return]

    def move(
        self, info: Info, key: relay.GlobalID, verb: Callable[..., object], reason: str = ""
    ) -> A:
        """Moves the record that an id names, by a verb of its machine."""
        return self.on(info, key, lambda record, by: verb(record, by=by, reason=reason))

    def made(self, info: Info, given: Any, verb: str, make: Callable[[Actor], Any]) -> A:
        """Answers with what `make` makes, once for the idempotency key of the input."""
        key = given.idempotency_key
        return self.done(info, lambda by: once(verb, key, by, self.model, lambda: make(by)))
