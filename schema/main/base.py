"""What every module of the main API stands on."""

from collections.abc import Callable, Sequence
from datetime import datetime
from enum import Enum
from functools import wraps
from typing import Any, TypeVar

import strawberry
from django.db.models import F, Q, QuerySet
from django.utils import translation
from graphql import GraphQLResolveInfo, get_named_type
from strawberry import relay
from strawberry.types import Info
from strawberry_django.optimizer import optimize
from strawberry_django.relay import DjangoListConnection
from strawberry_django.utils.gql_compat import get_sub_field_selections

from backend.core.access import Actor, may, own_organizations
from backend.core.asking import why_not
from backend.core.errors import ManyViolations, RuleViolation, not_allowed, not_found
from backend.core.models import Kept, KeptQuerySet
from backend.core.numbers import whole_number
from backend.core.words import in_chinese
from backend.core.workflow import Move
from schema.cursors import BAD_CURSOR, is_ours
from schema.main.acquainting import acquaint
from schema.main.action_mutations import mutation_of

DOOR = "graphql"
# The annotation that says whose work a row is, where contacts of organizations move it.
OF_ORGANIZATION = "of_organization"
T = TypeVar("T")


@strawberry.enum(description="In which language a label is wanted.")
class Language(Enum):
    ZH = "zh-hans"
    EN = "en"


@strawberry.type(description="One thing wrong with what a mutation was asked to do.")
class InputError:
    """A broken rule: data, not a GraphQL error."""

    field: str | None = strawberry.field(
        description="The input field at fault, null for the whole input."
    )
    code: str = strawberry.field(description="Stable, for programs.")
    message: str = strawberry.field(description="Chinese, for people; says what to do next.")


@strawberry.type(description="Something the caller may do with an object now.")
class AvailableAction:
    name: str = strawberry.field(description="The verb.")
    label: str = strawberry.field(description="What a button for it says.")
    allowed: bool = strawberry.field(
        description="In lists: by state and role. On a single object also by the rules that count."
    )
    reason: str | None = strawberry.field(description="Why not, where not.")
    mutation: str | None = strawberry.field(
        description="The mutation that does it; null where none of this API does."
    )

    @classmethod
    def of(cls, kind: str, name: str, label: str, reason: str | None = None) -> "AvailableAction":
        """A verb of the type `kind`, which the caller may do unless there is a reason why not."""
        allowed = reason is None
        return cls(
            name=name,
            label=label,
            allowed=allowed,
            reason=reason,
            mutation=mutation_of(kind, name),
        )


def viewer(info: Info) -> Any:
    """The user who asks; Django's anonymous one if nobody signed in."""
    return info.context.request.user


def actor(info: Info) -> Actor:
    """Who acts. Raises: not_allowed for an anonymous caller."""
    return Actor.of(viewer(info), DOOR)


def visible(model: type[Kept], info: Info) -> KeptQuerySet[Any]:
    """The rows of a model that the caller may see."""
    return model._default_manager.visible_to(viewer(info))


def chosen(model: type[Kept], given: relay.GlobalID, info: Info, rows: Any = None) -> Any:
    """The record that an id in an input names, looked up among what the caller may see, or among
    the `rows` that a verb is for.

    Raises: not_found.
    """
    known = visible(model, info) if rows is None else rows
    record = known.filter(pk=whole_number(given.node_id) or 0).first()
    node = info.schema.get_type_by_name(given.type_name)
    origin = getattr(node, "origin", None)
    definition = getattr(origin, "__strawberry_django_definition__", None)
    if record is None or definition is None or definition.model is not model:
        raise not_found(in_chinese(model._meta.verbose_name))
    return record


def reread(record: Any, info: Info, *path: str, rows: Any = None) -> Any:
    """The row that a mutation answers with, read as a query would read it; None if it is not seen.

    What hangs on it is then masked and filtered by the same rules. `path` leads to its field in the
    answer; `rows` are those among which it is looked up, if not all that the caller may see.
    """
    return next(iter(reread_all([record.pk], type(record), info, *path, rows=rows)), None)


def reread_all(
    keys: Sequence[int], model: type[Kept], info: Info, *path: str, rows: Any = None
) -> list[Any]:
    """As `reread`, for several rows, in the order of their keys."""
    known = visible(model, info) if rows is None else rows
    found = {row.pk: row for row in optimize(known.filter(pk__in=keys), _inside(info, path))}
    acquaint(list(found.values()))
    return [found[key] for key in keys if key in found]


def _inside(info: Info, path: tuple[str, ...]) -> GraphQLResolveInfo:
    """What is asked for in a field of the answer: what the optimizer looks at."""
    asked: GraphQLResolveInfo = info._raw_info
    for name in path:
        parent: Any = get_named_type(asked.return_type)
        selections = get_sub_field_selections(asked, parent).values()
        asked = asked._replace(
            field_name=name,
            field_nodes=[node for nodes in selections for node in nodes if node.name.value == name],
            parent_type=parent,
            return_type=parent.fields[name].type,
            path=asked.path.add_key(name, parent.name),
        )
    return asked


class Seen:
    """A node whose rows are those that the caller may see, however one comes to them."""

    @classmethod
    def rows_seen(cls, model: type[Kept], info: Info) -> Q:
        """The row rule."""
        return model.visible(viewer(info))

    @classmethod
    def get_queryset(cls, queryset: Any, info: Info, **kwargs: Any) -> Any:
        return settled(queryset.filter(cls.rows_seen(queryset.model, info)))


