"""Who walks a grid: staff of its community, and the stewards of its estate."""

from typing import Any

from backend.core.access import Actor, scope_of
from backend.core.errors import not_allowed
from backend.patrols.states import WALK
from backend.places.models import Grid

ACTION = f"patrols.{WALK}"


def may_walk(by: Actor, community_id: int, estate_id: int | None) -> bool:
    """Whether the actor may walk there. By what a row itself holds: no query a row."""
    where = scope_of(by, ACTION)
    return where.covers(community_id) or estate_id in where.estates


def walker(by: Actor, row: Any) -> Actor:
    """The actor, who may walk the row's estate (a grid's, a patrol's). Raises: not_allowed."""
    if not may_walk(by, row.community_id, row.estate_id):
        raise not_allowed("这个网格不在您的巡查范围内，请联系社区工作者。")
    return by.vouched_for()


def grids_of(user: Any) -> Any:
    """The grids that a user may walk."""
    where = scope_of(Actor(user=user), ACTION)
    return Grid.objects.filter(where.rows("community", "estate"), estate__isnull=False)
