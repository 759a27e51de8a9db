"""People in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import action, display
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from backend.core import gate
from backend.core.access import scope
from backend.core.admin import RegisterAdmin, actor, allowed, allowed_everywhere
from backend.core.errors import RuleViolation
from backend.core.inlines import RegisterInline
from backend.core.lookups import OfferedLookups
from backend.core.roles import Role
from backend.imports.pages import ImportPages
from backend.people import panels
from backend.people.actions import move_out_household, remove_phone, save_resident
from backend.people.choices import Residence
from backend.people.forms import ConsentForm, PhoneForm, ResidentForm, day_from
from backend.people.households import form_households
from backend.people.models import (
    CommunityRole,
    Consent,
    Household,
    PrivacyNotice,
    Resident,
    ResidentPhone,
    User,
)
from backend.people.organization_admin import (
    ChoosesAccounts,
    OrganizationAdmin,
    RepresentativeAdmin,
)
from backend.people.pages import LifePages
from backend.people.panels import page_of
from backend.people.queries import possible_duplicates, possible_duplicates_of
from backend.people.searching import households_sought_by, sought_by
from backend.places.models import Community

# Registered by being imported.
__all__ = ["OrganizationAdmin", "RepresentativeAdmin", "panels"]

admin.site.unregister(Group)  # Rights come from the role table alone.


class ResidenceFilter(RadioFilter):
    """在住 unless one asks for others: who has left is in the way at the desk."""

    title = _("居住状态")
    parameter_name = "residence"
    all_option = None
    everybody = "all"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [*Residence.choices, (self.everybody, _("全部"))]

    def value(self) -> str:
        given = super().value()
        return given if given in (*Residence.values, self.everybody) else Residence.PRESENT.value

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == self.everybody:
            return queryset
        return queryset.whose_residence_is(self.value())


class DuplicateFilter(RadioFilter):
    """Who may stand in the roster twice."""

    title = _("可能重复")
    parameter_name = "duplicates"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("1", _("只看可能重复的"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return possible_duplicates(queryset) if self.value() == "1" else queryset


def _is_erased(resident: Resident | None) -> bool:
    return resident is not None and resident.erased


class PhoneInline(RegisterInline):
    """其他电话, on the resident's page."""

    model = ResidentPhone
    form = PhoneForm


@admin.register(Resident)
class ResidentAdmin(LifePages, ImportPages, RegisterAdmin):
    """居民."""

    form = ResidentForm
    register_name = "residents"
    change_form_before_template = "people/erased_note.html"
    autocomplete_fields = ("building",)
    inlines = (PhoneInline,)
    search_help_text = _("姓名、拼音首字母、3-2-501 或 3号楼 501、电话后四位，可以一起写")

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "residence_label")

    @display(description=_("居住状态"), label={"在住": "success", "已迁出": "warning"})
    def residence_label(self, resident: Resident) -> str:
        return gettext("已删除") if resident.erased else str(resident.residence.label)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (ResidenceFilter, DuplicateFilter, *super().get_list_filter(request))

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if search_term.strip():
            queryset = queryset.named().filter(sought_by(request.user, search_term))
        match = request.resolver_match
        if match is not None and match.url_name == "autocomplete":
            # For something new one chooses among those who live here.
            queryset = queryset.present()
        return queryset, False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = [name for name in super().get_fields(request, obj) if name != "door"]
        if self.has_change_permission(request, obj):
            names.insert(names.index("building"), "door")
        return names

    def get_inlines(self, request: HttpRequest, obj: Any) -> Any:
        # New ones have no key to hang on; who was erased has no phone.
        hang = obj is not None and not obj.erased
        return super().get_inlines(request, obj) if hang else ()

    def get_urls(self) -> list[Any]:
        return self.life_urls() + super().get_urls()

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        # Nothing is left to change of who has been erased; the panel below says so.
        return not _is_erased(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return not _is_erased(obj) and super().has_delete_permission(request, obj)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        return self.life_links(request, record)

    def record_state(self, record: Any) -> str:
        day = record.died_on or record.moved_out_on
        return f"{record.residence.label} {day:%Y-%m-%d}" if day else str(record.residence.label)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        response = super().changelist_view(request, extra_context)
        found = (getattr(response, "context_data", None) or {}).get("cl")
        if found is not None and found.query.strip() and not found.result_count:
            messages.info(request, self._why_nobody(found))
        return response

    def _why_nobody(self, found: Any) -> Any:
        whole = gettext("没有找到。姓名要写全，或用拼音首字母。")
        if found.params.get("residence", Residence.PRESENT) != Residence.PRESENT:
            return whole
        everybody = found.get_query_string({"residence": ResidenceFilter.everybody})
        more = gettext("这里只找了在住的人；查找全部居民")
        return format_html('{} <a class="ll-link" href="{}">{}</a>', whole, everybody, more)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        save_resident(obj, by=actor(request))
        if change:
            return
        for other in possible_duplicates_of(obj, request.user)[:1]:
            merges = panels.may_merge(request, obj)
            url = page_of(obj, "compare", other.pk) if merges else page_of(other)
            text = gettext("花名册里已有一位同名同住址、或同音同尾号的居民，请核对是不是同一个人：")
            link = format_html('<a class="ll-link" href="{}">{}</a>', url, gettext("去核对"))
            messages.warning(request, format_html("{} {}", text, link))

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        rows = formset.save(commit=False)
        for row in formset.deleted_objects:
            remove_phone(ResidentPhone.objects.get(pk=row.pk), by=actor(request))
        gate.save_many(rows, by=actor(request))


@admin.register(Household)
class HouseholdAdmin(RegisterAdmin):
    """住户."""

    autocomplete_fields = ("building",)
    actions_list = ("form_page",)
    search_help_text = _("3-2-501 或 3号楼 501")

    def get_queryset(self, request: HttpRequest) -> Any:
        rows = super().get_queryset(request).select_related("building", "head", "community")
        return rows.annotate(members_count=Count("members"))

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "people")

    @display(description=_("人数"))
    def people(self, household: Any) -> int:
        return int(household.members_count)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> Any:
        if search_term.strip():
            queryset = queryset.filter(households_sought_by(request.user, search_term))
        return queryset, False

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        # A door is what a household is; a head is one of its people.
        return [*names, "building", "unit", "room"] if obj is not None else [*names, "head"]

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        match = request.resolver_match
        if db_field.name == "head" and match is not None and "object_id" in match.kwargs:
            rows = Resident.objects.visible_to(request.user)
            kwargs["queryset"] = rows.filter(household=match.kwargs["object_id"])
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        if not self._may_on(request, "edit", record) or not record.members_count:
            return []
        return [{"label": gettext("全户迁出"), "url": self._url("leave", record.pk)}]

    def get_urls(self) -> list[Any]:
        leave = path(
            "<int:object_id>/leave/",
            self.admin_site.admin_view(self.leave_view),
            name="people_household_leave",
        )
        return [leave, *super().get_urls()]

    def leave_view(self, request: HttpRequest, object_id: int) -> HttpResponse:
        """Asks the day, then everybody of the household has moved out."""
        house = Household.objects.visible_to(request.user).filter(pk=object_id).first()
        if house is None or not self._may_on(request, "edit", house):
            raise PermissionDenied
        error, reason = "", request.POST.get("reason", "").strip()[:500]
        today = timezone.localdate().isoformat()
        if request.method == "POST":
            try:
                on: Any = day_from(request.POST.get("on", ""))
                move_out_household(house, on=on, by=actor(request), reason=reason)
            except RuleViolation as violation:
                error = violation.message
            else:
                messages.success(request, gettext("已登记：全户迁出。"))
                return HttpResponseRedirect(self._url("change", house.pk))
        context = self.admin_site.each_context(request) | {
            "title": _("全户迁出"),
            "opts": self.model._meta,
            "record": house,
            "step": {"asks_day": True},
            "on": request.POST.get("on", today),
            "today": today,
            "reason": reason,
            "error": error,
            "back": self._url("change", house.pk),
        }
        return render(request, "people/life.html", context)

    @action(description=_("按门牌生成住户"), url_path="form", permissions=("add",))
    def form_page(self, request: HttpRequest) -> HttpResponse:
        """Asks once, then makes the households of everybody who lives behind a door."""
        where = scope(request.user, "people.edit")
        communities = Community.objects.filter(where.rows(community="pk")).order_by("pk")
        if request.method == "POST":
            made = sum(form_households(one, by=actor(request)) for one in communities)
            messages.success(
                request,
                gettext("已生成 %(count)s 户；同一门牌的人都归到了一户。") % {"count": made},
            )
            return HttpResponseRedirect(self._url("changelist"))
        context = self.admin_site.each_context(request) | {
            "title": _("按门牌生成住户"),
            "opts": self.model._meta,
            "communities": communities,
            "back": self._url("changelist"),
        }
        return render(request, "people/form_households.html", context)


