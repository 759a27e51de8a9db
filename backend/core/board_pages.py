"""A register's board in the admin: the same rows and filters as its list, by state, with the steps."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from unfold.views import ChangeList

from backend.core import bulk
from backend.core.access import scope
from backend.core.boards import Board, Card, Column, Step, columns
from backend.core.desk.words import due_words
from backend.core.door import actor
from backend.core.list_bar import BarPart, list_bar
from backend.core.list_pages import COLUMNS, SAVED, VIEW, FilteredRows
from backend.core.models import ChangeSet, Kept
from backend.core.returning import came_from, going_back_to

# Parameters of a list's address that choose no rows.
_NO_FILTERS = ("o", "p", "e", "all", VIEW, COLUMNS, SAVED)


class BoardPages:
    """Adds a board to a register that declares one."""

    board: ClassVar[Board | None] = None
    verbs: ClassVar[Mapping[str, Callable[..., Any]]]
    register_model: type[Kept]
    admin_site: Any

    def get_urls(self) -> list[Any]:
        found: list[Any] = super().get_urls()  # type: ignore[misc]
        if self.board is None:
            return found
        opts = self.register_model._meta
        view = self.admin_site.admin_view(never_cache(self.board_view))
        return [path("board/", view, name=f"{opts.app_label}_{opts.model_name}_board"), *found]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        match = request.resolver_match
        if match is not None and str(match.url_name).endswith("_board"):
            # The rows and the filters alone: which columns somebody chose is the list's business.
            return FilteredRows
        found: type[ChangeList] = super().get_changelist(request, **kwargs)  # type: ignore[misc]
        return found

    def board_view(self, request: HttpRequest) -> HttpResponse:
        """The columns, as filtered."""
        if self.board is None or not self.has_view_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        try:
            listed = self.get_changelist_instance(request)  # type: ignore[attr-defined]
        except IncorrectLookupParameters:
            messages.error(request, gettext("地址里的筛选条件不对，已显示全部。"))
            return HttpResponseRedirect(request.path)
        model = self.register_model
        rows = model._default_manager.filter(pk__in=listed.queryset.order_by().values("pk"))
        found = columns(
            self.board,
            model,
            rows,
            request.user,
            verbs=self.verbs,
            offered=lambda record, move: self.may_move(request, record, move.name),  # type: ignore[attr-defined]
        )
        where = scope(request.user, model.action("see"))
        several = where.everywhere or len(where.communities) > 1
        shown = [self._column(request, column, several=several) for column in found]
        context = self.admin_site.each_context(request) | {
            "title": gettext("%(register)s看板") % {"register": model._meta.verbose_name},
            "opts": model._meta,
            "listed": listed,
            "columns": shown,
            "total": sum(column.count for column in found),
            "many": any(column.many for column in found),
            "list_url": self._list_address(request),
            "media": self.media,  # type: ignore[attr-defined]
            "csrf": get_token(request),
        }
        return render(request, "linli/board.html", context)

    def _list_address(self, request: HttpRequest, **more: str) -> str:
        """The list, under the same filters."""
        query = request.GET.copy()
        for name in _NO_FILTERS:
            query.pop(name, None)
        for name, value in more.items():
            query[name] = value
        address = self._url("changelist")  # type: ignore[attr-defined]
        return f"{address}?{query.urlencode()}" if query else str(address)

    def _column(self, request: HttpRequest, column: Column, *, several: bool) -> dict[str, Any]:
        assert self.register_model.machine is not None
        name = self.register_model.machine.field
        return {
            "column": column,
            "cards": [self._card(request, card, several=several) for card in column.cards],
            "url": self._list_address(request, **{f"{name}__exact": column.state}),
            "tone": getattr(self, "state_colours", {}).get(column.state, "default"),
        }

    def _card(self, request: HttpRequest, card: Card, *, several: bool) -> dict[str, Any]:
        # Back to the card, wherever it then stands.
        back = f"{request.get_full_path()}#card-{card.record.pk}"
        steps = [self._step_link(card.record, step, back) for step in card.steps]
        record = self._url("change", card.record.pk)  # type: ignore[attr-defined]
        return {
            "card": card,
            "due": due_words(card.due, timezone.localdate()),
            "url": going_back_to(record, back),
            "community": str(card.record.community) if several else "",
            "steps": [step for step in steps if step["at_once"]],
            "pages": [step for step in steps if step["own_page"] and not step["danger"]],
            "asked": [step for step in steps if step["asked"]],
        }

    def _step_link(self, record: Any, step: Step, back: str) -> dict[str, Any]:
        move = step.move
        if step.page is not None:
            url = reverse(step.page.address, args=[getattr(record, step.page.key)])
        else:
            url = self._url("move", record.pk, move.name)  # type: ignore[attr-defined]
        asks = move.needs_reason or move.colour == "danger"
        return {
            "verb": move.name,
            "label": gettext(move.label),
            "to": move.target,
            "url": going_back_to(url, back),
            "danger": move.colour == "danger",
            # Neither a reason to write nor a question to answer: done by the button itself.
            "at_once": not asks and step.page is None,
            "own_page": step.page is not None,
            "asked": asks,
        }

    # --- a step ---------------------------------------------------------------------------------

    def make_move(
        self, request: HttpRequest, record: Any, verb: str, reason: str
    ) -> ChangeSet | None:
        """As everywhere; from the board as one act, so that it can be taken back there.

        Raises: what the verb raises.
        """
        if self.board is None or not came_from(request).startswith(self._url("board")):  # type: ignore[attr-defined]
            made: ChangeSet | None = super().make_move(request, record, verb, reason)  # type: ignore[misc]
            return made
        outcome = bulk.carry([record], verb, self.verbs[verb], by=actor(request), reason=reason)
        for group in outcome.refused:
            raise group.violation
        return next(iter(outcome.change_sets), None)

    def way_back(self, request: HttpRequest, made: ChangeSet) -> str:
        """The link to where a step from the board is taken back."""
        if not bulk.may_undo(made, actor(request)):
            return ""
        opts = self.register_model._meta
        address = reverse(f"admin:{opts.app_label}_{opts.model_name}_bulk_done", args=[made.pk])
        url = going_back_to(address, came_from(request))
        return format_html(' <a class="ll-link" href="{}">{}</a>', url, gettext("要撤销？"))


@list_bar
def board_link(request: HttpRequest, register: Any, changelist: Any) -> BarPart | None:
    """The way from a register's list to its board, under the same filters."""
    if getattr(register, "board", None) is None:
        return None
    query = request.GET.copy()
    for name in _NO_FILTERS:
        query.pop(name, None)
    address = register._url("board")
    url = f"{address}?{query.urlencode()}" if query else address
    return BarPart("linli/board_link.html", {"url": url})
