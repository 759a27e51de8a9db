"""Organizations and their representatives in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.access import scope
from backend.core.admin import RegisterAdmin
from backend.core.inlines import RegisterInline
from backend.imports.pages import ImportPages
from backend.people.models import Organization, Representative, User
from backend.people.queries import accounts_in


class ChoosesAccounts:
    """Of the accounts one chooses among those of one's own communities, and those of nobody yet."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.remote_field.model is User:
            where = scope(request.user, db_field.model.action("edit"))
            kwargs["queryset"] = accounts_in(where, or_nobodys=True)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class RepresentativeInline(ChoosesAccounts, RegisterInline):
    """单位代表, on the organization's page."""

    model = Representative
    autocomplete_fields = ("resident",)


@admin.register(Organization)
class OrganizationAdmin(ImportPages, RegisterAdmin):
    """单位."""

    register_name = "organizations"
    inlines = (RepresentativeInline,)

    def get_queryset(self, request: HttpRequest) -> Any:
        today = timezone.localdate()
        begun = Q(representatives__valid_from__lte=today)
        over = Q(representatives__valid_to__lt=today)
        speaking = Count("representatives", filter=begun & ~over)
        return super().get_queryset(request).annotate(speaking=speaking)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "spoken_for_by")

    @display(description=_("现任代表"))
    def spoken_for_by(self, organization: Any) -> int:
        """How many people speak for it today."""
        return int(organization.speaking)


@admin.register(Representative)
class RepresentativeAdmin(ChoosesAccounts, RegisterAdmin):
    """单位代表."""

    autocomplete_fields = ("organization", "resident")
