"""A former version of a record comes back, and what was deleted: as on the pages of its history."""

from functools import cache
from typing import Any

import strawberry
from graphql import get_named_type, is_non_null_type
from strawberry import relay
from strawberry.types import Info
from strawberry.types.cast import cast as strawberry_cast

from backend.core.bringing_back import bring_back, deletion_of, left_in_words
from backend.core.edits import write_edit
from backend.core.errors import RuleViolation, not_found
from backend.core.models import Kept
from backend.core.numbers import whole_number
from backend.core.restoring import restoration_of_revision, restore
from schema.main.base import InputError, actor, answer, chosen, reread, viewer

# Of an update's input: fields that are no column, and the columns for which they stand.
_OTHERWISE = {"door": ("building", "unit", "room"), "username": ("assignee",)}


@strawberry.input
class RestoreVersionInput:
    """A record, and the revision whose values it is to have again."""

    id: relay.GlobalID = strawberry.field(description="Of a type that has an `update…` verb.")
    revision: int = strawberry.field(description="As the object showed it then.")
    reason: str = strawberry.field(description="For the history.")
    expected_revision: int = strawberry.field(
        description="The revision that the caller sees now; another one is changed_meanwhile."
    )


@strawberry.input
class BringBackInput:
    """A deleted record: by the id that it had, as `tombstones` tell it."""

    id: relay.GlobalID
    reason: str = strawberry.field(description="For the history.")


@strawberry.type
class RestoreVersionAnswer:
    """The record as it now stands, or what was wrong."""

    errors: list[InputError]
    record: relay.Node | None = None


@strawberry.type(description="Why a record that was deleted together with this one stayed away.")
class LeftDeleted:
    code: str = strawberry.field(description="Stable, for programs: that of the rule.")
    message: str


@strawberry.type
class BringBackAnswer:
    """The record, there again as it was, or what was wrong."""

    errors: list[InputError]
    record: relay.Node | None = None
    restored: int | None = strawberry.field(
        default=None, description="How many records came back: all that were deleted in one go."
    )
    left: list[LeftDeleted] = strawberry.field(
        default_factory=list, description="Those that the rules did not let come back."
    )


@strawberry.type
class VersionsMutation:
    @strawberry.mutation(
        description="Brings a former version of a record back, as an edit by today's rules: of what "
        "its `update…` verb takes. States, codes and what was erased do not come back."
    )
    def restore_version(self, info: Info, input: RestoreVersionInput) -> RestoreVersionAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            model = model_of(input.id, info)
            record = chosen(model, input.id, info)
            among = _edited(info.schema).get(model)
            if among is None:
                raise RuleViolation("version_stays", "这类记录不能恢复到旧版本。", field="id")
            found = restoration_of_revision(record, input.revision, viewer(info), among=among)
            restore(
                record,
                found,
                revision=input.expected_revision,
                reason=input.reason,
                save=lambda row: write_edit(row, by=by),
            )
            return {"record": _shown(record, input.id, info)}

        return answer(RestoreVersionAnswer, do)

    @strawberry.mutation(
        description="Brings a deleted record back, with all that was deleted together with it; for "
        "who may read the history and edit there. What was erased never comes back."
    )
    def bring_back(self, info: Info, input: BringBackInput) -> BringBackAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            model = model_of(input.id, info)
            shell: Any = model
            gone = shell(pk=whole_number(input.id.node_id) or 0)
            done = bring_back(deletion_of(gone, by), by=by, reason=input.reason)
            left = [
                LeftDeleted(code=code, message=left_in_words(code)) for _l, _pk, code in done.left
            ]
            return {
                "record": _shown(gone, input.id, info),
                "restored": done.restored,
                "left": left,
            }

        return answer(BringBackAnswer, do)


def model_of(given: relay.GlobalID, info: Info) -> type[Kept]:
    """The model behind an id. Raises: not_found."""
    node: Any = info.schema.get_type_by_name(given.type_name)
    definition = getattr(getattr(node, "origin", None), "__strawberry_django_definition__", None)
    model = getattr(definition, "model", None)
    if model is None or not issubclass(model, Kept):
        raise not_found("这条记录")
    return model  # type: ignore[no-any-return]


def _shown(record: Any, given: relay.GlobalID, info: Info) -> Any:
    """The record as a query would show it; null if the caller may not see it."""
    node: Any = info.schema.get_type_by_name(given.type_name)
    row = reread(record, info, "record")
    return row and strawberry_cast(node.origin, row)


@cache
def _edited(schema: Any) -> dict[type[Kept], frozenset[str]]:
    """What an edit may write at this door: by model, the columns that its update takes."""
    found: dict[type[Kept], frozenset[str]] = {}
    for field in schema._schema.mutation_type.fields.values():
        given: Any = get_named_type(field.args["input"].type)
        seen = given.fields.get("expectedRevision")
        if seen is None or is_non_null_type(seen.type):
            continue
        payload: Any = get_named_type(field.type)
        for one in payload.fields.values():
            node = schema.get_type_by_name(get_named_type(one.type).name)
            definition = getattr(
                getattr(node, "origin", None), "__strawberry_django_definition__", None
            )
            if definition is not None:
                names: frozenset[str] = frozenset().union(
                    *(_columns(name) for name in given.fields if name != "expectedRevision")
                )
                model = definition.model
                found[model] = found.get(model, frozenset()) | names
    return found


def _columns(name: str) -> tuple[str, ...]:
    snake = "".join(f"_{c.lower()}" if c.isupper() else c for c in name)
    return _OTHERWISE.get(name, (snake.removesuffix("_id"),))
