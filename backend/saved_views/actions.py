"""Verbs of saved views: keep, replace, rename, share, delete, take back; and one's habits of a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from backend.core import gate
from backend.core.access import Actor, may
from backend.core.errors import not_allowed, not_found
from backend.core.models import ChangeSet
from backend.core.undo import undo
from backend.core.words import in_chinese
from backend.saved_views import rules
from backend.saved_views.choices import ViewKind
from backend.saved_views.models import ListHabit, SavedView


@dataclass(frozen=True)
class Wanted:
    """What a view keeps of a list, or of an export."""

    filters: Sequence[Sequence[str]] = ()
    columns: Sequence[str] = ()
    order: Sequence[str] = ()
    form: str = ""
    whole: bool = False
    # For a list's view: which kind it is of.
    kind: ViewKind = field(default=ViewKind.LIST)

    def into(self, view: SavedView) -> SavedView:
        """The view, keeping this."""
        view.filters = [list(pair) for pair in self.filters]
        view.columns = list(dict.fromkeys(self.columns))
        view.order = list(self.order)
        view.form = self.form
        view.whole = self.whole
        return view


def _person(by: Actor) -> Any:
    if by.user is None or getattr(by.user, "limited_to", None) is not None:
        raise not_allowed("视图是本人登录后用的，接口密钥不能代办。")
    return by.user


def _seen(pk: int, by: Actor) -> SavedView:
    """The view, locked. Raises: not_found for one that `by` does not see."""
    user = _person(by)
    found = SavedView.objects.visible_to(user).filter(pk=pk).order_by().values("pk").first()
    view = SavedView.objects.select_for_update().filter(pk=pk).first() if found else None
    if view is None:
        raise not_found(in_chinese(SavedView._meta.verbose_name))
    return view


def _changeable(pk: int, by: Actor) -> SavedView:
    """Raises: not_found; view_is_shared."""
    view = _seen(pk, by)
    rules.view_may_be_changed(
        own=view.owner_id == by.user.pk,
        shared=view.is_shared,
        may_share=may(by, SavedView.action("share"), view.shared_in_id),
    )
    return view


def keep_view(label: str, name: str, wanted: Wanted, *, by: Actor) -> SavedView:
    """A new view of one's own of the list of `label`.

    Raises: view_name_missing, view_name_too_long, view_name_taken, text_has_personal_data;
        view_keeps_search; too_many_columns; too_many_views; not_allowed.
    """
    user = _person(by)
    with transaction.atomic():
        mine = SavedView.objects.filter(owner=user.pk, model=label, kind=wanted.kind)
        rules.there_is_room(mine.count())
        view = SavedView(owner=user, model=label, kind=wanted.kind, name=_tidy(name))
        return gate.save(wanted.into(view), by=by.vouched_for())


def replace_view(pk: int, wanted: Wanted, *, by: Actor) -> SavedView:
    """The view keeps this from now on. Raises: as `keep_view`; not_found; view_is_shared."""
    with transaction.atomic():
        return gate.save(wanted.into(_changeable(pk, by)), by=by.vouched_for())


def rename_view(pk: int, name: str, *, by: Actor) -> SavedView:
    """Raises: as `keep_view` of the name; not_found; view_is_shared."""
    with transaction.atomic():
        view = _changeable(pk, by)
        view.name = _tidy(name)
        return gate.save(view, by=by.vouched_for())


def share_view(pk: int, community: int | None, role: str, *, by: Actor) -> SavedView:
    """Shared with a role of a community; with nobody any more for no role.

    Raises: not_allowed where `by` may not share; not_found; view_is_shared; view_share_incomplete.
    """
    with transaction.atomic():
        view = _changeable(pk, by)
        for place in {view.shared_in_id, community} - {None}:
            if not may(by, SavedView.action("share"), place):
                raise not_allowed("您没有在这个社区共享视图的权限，请找社区书记。")
        view.shared_in_id = community if role else None
        view.shared_with = role
        return gate.save(view, by=by.vouched_for())


def delete_view(pk: int, *, by: Actor) -> ChangeSet:
    """Gone, until somebody takes it back; answers what was done. Raises: not_found; view_is_shared."""
    with transaction.atomic():
        view = _changeable(pk, by)
        with gate.change_set(
            f"delete {SavedView._meta.label}", by=by, community_id=view.shared_in_id
        ) as changes:
            gate.delete_many([view], by=by.vouched_for(), within=changes)
            return changes


def bring_back(change_set: int, *, by: Actor) -> int:
    """Takes back one's own deletion of views; answers how many rows came back.

    Raises: not_found for what is no deletion of one's own; already_undone; view_is_shared.
    """
    user = _person(by)
    made = ChangeSet.objects.filter(
        pk=change_set, actor=user.pk, verb=f"delete {SavedView._meta.label}"
    ).first()
    if made is None:
        raise not_found(in_chinese(SavedView._meta.verbose_name))
    if made.community_id is not None and not may(by, SavedView.action("share"), made.community_id):
        rules.view_may_be_changed(own=True, shared=True, may_share=False)
    return undo(made, by=by.vouched_for(), only=[SavedView]).restored


def keep_columns(label: str, columns: Iterable[str], *, by: Actor) -> None:
    """The columns of a list, for oneself; none for the usual ones. Raises: too_many_columns."""
    chosen = list(dict.fromkeys(columns))
    rules.columns_are_few(chosen)
    key = {"user_id": _person(by).pk, "model": label}
    gate.note(ListHabit, key, {"columns": chosen})


def open_with(label: str, pk: int | None, *, by: Actor) -> None:
    """The view with which a list opens for oneself; None for none. Raises: not_found."""
    with transaction.atomic():
        if pk is not None and _seen(pk, by).model != label:
            raise not_found(in_chinese(SavedView._meta.verbose_name))
        gate.note(ListHabit, {"user_id": _person(by).pk, "model": label}, {"opens_with": pk})


def _tidy(name: str) -> str:
    return " ".join(name.split())
