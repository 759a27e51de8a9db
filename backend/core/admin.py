"""The admin door: lists, forms, buttons and exports, derived from Facets; every write is a gate call."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from unfold.admin import ModelAdmin
from unfold.decorators import display

from backend.core import gate
from backend.core.access import scope
from backend.core.board_pages import BoardPages
from backend.core.bulk_pages import BulkPages
from backend.core.desk.figures import figures_on
from backend.core.desk.lists import DeskFilter
from backend.core.desk.waiting import kinds_on
from backend.core.disclosure_admin import DisclosureAdmin
from backend.core.door import actor, allowed, allowed_everywhere
from backend.core.editing_pages import EditPages
from backend.core.errors import RuleViolation
from backend.core.export_pages import ExportPages
from backend.core.facets import facets_of
from backend.core.forms import RegisterForm
from backend.core.gate_rights import may_write
from backend.core.history_admin import ChangeSetAdmin, HistoryPages
from backend.core.list_bar import parts_of
from backend.core.list_columns import told_column
from backend.core.list_filters import within_sight
from backend.core.list_pages import ListPages
from backend.core.lookups import OfferedLookups, OwnPageDeletes
from backend.core.models import Kept
from backend.core.record_pages import RecordPages
from backend.core.reveal_pages import RevealPages, masked_column

__all__ = [
    "ChangeSetAdmin",
    "DisclosureAdmin",
    "RegisterAdmin",
    "actor",
    "allowed",
    "allowed_everywhere",
]


def _state_column(model: type[Kept], colours: Mapping[str, str]) -> Callable[[Any], Any]:
    assert model.machine is not None
    name = model.machine.field

    @display(
        description=model._meta.get_field(name).verbose_name, ordering=name, label=dict(colours)
    )
    def column(record: Any) -> tuple[str, str]:
        return getattr(record, name), getattr(record, f"get_{name}_display")()

    column.__name__ = f"labelled_{name}"
    return column


class RegisterAdmin(
    BoardPages,
    BulkPages,
    ListPages,
    EditPages,
    RecordPages,
    RevealPages,
    ExportPages,
    HistoryPages,
    OfferedLookups,
    OwnPageDeletes,
    ModelAdmin,
):
    """One register's pages. Subclasses give a model with Facets, its verbs and its layout."""

    form = RegisterForm
    list_per_page = 50
    show_full_result_count = False
    list_filter_submit = True
    compressed_fields = True
    warn_unsaved_form = True
    change_form_outer_before_template = "linli/record_actions.html"
    change_form_outer_after_template = "linli/record_panels.html"
    # A table says it quietly, a card on the phone leaves the line out.
    empty_value_display = '<span class="ll-none">—</span>'
    state_colours: ClassVar[Mapping[Any, str]] = {}

    def __init__(self, model: type[Kept], site: admin.AdminSite) -> None:
        self.facets = facets_of(model)
        self.register_model = model
        shown: list[Any] = []
        for name in self.facets.listed:
            if name in model.personal:
                shown.append(masked_column(model, name))
            elif model.machine is not None and name == model.machine.field:
                shown.append(_state_column(model, self.state_colours))
            else:
                shown.append(told_column(model, name) or name)
        self.list_display = tuple(shown) or ("__str__",)
        self.search_fields = self.facets.searched
        self.list_filter = within_sight(model, self.facets.filtered)
        if self.facets.form:
            self.fields = self.facets.form
        related = {f.name for f in model._meta.concrete_fields if f.is_relation}
        self.list_select_related = tuple(n for n in self.facets.listed if n in related) or False
        super().__init__(model, site)

    # --- who may --------------------------------------------------------------------------------

    def _may(self, request: HttpRequest, verb: str) -> bool:
        model = self.register_model
        return allowed(request, model.action(verb)) or model.own_scope(request.user, verb).anywhere

    def _may_on(self, request: HttpRequest, verb: str, obj: Kept | None) -> bool:
        if obj is None or obj.pk is None:
            return self._may(request, verb)
        return may_write(obj, actor(request), verb)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "see")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Which rows is the queryset's business: what is not visible is not found.
        return self._may(request, "see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        if self.register_model.of_installation:
            return scope(request.user, self.register_model.action("edit")).everywhere
        return self._may(request, "edit")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_on(request, "edit", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may_on(request, "delete", obj)

    def has_export_permission(self, request: HttpRequest) -> bool:
        try:
            return bool(self.facets.exported) and self._may(request, "export")
        except KeyError:
            return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows, with what the list's columns name.

        Django looks at list_select_related only where a queryset selects nothing related yet, and
        a register's own may.
        """
        rows: QuerySet[Any] = super().get_queryset(request)
        named = self.list_select_related
        return rows.select_related(*named) if isinstance(named, tuple) else rows

    def get_list_filter(self, request: HttpRequest) -> Any:
        listed = tuple(super().get_list_filter(request))
        model = self.register_model
        return (*listed, DeskFilter) if kinds_on(model) or figures_on(model) else listed

    # --- forms ----------------------------------------------------------------------------------

    def _own_community(self, request: HttpRequest) -> Any:
        """The user's community where there is no choice, else None."""
        where = scope(request.user, self.register_model.action("edit"))
        if not where.anywhere:
            where = self.register_model.own_scope(request.user, "edit")
        if where.everywhere or len(where.communities) != 1:
            return None
        return next(iter(where.communities))

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        if "community" in names and self._own_community(request) is not None:
            names.remove("community")
        if obj is None and "code" in names:
            # Given by itself: nobody should have to pass over it first.
            names.remove("code")
            names.append("code")
        return names

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        model = self.register_model
        if obj is not None:
            # A record stays in its community, and keeps the code that others know it by.
            fixed = ("community", "code", *model.fixed)
            names += [n for n in fixed if n in self.facets.form and n not in names]
        if model.machine is not None and model.machine.field in self.facets.form:
            names.append(model.machine.field)
        return names

    def get_form(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        if obj is not None:
            # What to do about a number is over once there is one.
            kwargs["help_texts"] = {"code": ""} | (kwargs.get("help_texts") or {})
        form = super().get_form(request, obj, **kwargs)
        own = self._own_community(request)
        if own is not None and obj is None and "community" in self.facets.form:
            fields: Any = self.register_model._meta
            model = fields.get_field("community").related_model
            form.community_if_unasked = model._default_manager.get(pk=own)
        return form

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        target = db_field.remote_field.model
        if issubclass(target, Kept) and "queryset" not in kwargs:
            kwargs["queryset"] = target._default_manager.visible_to(request.user)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    # --- writing --------------------------------------------------------------------------------

    def changeform_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return super().changeform_view(request, *args, **kwargs)
        except RuleViolation as violation:
            # The form asked before; only what changed in between comes here.
            messages.error(request, violation.message)
            return HttpResponseRedirect(request.get_full_path())

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        gate.save(obj, by=actor(request))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            gate.delete(row, by=actor(request))
        for row in rows:
            if row.pk is None and hasattr(row, "community_id"):
                row.community_id = form.instance.community_id
            gate.save(row, by=actor(request))

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        gate.delete(obj, by=actor(request))

    def delete_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> Any:
        try:
            return super().delete_view(request, object_id, extra_context)
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(self._url("change", object_id))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        try:
            response = super().changelist_view(request, extra_context)
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(request.get_full_path())
        shown = getattr(response, "context_data", None) or {}
        if "cl" in shown and not shown["cl"].is_popup:
            shown["list_bar"] = parts_of(request, self, shown["cl"])
        return response
