"""The views of a list: which one is shown, with which columns, and the bar above it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext

from backend.core.export_pages import Prefilled, prefilled_by
from backend.core.list_bar import BarPart, export_bar, list_bar
from backend.core.list_pages import COLUMNS, SAVED, VIEW, columns_from, opening
from backend.core.list_queries import address_of, filters_in, order_in
from backend.core.numbers import whole_number
from backend.saved_views.choices import ViewKind
from backend.saved_views.models import ListHabit, SavedView
from backend.saved_views.queries import habit_of, may_change, views_of

ALL = "0"


@dataclass(frozen=True)
class Shelf:
    """What one reader has of one list."""

    views: dict[int, SavedView]
    habit: ListHabit

    def of_kind(self, kind: ViewKind) -> list[SavedView]:
        """The views of a kind, by name."""
        return [view for view in self.views.values() if view.kind == kind]


def shelf_of(request: HttpRequest, label: str) -> Shelf:
    """Read once a request: two statements."""
    known: dict[str, Shelf] = request.__dict__.setdefault("linli_shelves", {})
    if label not in known:
        user: Any = request.user
        views = {view.pk: view for view in views_of(user, label)}
        known[label] = Shelf(views, habit_of(user, label))
    return known[label]


def forget_shelves(request: HttpRequest) -> None:
    """After something was written."""
    request.__dict__.pop("linli_shelves", None)


def _named(request: HttpRequest, label: str, parameter: str, kind: ViewKind) -> SavedView | None:
    pk = whole_number(request.GET.get(parameter, ""))
    view = shelf_of(request, label).views.get(pk) if pk else None
    return view if view is not None and view.kind == kind else None


def view_shown(request: HttpRequest, label: str) -> SavedView | None:
    """The view that the address of a list names, if this reader sees it."""
    return _named(request, label, VIEW, ViewKind.LIST)


@columns_from
def columns_wanted(request: HttpRequest, model: Any) -> list[str]:
    """The columns of the address, of the view, or as the reader likes them; none: the usual ones."""
    label = model._meta.label
    if COLUMNS in request.GET:
        return [key for key in request.GET[COLUMNS].split(",") if key]
    view = view_shown(request, label)
    return list(view.columns if view is not None else shelf_of(request, label).habit.columns)


# --- opening ---------------------------------------------------------------------------------------


def list_address(model: Any, name: str = "changelist") -> str:
    """The address of a register's list, or of its export."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}")


@opening
def open_view(request: HttpRequest, register: Any) -> HttpResponse | None:
    """Puts a view's filters and order into the address: its own, or that with which the list opens.

    So what is filtered is always said where it can be changed; what no longer fits is dropped.
    """
    if IS_POPUP_VAR in request.GET:
        return None
    label = register.model._meta.label
    if not request.GET:
        view = shelf_of(request, label).views.get(shelf_of(request, label).habit.opens_with or 0)
        if view is None or view.kind != ViewKind.LIST:
            return None
    elif set(request.GET) == {VIEW} and request.GET[VIEW] != ALL:
        view = view_shown(request, label)
        if view is None:
            messages.warning(
                request, gettext("这个视图已经没有了，或没有共享给您；下面是全部记录。")
            )
            return HttpResponseRedirect(f"{register_address(register)}?{VIEW}={ALL}")
    else:
        return None
    query, dropped = address_of(
        request, register, view.filters, view.order, ((VIEW, str(view.pk)),)
    )
    if dropped:
        words = {"name": view.name, "filters": "、".join(_titles(register, dropped))}
        messages.warning(
            request,
            gettext(
                "视图“%(name)s”里有筛选已经不能用，没有套用：%(filters)s。请核对后更新这个视图。"
            )
            % words,
        )
    if query == request.GET.urlencode():
        return None
    return HttpResponseRedirect(f"{register_address(register)}?{query}")


def register_address(register: Any) -> str:
    """The list's address."""
    return list_address(register.model)


def _titles(register: Any, names: list[str]) -> list[str]:
    """What dropped filters are called: the field's name, else the parameter."""
    found = []
    for name in dict.fromkeys(names):
        first = name.split("__")[0]
        try:
            found.append(str(register.model._meta.get_field(first).verbose_name))
        except FieldDoesNotExist:
            # A filter of the register's own.
            found.append(name)
    return found


