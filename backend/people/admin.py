"""People in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from backend.core.admin import RegisterAdmin, allowed
from backend.core.inlines import RegisterInline
from backend.imports.pages import ImportPages
from backend.people.models import CommunityRole, Organization, Representative, Resident, User

admin.site.unregister(Group)  # Rights come from the role table alone.


@admin.register(Resident)
class ResidentAdmin(ImportPages, RegisterAdmin):
    """居民."""

    register_name = "residents"
    autocomplete_fields = ("building",)


class RepresentativeInline(RegisterInline):
    """单位代表, on the organization's page."""

    model = Representative


@admin.register(Organization)
class OrganizationAdmin(RegisterAdmin):
    """单位."""

    inlines = (RepresentativeInline,)


@admin.register(CommunityRole)
class CommunityRoleAdmin(RegisterAdmin):
    """角色任命."""

    autocomplete_fields = ("user",)


@admin.register(User)
class UserAdmin(DjangoUserAdmin, ModelAdmin):
    """用户: accounts are Django's own; what they may do is in 角色任命."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("状态", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("时间", {"fields": ("last_login", "date_joined")}),
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "accounts.see")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request, "accounts.see")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "accounts.edit")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request, "accounts.edit")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Deactivated, never deleted: history names them.