def settled(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows in an order in which no two stand at one place."""
    query = rows.query
    if query.is_sliced:
        return rows
    # The model's own order is said aloud: Django forgets it where an annotation counts rows.
    order = query.order_by or (query.get_meta().ordering if query.default_ordering else ())
    if not order:
        return rows
    return rows.order_by(*order, *(() if order[-1] in ("pk", "-pk", "id", "-id") else ("pk",)))


def one_row(*, is_single: bool = False) -> Callable[[Callable[..., Any]], Any]:
    """Of a resolver that says which rows may be meant: the field shows the first, or null.

    `is_single`: its `availableActions` also ask the rules that count. What `rows_of` it has is what
    a compiled read asks instead.
    """

    def decorated(rows_of: Callable[..., Any]) -> Any:
        @wraps(rows_of)
        def resolve(root: Any, info: Info, **given: Any) -> Any:
            found: Any = optimize(rows_of(root, info, **given), info).first()
            acquaint([found])
            if found is not None and is_single:
                found.is_single = True
            return found

        resolve.rows_of, resolve.is_single = rows_of, is_single  # type: ignore[attr-defined]
        return resolve

    return decorated


def answer(make: Callable[..., T], do: Callable[[], dict[str, Any]]) -> T:
    """A mutation's answer: what `do` made, or the rules it broke, in `errors`."""
    try:
        return make(**({"errors": []} | do()))
    except RuleViolation as violation:
        return make(errors=[input_error(violation)])
    except ManyViolations as refused:
        return make(errors=[input_error(violation) for violation in refused.by_index.values()])


def input_error(violation: RuleViolation) -> InputError:
    """A broken rule as data."""
    head, *tail = (violation.field or "").split("_")
    camel = head + "".join(part.title() for part in tail)
    return InputError(field=camel or None, code=violation.code, message=violation.message)


def label_of(choices: Any, value: str, lang: Language) -> str:
    """The label of a choice."""
    with translation.override(lang.value):
        return str(choices(value).label)


def moves_of(record: Any, info: Info) -> Any:
    """The moves that the diagram and the caller's roles allow."""
    user = viewer(info)
    if not user.is_authenticated:
        return []
    model = type(record)
    machine = model.machine
    assert machine is not None
    found = []
    for move in machine.available(getattr(record, machine.field)):
        if not _may_move(record, move.right, user):
            continue
        found.append(offered(record, move, Actor.of(user, DOOR)))
    return found


def offered(record: Any, move: Move, by: Actor) -> AvailableAction:
    """A move that the diagram and the caller's roles allow; of a single object, the rules are asked:
    as on the record's page.
    """
    reason = why_not(record, move.name, by) if getattr(record, "is_single", False) else None
    return AvailableAction.of(type(record).__name__, move.name, move.label, reason)


def _may_move(record: Any, right: str, user: Any) -> bool:
    """Whether the caller's roles allow a verb on this row, by what was selected of it."""
    model = type(record)
    if may(Actor.of(user, DOOR), model.action(right), record.community_id):
        return True
    return may_as_contact(record, right, user)


def may_as_contact(record: Any, right: str, user: Any) -> bool:
    """Whether the caller may do a verb because the row is the work of the own organization."""
    return type(record).own_scope(user, right).covers(record.community_id) and (
        getattr(record, OF_ORGANIZATION, None) in own_organizations(user)
    )


def of_organization(model: type[Kept]) -> dict[str, Any]:
    """What `availableActions` needs beside the row's columns: whose work the row is."""
    assert model.own_path is not None
    return {OF_ORGANIZATION: F(model.own_path)}


def since(value: datetime, prefix: str) -> Any:
    """The filter `updatedSince`."""
    return Q(**{f"{prefix}updated_at__gte": value})


def refuse_anonymous(info: Info) -> None:
    """Raises: not_allowed."""
    if not viewer(info).is_authenticated:
        raise not_allowed("请先登录。")


def refuse_keys(info: Info) -> None:
    """Raises: not_allowed for an API key: what is a person's own is not some program's."""
    if getattr(viewer(info), "limited_to", None) is not None:
        raise not_allowed("本人的事项要本人登录后查看和办理，接口密钥不能代办。")


@strawberry.type(name="Connection", description="A connection to a list of items.")
class Connection(DjangoListConnection[relay.NodeType]):
    """A page of a list in which no two rows stand at one place: else one page may repeat a row of
    another, for PostgreSQL sorts equal rows as it likes.
    """

    @classmethod
    def resolve_connection(cls, nodes: Any, **kwargs: Any) -> Any:
        check_cursors(kwargs.get("after"), kwargs.get("before"))
        if kwargs.get("last") == 0:
            # The library takes it for a page without an end.
            kwargs |= {"first": 0, "last": None}
        if isinstance(nodes, QuerySet) and nodes._result_cache is None:
            nodes = settled(nodes)
        found = super().resolve_connection(nodes, **kwargs)
        if isinstance(found, cls):
            acquaint([edge.node for edge in found.edges])
        return found


def check_cursors(*given: str | None) -> None:
    """Raises: bad_cursor for one that is not ours."""
    if any(cursor is not None and not is_ours(cursor) for cursor in given):
        raise RuleViolation("bad_cursor", BAD_CURSOR)
