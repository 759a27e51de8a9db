"""列对应: what is remembered of the columns of staff's own sheets; a list to look at and delete from."""

from typing import Any

from django.contrib import admin
from django.db.models import Count, IntegerField, Max, OuterRef, QuerySet, Subquery
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from backend.core.admin import RegisterAdmin
from backend.core.words import in_chinese
from backend.imports.directions import IGNORED, KEPT
from backend.imports.models import ImportBatch, MappingProfile
from backend.imports.register_filter import by_title
from backend.imports.sheet import sheet_of


@admin.register(MappingProfile)
class MappingProfileAdmin(RegisterAdmin):
    """Profiles are made on an import's page, and made anew there; here they are seen and forgotten."""

    fields = ("community", "register_title", "all_headings", "uses", "said_by", "updated_at")
    readonly_fields = fields

    def get_list_filter(self, request: HttpRequest) -> Any:
        return by_title(super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return ("__str__", "register_title", "uses", "used", "said_by", "updated_at")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        met = (
            ImportBatch.objects.filter(
                community=OuterRef("community"),
                register=OuterRef("register"),
                fingerprint=OuterRef("fingerprint"),
            )
            .order_by()
            .values("fingerprint")
        )
        return (
            super()
            .get_queryset(request)
            .select_related("said_by", "community")
            .annotate(
                times=Subquery(
                    met.annotate(n=Count("pk")).values("n"), output_field=IntegerField()
                ),
                last=Subquery(met.annotate(last=Max("created_at")).values("last")),
            )
        )

    @display(description=_("登记簿"), ordering="register")
    def register_title(self, profile: MappingProfile) -> str:
        return gettext(sheet_of(profile.register).title)

    @display(description=_("表头"))
    def all_headings(self, profile: MappingProfile) -> str:
        return "、".join(profile.headings)

    @display(description=_("对应关系"))
    def uses(self, profile: MappingProfile) -> str:
        names = {c.attribute: c.heading for c in sheet_of(profile.register).columns}
        names |= {IGNORED: gettext("忽略"), KEPT: gettext("并入备注")}
        return "；".join(
            f"{heading} → {names.get(use, in_chinese(_('忽略')))}"
            for heading, use in profile.columns.items()
        )

    @display(description=_("用过"))
    def used(self, profile: Any) -> str:
        return gettext("%(count)s 次") % {"count": profile.times or 0}

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False
