"""Lists of imports by register: by what staff call it, not by the code that is stored."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.imports.sheet import registers


class RegisterFilter(admin.SimpleListFilter):
    """The registers that can be imported, by title."""

    title = _("登记簿")
    parameter_name = "register"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(sheet.register, gettext(sheet.title)) for sheet in registers()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(register=self.value()) if self.value() else queryset


def by_title(filters: Sequence[Any]) -> tuple[Any, ...]:
    """A list's filters, with the one of registers in words."""
    return tuple(RegisterFilter if one == "register" else one for one in filters)
