"""Tasks for which somebody sees personal data in full: opened with a reason, closed by themselves."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, Scope, scope, scope_of
from backend.core.errors import not_allowed, not_found
from backend.core.models import Kept, RevealTask
from backend.core.roles import GRANTS
from backend.core.rules import reason_says_why


def can_reveal(area: str) -> bool:
    """Whether the table of rights knows of full values in this area at all."""
    return f"{area}.reveal" in GRANTS


def reveal_scope(user: Any, area: str) -> Scope:
    """Where `user` may see the area's personal data in full, given a reason."""
    return scope(user, f"{area}.reveal") if can_reveal(area) else Scope()


def open_reveal(area: str, *, community_id: int, reason: str, by: Actor) -> RevealTask:
    """A task of `by` in one community and area; an earlier one that is still open ends with it.

    Raises: not_found for an area without personal data; not_allowed; reason_too_short;
        reason_too_long; text_has_personal_data.
    """
    if not can_reveal(area):
        raise not_found("可以查看的信息")
    where = scope_of(by, f"{area}.reveal")
    # A steward's task holds for the community; which rows it shows is the scope's business.
    if by.user is None or not (
        where.covers(community_id) or community_id in where.estate_communities
    ):
        raise not_allowed("您没有查看完整信息的权限，请联系社区管理员。")
    reason = " ".join(reason.split())
    reason_says_why(reason)
    close_reveals(area, community_id=community_id, by=by)
    now = timezone.now()
    task = RevealTask(
        user=by.user,
        community_id=community_id,
        area=area,
        reason=reason,
        door=by.door,
        opened_at=now,
        expires_at=now + timedelta(minutes=settings.REVEAL_MINUTES),
    )
    gate.keep_notes([task])
    return task


def close_reveals(area: str, *, community_id: int, by: Actor) -> int:
    """Ends the caller's open tasks there; answers how many there were."""
    tasks = list(open_tasks(by.user).filter(area=area, community_id=community_id))
    for task in tasks:
        gate.note(RevealTask, {"pk": task.pk}, {"closed_at": timezone.now()})
    return len(tasks)


def open_tasks(user: Any) -> QuerySet[RevealTask]:
    """The tasks of `user` that neither expired nor were closed, newest first."""
    if user is None or not user.is_authenticated or not user.is_active:
        return RevealTask.objects.none()
    # Who lost the right, and a key that does not name it, has no task either.
    return RevealTask.objects.filter(
        _reached(user), user_id=user.pk, closed_at__isnull=True, expires_at__gt=timezone.now()
    ).order_by("-opened_at", "-pk")


def _reached(user: Any) -> Q:
    """The tasks of the areas and communities in which `user` may see full values now."""
    tasks = Q(pk__in=[])
    for area in (action.removesuffix(".reveal") for action in GRANTS if action.endswith(".reveal")):
        where = reveal_scope(user, area)
        tasks |= Q(area=area) & (where.rows() | Q(community__in=where.estate_communities))
    return tasks


def rows_in_full(model: type[Kept], user: Any, communities: Iterable[int]) -> Q | None:
    """The rows of `model` that `user` sees in full, tasks being open in `communities`; None for none.

    A task alone gives nothing: who lost the right since sees masks again.
    """
    wanted = frozenset(communities)
    where = reveal_scope(user, model.area)
    if not wanted or not (where.everywhere or where.communities or where.estates):
        return None
    return model.rows_in(Scope(communities=wanted)) & model.rows_in(where)
