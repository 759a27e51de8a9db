"""The one shape of a verb for many items: a policy, one key for the call, and errors by index."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.many import MOST_AT_ONCE, Policy, Told, carry_out
from schema.main.base import InputError, actor, input_error, reread_all
from schema.main.costs import FIXED_PRICES
from schema.main.idempotency import once_many

strawberry.enum(
    Policy,
    name="ManyPolicy",
    description="ALL_OR_NOTHING: one that is refused, and nothing is done. GOOD_ONES: the others are done.",
)


@strawberry.type(description="One thing wrong with one of the items.")
class ManyError(InputError):
    """As InputError, with the item at fault."""

    index: int | None = strawberry.field(
        description="The item at fault, from 0; null for the whole call."
    )


# Types that are only known when the schema is made.
_list: Any = list


@dataclass(frozen=True)
class Many:
    """One verb for many: what an item is, what is done with it, and what the answer shows of it."""

    name: str
    item: Any
    thing: str
    node: Any
    model: Any
    do: Callable[[Info, Any, Actor], Any]
    description: str
    # All at once, where a register can.
    together: Callable[[Info, Sequence[Any], Actor], Sequence[Any]] | None = None
    # The rows among which the answer is read, if not those that the caller may see.
    rows: Callable[[], Any] | None = None

    def mutation(self) -> Any:
        """The field of the schema."""
        camel = to_camel_case(self.name)
        pascal = camel[0].upper() + camel[1:]
        given = _made(
            strawberry.input,
            f"{pascal}Input",
            f"Items for `{camel}`, at most {MOST_AT_ONCE}.",
            {
                "items": (_list[self.item], "In this order.", None),
                "idempotency_key": (
                    str,
                    "Of the whole call: the same key twice, the first result.",
                    None,
                ),
                "policy": (Policy, "What to do when some are refused.", Policy.ALL_OR_NOTHING),
            },
        )
        result = _made(
            strawberry.type,
            f"{pascal}Result",
            "What came of one item.",
            {
                "index": (int, "Which item, from 0.", None),
                self.thing: (self.node | None, "As it now stands; null if nothing was done.", None),
                "errors": (list[InputError], "Why it was refused.", None),
            },
        )
        answer = _made(
            strawberry.type,
            f"{pascal}Answer",
            "One result an item, in order; and everything that was wrong.",
            {
                "results": (_list[result], "Empty if the whole call was refused.", None),
                "errors": (list[ManyError], "Of all items, by index.", None),
            },
        )

        def resolve(info: Info, input: Any) -> Any:
            try:
                by = actor(info)
                told = once_many(
                    camel, input.idempotency_key, by, lambda: self._done(info, input, by)
                )
            except RuleViolation as violation:
                return answer(results=[], errors=[_at(None, violation)])
            return answer(
                results=self._results(info, result, told, len(input.items)),
                errors=[
                    _at(index, one) for index, some in sorted(told.refused.items()) for one in some
                ],
            )

        resolve.__annotations__ |= {"input": given, "return": answer}
        FIXED_PRICES[camel] = MOST_AT_ONCE
        return strawberry.mutation(
            resolve,
            description=f"{self.description} All, or the good ones: at most {MOST_AT_ONCE} (too_many).",
        )

    def _done(self, info: Info, given: Any, by: Actor) -> Told[Any]:
        together = self.together
        return carry_out(
            given.items,
            lambda item: self.do(info, item, by),
            given.policy,
            None if together is None else lambda items: together(info, items, by),
        )

    def _results(self, info: Info, make: Any, told: Told[int], size: int) -> list[Any]:
        keys = sorted(set(told.made.values()))
        rows = None if self.rows is None else self.rows()
        path = ("results", to_camel_case(self.thing))
        read = reread_all(keys, self.model, info, *path, rows=rows) if keys else []
        found = {row.pk: row for row in read}
        # After the call with the first one's key there may be fewer, or more.
        size = max([size, *(index + 1 for index in (*told.made, *told.refused))])
        return [
            make(
                index=index,
                errors=[input_error(one) for one in told.refused.get(index, ())],
                **{self.thing: found.get(told.made.get(index, 0))},
            )
            for index in range(size)
        ]


def _made(kind: Any, name: str, description: str, fields: dict[str, tuple[Any, str, Any]]) -> Any:
    """A type of the schema, from its fields: type, meaning, default (None: none)."""
    body: dict[str, Any] = {"__annotations__": {key: what[0] for key, what in fields.items()}}
    for key, (_, meaning, default) in fields.items():
        body[key] = (
            strawberry.field(description=meaning)
            if default is None
            else strawberry.field(description=meaning, default=default)
        )
    return kind(type(name, (), body), description=description)


def _at(index: int | None, violation: RuleViolation) -> ManyError:
    plain = input_error(violation)
    return ManyError(index=index, field=plain.field, code=plain.code, message=plain.message)
