"""Which views somebody has of a list, and how they like it."""

from typing import Any

from django.db.models import QuerySet

from backend.core.access import scope
from backend.saved_views.models import ListHabit, SavedView


def views_of(user: Any, label: str) -> list[SavedView]:
    """The views and saved exports of a list that `user` sees, by name."""
    return list(SavedView.objects.visible_to(user).filter(model=label).order_by("name", "pk"))


def all_views(user: Any) -> QuerySet[SavedView]:
    """Every view that `user` sees, with whose and where."""
    seen: QuerySet[SavedView] = SavedView.objects.visible_to(user)
    return seen.select_related("owner", "shared_in").order_by("model", "kind", "name", "pk")


def habit_of(user: Any, label: str) -> ListHabit:
    """How `user` likes a list; an empty one where nothing was said."""
    found = ListHabit.objects.filter(user=user.pk, model=label).first()
    return found or ListHabit(user_id=user.pk, model=label)


def may_share_in(user: Any) -> frozenset[int]:
    """The communities in which `user` may share views."""
    return scope(user, SavedView.action("share")).communities


def may_change(user: Any, view: SavedView) -> bool:
    """Whether buttons that change a view are offered; the verbs ask again."""
    if view.is_shared:
        return view.shared_in_id in may_share_in(user)
    return bool(view.owner_id == user.pk)
