"""Whether the actor may write these rows: by a role in their community, or because they are the work
of the organization that the actor speaks for.
"""

from collections.abc import Iterable
from typing import Any

from backend.core.access import Actor, Scope, own_organizations, scope_of
from backend.core.errors import not_allowed
from backend.core.models import Kept


def require_rows(model: type[Kept], rows: Iterable[Kept], by: Actor, verb: str) -> None:
    """Raises: not_allowed unless the actor may do `verb` on every row, as it stands in memory."""
    # Once for all rows: a sheet writes a hundred thousand.
    where = scope_of(by, model.action(verb))
    refused = [row for row in rows if not where.covers(row.scope_community_id)]
    if refused and model.by_estate:
        refused = [row for row in refused if not _in_estate(row, where)]
    if refused and not all_own(model, refused, by, verb):
        raise not_allowed()


def may_write(record: Any, by: Actor, verb: str) -> bool:
    """Whether the actor may do `verb` on this one row: what buttons ask before they are shown."""
    model = type(record)
    where = scope_of(by, model.action(verb))
    inside = where.covers(record.scope_community_id) or _in_estate(record, where)
    return inside or all_own(model, [record], by, verb)


def _in_estate(row: Any, where: Scope) -> bool:
    return row.by_estate and row.estate_id is not None and row.estate_id in where.estates


def all_own(model: type[Kept], rows: list[Any], by: Actor, verb: str) -> bool:
    """Whether all rows are the work of organizations for which the actor speaks, and may do so."""
    where = model.own_scope(by.user, verb)
    if not where.anywhere or not all(where.covers(row.scope_community_id) for row in rows):
        return False
    found = organizations_of(model, rows)
    return len(found) == len(rows) and set(found) <= own_organizations(by.user)


def organizations_of(model: type[Kept], rows: list[Any]) -> list[Any]:
    """Whose work each row is, by what it points at now; fewer than the rows where one has nobody.

    Read from the tables and by keys: a new row has no row of its own to join from.
    """
    assert model.own_path is not None
    first, _, rest = model.own_path.partition("__")
    if first == "pk":
        return [row.pk for row in rows if row.pk is not None]
    field = model._meta.get_field(first)
    keys = [getattr(row, field.attname) for row in rows]
    if not rest:
        return [key for key in keys if key is not None]
    target: Any = field.related_model
    known = target._default_manager.filter(pk__in={*keys} - {None}).values_list("pk", rest)
    found = dict(known)
    return [found[key] for key in keys if found.get(key) is not None]
