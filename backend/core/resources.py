"""Exports: django-import-export's resources, made from a model's Facets. Personal data is masked."""

from functools import cache
from typing import Any

from django.db import models
from django.utils import timezone
from import_export.fields import Field
from import_export.resources import ModelResource, modelresource_factory
from import_export.widgets import Widget

from backend.core.facets import facets_of
from backend.core.personal import mask
from backend.core.words import in_chinese


class PlainWidget(Widget):
    """Values as a spreadsheet should hold them: real dates in local time, text for the rest."""

    def render(self, value: Any, obj: Any = None, **kwargs: Any) -> Any:
        if value is None:
            return ""
        if hasattr(value, "tzinfo"):
            return timezone.localtime(value).replace(tzinfo=None) if value.tzinfo else value
        if isinstance(value, bool):
            return "是" if value else "否"
        return value if isinstance(value, (int, float)) else str(value)


class ExportColumn(Field):
    """One exported column: a field by its Chinese name, its label for a choice, its mask."""

    def __init__(self, model: type[models.Model], name: str) -> None:
        field = model._meta.get_field(name)
        super().__init__(
            attribute=name, column_name=in_chinese(field.verbose_name), widget=PlainWidget()
        )
        self._choices = bool(getattr(field, "choices", None))
        self._kind = getattr(model, "personal", {}).get(name, "")

    def get_value(self, instance: Any) -> Any:
        if self._choices:
            return in_chinese(getattr(instance, f"get_{self.attribute}_display")())
        value = getattr(instance, self.attribute, None)
        # Whole only where the door has said so of this very row.
        if self._kind and not getattr(instance, "leaves_whole", False):
            return mask(self._kind, value)
        return value

    def export(self, instance: Any, **kwargs: Any) -> Any:
        value = self.widget.render(self.get_value(instance), instance)
        # A cell that a spreadsheet program would run is text, whatever column it stands in.
        return (
            f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
        )


class RegisterResource(ModelResource):
    """The base of every register's export. `left` takes note of the keys, by community."""

    personal = False
    may_be_whole = False

    class Meta:
        abstract = True

    def __init__(self, left: dict[int | None, list[int]] | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._left = left

    def export_resource(self, instance: Any, selected_fields: Any = None, **kwargs: Any) -> Any:
        if self._left is not None:
            self._left.setdefault(instance.scope_community_id, []).append(instance.pk)
        return super().export_resource(instance, selected_fields, **kwargs)

    def get_queryset(self) -> models.QuerySet[Any]:
        related = [
            name
            for name in facets_of(self._meta.model).exported
            if self._meta.model._meta.get_field(name).is_relation
        ]
        return super().get_queryset().select_related(*related)


def exports_personal(model: Any) -> bool:
    """Whether an export of the model holds anything of people."""
    return bool(set(facets_of(model).exported) & set(model.personal))


@cache
def export_resource(model: type[models.Model], may_be_whole: bool = False) -> type[ModelResource]:
    """The resource that exports a model's `Facets.exported`."""
    names = facets_of(model).exported
    made: Any = modelresource_factory(
        model,
        resource_class=RegisterResource,
        meta_options={
            "fields": names,
            "export_order": names,
            "name": in_chinese(model._meta.verbose_name),
        },
        custom_fields={name: ExportColumn(model, name) for name in names},
    )
    made.personal = exports_personal(model)
    made.may_be_whole = made.personal and may_be_whole
    return made  # type: ignore[no-any-return]
