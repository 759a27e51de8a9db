"""Rows of another table on a record's page: masked as everything else is."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import BaseInlineFormSet, ModelChoiceField
from django.http import HttpRequest
from unfold.admin import TabularInline

from backend.core.access import scope
from backend.core.conflicts import REVISION, clashes
from backend.core.disclosures import Reading, reading_of
from backend.core.door import DOOR, actor
from backend.core.facets import facets_of
from backend.core.gate_rights import may_write
from backend.core.inline_choices import SharedChoices
from backend.core.lookups import OwnPageDeletes
from backend.core.models import Kept
from backend.core.numbers import whole_number
from backend.core.personal import mask
from backend.core.reveal_pages import with_shown


class MaskedFormSet(BaseInlineFormSet):
    """Shows masks, or the whole while a task is open; a mask that comes back means "unchanged"."""

    reading: Reading

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._choices: dict[str, SharedChoices] = {}
        super().__init__(*args, **kwargs)

    def get_queryset(self) -> Any:
        if not hasattr(self, "_queryset") and self.queryset is not None:
            self.queryset = with_shown(self.queryset, self.reading)
        return super().get_queryset()

    def clean(self) -> None:
        """Raises: changed_meanwhile of a row that somebody has saved since it was shown."""
        super().clean()
        for number, form in enumerate(self.initial_forms, start=1):
            shown = whole_number(str(self.data.get(f"{form.prefix}-{REVISION}", "")))
            row: Any = form.instance
            if shown is not None and form.has_changed() and shown != row.revision:
                raise row_written_meanwhile(number, _as_stored(form))

    def validate_unique(self) -> None:
        """As stored where a mask came back: 王* and 王* may be two people.

        Raises: ValidationError for two rows that say the same.
        """
        sent = [(form, form.cleaned_data) for form in self.initial_forms if form.is_valid()]
        for form, given in sent:
            form.cleaned_data = given | {
                name: form.initial[name]
                for name, kind in form.instance.personal.items()
                if name in form.initial and given.get(name) == mask(kind, form.initial[name])
            }
        try:
            super().validate_unique()
        finally:
            for form, given in sent:
                form.cleaned_data = given

    def get_unique_error_message(self, unique_check: Any) -> str:
        """In the words of the columns that the page has."""
        of_rows = (name for name in unique_check if name != self.fk.name)  # type: ignore[attr-defined]
        fields = (self.model._meta.get_field(name) for name in of_rows)
        named = "、".join(str(getattr(field, "verbose_name", field.name)) for field in fields)
        return f"有两行的{named}相同，请核对。"

    def get_form_error(self) -> str:
        return "和上面的一行相同，请核对。"

    def add_fields(self, form: Any, index: int | None) -> None:
        """Every field says what it is: a heading above the column names it to the eye alone."""
        super().add_fields(form, index)
        for field in form.fields.values():
            # Of a field with buttons beside it, the field; what wraps it shares attributes with others.
            widget = getattr(field.widget, "widget", field.widget)
            if field.label and not widget.is_hidden:
                widget.attrs = {"aria-label": str(field.label), **widget.attrs}

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        self._share_choices(form)
        if self.is_bound:
            return form
        if getattr(form.instance, "is_in_full", False):
            self.reading.note(form.instance)
            return form
        for name, kind in form.instance.personal.items():
            # The record too: who may only look is shown its values, and not the form's.
            shown = mask(kind, getattr(form.instance, name))
            setattr(form.instance, name, shown)
            if name in form.fields:
                form.initial[name] = shown
        return form

    def _share_choices(self, form: Any) -> None:
        for name, field in form.fields.items():
            if isinstance(field, ModelChoiceField):
                self._choices.setdefault(name, SharedChoices(self, name, field)).give(field)


def row_written_meanwhile(number: int, stored: str) -> ValidationError:
    """The refusal of a row that was written since its form was opened; code `changed_meanwhile`."""
    return ValidationError(
        f"第 {number} 行刚刚被别人改过，现在保存的是：{stored}。"
        "您填的还在下面，没有保存；请核对后再保存一次。",
        code="changed_meanwhile",
    )


def _as_stored(form: Any) -> str:
    """The values of a row that differ from what was sent, in words."""
    told = [f"{one.label} {one.theirs}" for one in clashes(None, form, {})]
    return "，".join(told) or "（要删除的一行）"


class RegisterInline(OwnPageDeletes, TabularInline):
    """One table's rows under the record that they hang on; fields and rights as anywhere."""

    model: type[Kept]
    formset = MaskedFormSet
    extra = 0

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        """The form's fields but for the record itself."""
        return [name for name in facets_of(self.model).form if name != self._parent_name()]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form set of this request, which knows what it may show in full."""
        made = super().get_formset(request, obj, **kwargs)
        made.reading = reading_of(request, DOOR)
        return made

    def _parent_name(self) -> str:
        for field in self.model._meta.concrete_fields:
            if field.is_relation and field.related_model is self.parent_model:
                return str(field.name)
        return ""

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        where = scope(request.user, self.model.action(verb))
        # A contact who reaches the record does so by its organization, and its rows are that one's.
        own = self.model.own_scope(request.user, verb)
        if obj is None or obj.pk is None:
            return where.anywhere or own.anywhere
        place = obj.scope_community_id
        return where.covers(place) or (own.covers(place) and may_write(obj, actor(request), verb))

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Whoever sees the record: which records is the queryset's business.
        return self._may(request, "see", None)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "edit", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "edit", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self._may(request, "edit", obj)