# --- the bar ---------------------------------------------------------------------------------------


@list_bar
def views_bar(request: HttpRequest, register: Any, changelist: Any) -> BarPart:
    """Tabs of views, the column chooser, what can be saved, and saved exports."""
    label = register.model._meta.label
    shelf, view = shelf_of(request, label), view_shown(request, label)
    views = shelf.of_kind(ViewKind.LIST)
    shown = {column.key for column in changelist.columns}
    rest = [column for column in changelist.offered if column.key not in shown]
    filters, order = filters_in(request.GET), order_in(changelist)
    return BarPart(
        "saved_views/bar.html",
        {
            "label": label,
            "query": request.GET.urlencode(),
            "all_url": f"?{VIEW}={ALL}",
            "view": view,
            "tabs": [
                {
                    "view": one,
                    "url": f"?{VIEW}={one.pk}",
                    "current": view is not None and one.pk == view.pk,
                    "opens": one.pk == shelf.habit.opens_with,
                }
                for one in views
            ],
            "changed": view is not None and _differs(changelist, view, filters, order),
            "may_change": view is not None and may_change(request.user, view),
            "opens": view is not None and view.pk == shelf.habit.opens_with,
            "opens_with_none": shelf.habit.opens_with in shelf.views,
            "left_out": len(changelist.left_out),
            "columns": [
                *({"column": one, "chosen": True} for one in changelist.columns),
                *({"column": one, "chosen": False} for one in rest),
            ],
            "usual": ",".join(column.key for column in changelist.usual),
            "searched": bool(changelist.query),
            "worth_keeping": bool(filters or order or not changelist.is_usual),
            "exports": (
                shelf.of_kind(ViewKind.EXPORT) if register.has_export_permission(request) else []
            ),
            "saved_url": reverse("admin:saved_views_savedview_changelist"),
        },
    )


def _differs(changelist: Any, view: SavedView, filters: list[list[str]], order: list[str]) -> bool:
    known = {column.key for column in changelist.offered}
    wanted = [key for key in view.columns if key in known]
    wanted = wanted or [column.key for column in changelist.usual]
    shown = [column.key for column in changelist.columns]
    return filters != view.filters or order != view.order or shown != wanted


# --- exports ---------------------------------------------------------------------------------------


@prefilled_by
def prefilled(request: HttpRequest, model: Any) -> Prefilled | None:
    """The saved export that the address of an export's page names."""
    view = _named(request, model._meta.label, SAVED, ViewKind.EXPORT)
    return Prefilled(view.form, view.columns, view.whole) if view is not None else None


@export_bar
def exports_bar(request: HttpRequest, register: Any) -> tuple[BarPart | None, BarPart | None]:
    """Saved exports above the form, and at its end the place to save one."""
    label = register.model._meta.label
    exports = shelf_of(request, label).of_kind(ViewKind.EXPORT)
    now = _named(request, label, SAVED, ViewKind.EXPORT)
    context = {
        "label": label,
        "exports": exports,
        "now": now,
        "may_change": now is not None and may_change(request.user, now),
        "query": request.GET.urlencode(),
        "saved_url": reverse("admin:saved_views_savedview_changelist"),
    }
    above = BarPart("saved_views/export_bar.html", context) if exports else None
    return above, BarPart("saved_views/export_keep.html", context)


def export_address(request: HttpRequest, register: Any, view: SavedView) -> tuple[str, list[str]]:
    """The query string of the export's page for a saved export, and the filters dropped."""
    besides = [(SAVED, str(view.pk))]
    if view.order:
        # Ordered by columns that the list itself need not show.
        besides.append((COLUMNS, ",".join(key.removeprefix("-") for key in view.order)))
    query, dropped = address_of(request, register, view.filters, view.order, besides)
    return query, _titles(register, dropped)


def register_of(request: HttpRequest, label: str) -> Any:
    """The register of a list that this reader may open; None for none."""
    for model, register in admin.site._registry.items():
        if model._meta.label == label and hasattr(register, "further_columns"):
            return register if register.has_view_permission(request) else None
    return None
