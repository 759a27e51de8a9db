"""The rights that an export rests on: as they were when it was made, and as they are now."""

from collections.abc import Iterable
from typing import Any

from backend.core.access import Scope, scope
from backend.core.exporting.columns import ExportColumn
from backend.core.models import Kept
from backend.core.reveals import reveal_scope

Rights = dict[str, dict[str, Any]]


def rights_of(
    user: Any, model: type[Kept], columns: Iterable[ExportColumn], *, whole: bool
) -> Rights:
    """Where `user` may take out what the columns show, by action, as it can be stored."""
    models = {model} | {column.owner() for column in columns if column.owner is not None}
    found: Rights = {}
    for one in models:
        found[one.action("export")] = _stored(scope(user, one.action("export")))
        if whole and one.personal:
            found[one.action("reveal")] = _stored(reveal_scope(user, one.area))
    return found


def still_hold(user: Any, rights: Rights) -> bool:
    """Whether `user` may today all that was allowed then."""
    return all(_within(then, scope(user, action)) for action, then in rights.items())


def _stored(where: Scope) -> dict[str, Any]:
    return {
        "everywhere": where.everywhere,
        "communities": sorted(where.communities),
        "estates": sorted(where.estates),
    }


def _within(then: dict[str, Any], now: Scope) -> bool:
    if now.everywhere:
        return True
    return (
        not then["everywhere"]
        and now.communities.issuperset(then["communities"])
        and now.estates.issuperset(then["estates"])
    )
