"""A register's list with the columns that its reader chose, and what opens before it.

Who remembers choices registers itself: `columns_from`, `opening`.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from unfold.views import ChangeList

from backend.core.disclosures import reading_of
from backend.core.door import DOOR
from backend.core.list_columns import ListColumn, further_columns, joined, usual_column
from backend.core.models import Kept
from backend.core.reveal_pages import masked_column

# Parameters of a list's address that filter nothing: the view it shows, columns not kept yet, and
# the saved export that is being asked for.
VIEW, COLUMNS, SAVED = "view", "cols", "saved"
_CHECKBOX = "action_checkbox"
NOTHING = "—"
# Takes the request and the model; answers names of columns in order, none for the usual ones.
Choice = Callable[[HttpRequest, type[Kept]], Sequence[str]]
_CHOICES: list[Choice] = []
# Takes the request and the register; answers what is shown in place of the list, or None.
Opener = Callable[[HttpRequest, Any], HttpResponse | None]
_OPENERS: list[Opener] = []


def columns_from(choice: Choice) -> Choice:
    """Registers who knows which columns somebody wants to see."""
    _CHOICES[:] = [choice]
    return choice


def opening(opener: Opener) -> Opener:
    """Registers who is asked before a list is shown."""
    _OPENERS.append(opener)
    return opener


class FilteredRows(ChangeList):
    """Rows with their filters, whose choices say in plain text what is empty: they stand in
    attributes too, where no element can.
    """

    def get_filters(self, request: HttpRequest) -> Any:
        found = super().get_filters(request)
        for one in found[0]:
            one.empty_value_display = NOTHING
        return found


class RegisterChangeList(FilteredRows):
    """The list with its columns: `offered` all of them, `columns` those shown, `left_out` the rest
    of what was asked for: columns that there are not, or not for this reader."""

    def __init__(
        self,
        request: HttpRequest,
        model: Any,
        list_display: Sequence[Any],
        list_display_links: Any,
        list_filter: Any,
        date_hierarchy: Any,
        search_fields: Any,
        list_select_related: Any,
        list_per_page: int,
        list_max_show_all: int,
        list_editable: Any,
        model_admin: Any,
        sortable_by: Any,
        search_help_text: Any,
    ) -> None:
        boxes = [one for one in list_display if one == _CHECKBOX]
        shown = [one for one in list_display if one != _CHECKBOX]
        self.usual = [usual_column(model_admin, one) for one in shown]
        self.offered = [*self.usual, *model_admin.further_columns(request, self.usual)]
        known = {column.key: column for column in self.offered}
        asked = list(dict.fromkeys(_CHOICES[0](request, model))) if _CHOICES else []
        self.left_out = [key for key in asked if key not in known]
        self.columns = [known[key] for key in asked if key in known] or self.usual
        if self.columns != self.usual:
            shown = [column.shown for column in self.columns]
            if model_admin.list_display_links == ():
                list_display_links = shown[:1]
            if model_admin.sortable_by is None:
                sortable_by = shown
        self._joined = False
        super().__init__(
            request,
            model,
            [*boxes, *shown],
            list_display_links,
            list_filter,
            date_hierarchy,
            search_fields,
            list_select_related,
            list_per_page,
            list_max_show_all,
            list_editable,
            model_admin,
            sortable_by,
            search_help_text,
        )

    @property
    def shows_people(self) -> bool:
        """Whether a column shows personal values."""
        return any(column.personal for column in self.columns)

    @property
    def is_usual(self) -> bool:
        """Whether the columns are those that nobody chose."""
        return self.columns == self.usual

    def get_filters_params(self, params: Any = None) -> Any:
        asked = super().get_filters_params(params)
        for name in (VIEW, COLUMNS, SAVED):
            asked.pop(name, None)
        return asked

    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Any]:
        if not self._joined:
            self._joined = True
            further: list[ListColumn] = [one for one in self.columns if one not in self.usual]
            reading = reading_of(request, DOOR)
            beside: dict[str, Any] = {
                f"shown_{one.key}": reading.shown(self.model, one.key)
                for one in further
                if one.personal
            }
            beside |= joined(further)
            if beside:
                rows: QuerySet[Any] = self.root_queryset  # type: ignore[has-type]
                self.root_queryset = rows.annotate(**beside)
        return super().get_queryset(request, exclude_parameters)


class ListPages:
    """For a register's admin: columns to choose from, and what opens before the list."""

    register_model: type[Kept]

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return RegisterChangeList

    def further_columns(
        self, request: HttpRequest, usual: Sequence[ListColumn]
    ) -> list[ListColumn]:
        """What this reader may add to the usual columns."""
        known = {column.key for column in usual}
        may_export = self.has_export_permission(request)  # type: ignore[attr-defined]
        return [
            column
            for column in self._further
            if column.key not in known and (may_export or not column.exported_only)
        ]

    @property
    def _further(self) -> list[ListColumn]:
        return further_columns(
            self.register_model,
            self.facets,  # type: ignore[attr-defined]
            masked_column,
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        if request.method == "GET" and self.has_view_permission(request):  # type: ignore[attr-defined]
            for opener in _OPENERS:
                answer = opener(request, self)
                if answer is not None:
                    return answer
        response: HttpResponse = super().changelist_view(request, extra_context)  # type: ignore[misc]
        return response