@admin.register(PrivacyNotice)
class PrivacyNoticeAdmin(RegisterAdmin):
    """个人信息告知书."""


@admin.register(Consent)
class ConsentAdmin(RegisterAdmin):
    """同意记录."""

    form = ConsentForm
    autocomplete_fields = ("resident",)

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("resident", "notice")


@admin.register(CommunityRole)
class CommunityRoleAdmin(ChoosesAccounts, RegisterAdmin):
    """角色任命."""

    autocomplete_fields = ("user",)

    def formfield_for_choice_field(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.name == "role":
            # Given on the account's own page: it holds in no single place.
            held_in_a_place = [c for c in Role.choices if c[0] != Role.INSTALLATION]
            kwargs["choices"] = [("", gettext("请选择")), *held_in_a_place]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(OfferedLookups, DjangoUserAdmin, ModelAdmin):
    """用户: accounts are Django's own; what they may do is in 角色任命."""

    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "name", "is_active", "is_staff", "last_login")
    list_filter = ("is_active", "is_staff")
    search_fields = ("username", "=first_name")
    empty_value_display = RegisterAdmin.empty_value_display
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "first_name", "new_password")}),
        ("状态", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("时间", {"fields": ("last_login", "date_joined")}),
    )

    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "first_name")}),
        (None, {"classes": ("wide",), "fields": ("usable_password", "password1", "password2")}),
        ("状态", {"fields": ("is_staff",)}),
    )
    readonly_fields = ("new_password",)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        # Whoever administers the installation was made so by one who does.
        return names if request.user.is_superuser else (*names, "is_superuser")

    @display(description=_("姓名"), ordering="first_name")
    def name(self, user: User) -> str | None:
        """Whose it is, of those who work here: other people's names are masked everywhere."""
        return (user.is_staff and user.get_full_name()) or None

    @display(description=_("密码"))
    def new_password(self, user: User) -> str:
        # How it is stored is nobody's business at the desk.
        url = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a class="ll-link" href="{}">{}</a>', url, gettext("重设密码"))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "accounts.see")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request, "accounts.see")

    # An account is the installation's: it may hold roles in any community.
    def has_add_permission(self, request: HttpRequest) -> bool:
        return allowed_everywhere(request, "accounts.edit")

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed_everywhere(request, "accounts.edit")

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # Deactivated, never deleted: history names them.
