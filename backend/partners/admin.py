"""Red partners in the admin: registration and layout only."""

from typing import Any

from django.contrib import admin
from django.db.models import F
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RadioFilter
from unfold.decorators import display

from backend.core.admin import RegisterAdmin
from backend.core.boards import Board, Page
from backend.core.inlines import RegisterInline
from backend.imports.pages import ImportPages
from backend.partners import panels, report_rules
from backend.partners.actions import AGREEMENT_VERBS, ISSUE_VERBS
from backend.partners.choices import (
    AGREEMENT_COLOURS,
    ISSUE_COLOURS,
    REPORT_COLOURS,
    SELECTION_COLOURS,
    AgreementStatus,
    IssueStatus,
    ReportStatus,
    SelectionStatus,
)
from backend.partners.issue_pages import IssuePages
from backend.partners.models import (
    AgreementDuty,
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    ProgressItem,
    ProgressReport,
    RedPartner,
    StewardCandidate,
    StewardSelection,
    VanguardPost,
)
from backend.partners.reporting import REPORT_VERBS
from backend.partners.rota_pages import RotaPages
from backend.partners.selecting import SELECTION_VERBS

__all__ = ["panels"]  # Registered by being imported.


@admin.register(RedPartner)
class RedPartnerAdmin(RotaPages, ImportPages, RegisterAdmin):
    """红色合伙人."""

    register_name = "red_partners"
    autocomplete_fields = ("organization",)

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        links = [{"label": gettext("值班表"), "url": self._url("rota", record.pk)}]
        if self._may_on(request, "edit", record) and record.until is None:
            links.append(
                {
                    "label": gettext("拟定协议"),
                    "url": f"../../../cobuildingagreement/add/?partner={record.pk}",
                }
            )
        return links

    def record_state(self, record: Any) -> str:
        return gettext("已退出") if record.until is not None else gettext("合伙中")


class OpenInline(RegisterInline):
    """Rows of a record that are written while the record is in one of the states `open_in`."""

    extra = 1
    open_in: tuple[str, ...]

    def _may(self, request: HttpRequest, verb: str, obj: Any) -> bool:
        closed = obj is not None and obj.pk is not None and obj.status not in self.open_in
        return not (closed and verb == "edit") and super()._may(request, verb, obj)


class DutyInline(OpenInline):
    """共建职责, on the agreement's page."""

    model = AgreementDuty
    open_in = (AgreementStatus.DRAFT,)


class NearEndFilter(RadioFilter):
    """The agreements about whose end somebody should talk."""

    title = _("续签")
    parameter_name = "near_end"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return [("1", _("快到期的"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        return queryset.near_their_end(timezone.localdate()) if self.value() == "1" else queryset


@admin.register(CoBuildingAgreement)
class CoBuildingAgreementAdmin(ImportPages, RegisterAdmin):
    """共建协议."""

    register_name = "co_building_agreements"
    verbs = AGREEMENT_VERBS
    state_colours = AGREEMENT_COLOURS
    bulk_moves = ("sign", "activate", "expire")
    board = Board(
        title=F("title"),
        about=F("partner__organization__name"),
        due=F("ends_on"),
        due_in=(AgreementStatus.ACTIVE,),
    )
    autocomplete_fields = ("partner", "renews")
    inlines = (DutyInline,)
    date_hierarchy = "starts_on"

    def get_queryset(self, request: HttpRequest) -> Any:
        return super().get_queryset(request).select_related("partner__organization")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return (NearEndFilter, *super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "days_left")

    @display(description=_("剩余天数"))
    def days_left(self, agreement: Any) -> str:
        left = agreement.days_left
        return "" if left is None else str(left)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        if obj is not None and obj.status != AgreementStatus.DRAFT:
            # What was signed stays; the rule says so at every other door.
            names += ["partner", "title", "signed_on", "starts_on", "ends_on"]
        return names

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        if record.status != AgreementStatus.ACTIVE or not self._may_on(request, "edit", record):
            return []
        renewing = f"../../add/?partner={record.partner_id}&renews={record.pk}"
        return [
            {
                "label": gettext("设先锋岗"),
                "url": f"../../../vanguardpost/add/?agreement={record.pk}",
            },
            {"label": gettext("续签"), "url": renewing},
        ]


@admin.register(VanguardPost)
class VanguardPostAdmin(ImportPages, RegisterAdmin):
    """党员先锋岗."""

    register_name = "vanguard_posts"
    autocomplete_fields = ("agreement", "estate")

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        found = f"../../../incipientissue/?post__id__exact={record.pk}"
        links = [{"label": gettext("这里发现的问题"), "url": found}]
        if record.until is None and self._may_on(request, "see", record):
            links += [
                {"label": gettext("排班"), "url": f"../../../dutyshift/add/?post={record.pk}"},
                {
                    "label": gettext("登记问题"),
                    "url": f"../../../incipientissue/add/?post={record.pk}",
                },
            ]
        return links

    def record_state(self, record: Any) -> str:
        return gettext("已撤岗") if record.until is not None else gettext("在岗")


@admin.register(DutyShift)
class DutyShiftAdmin(ImportPages, RegisterAdmin):
    """值班."""

    register_name = "duty_shifts"
    autocomplete_fields = ("post", "representative", "resident")
    date_hierarchy = "day"


@admin.register(IncipientIssue)
class IncipientIssueAdmin(IssuePages, ImportPages, RegisterAdmin):
    """苗头性问题."""

    register_name = "incipient_issues"
    verbs = ISSUE_VERBS
    state_colours = ISSUE_COLOURS
    bulk_moves = ("defuse", "reopen")
    board = Board(
        title=F("description"),
        about=F("place"),
        quiet=(IssueStatus.DEFUSED, IssueStatus.ESCALATED),
        pages={"escalate": Page("admin:partners_incipientissue_escalate")},
    )
    autocomplete_fields = ("post",)
    date_hierarchy = "found_on"

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_fields(request, obj))
        if obj is not None:
            names += [n for n in self._ends(obj) if n not in names]
        return names

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        return names if obj is None else [*names, *self._ends(obj)]

    @staticmethod
    def _ends(issue: Any) -> list[str]:
        """What is told of how it ended."""
        named = ("settled_on", "how_defused", "escalated_to", "escalated_code")
        return [name for name in named if getattr(issue, name)]


class ItemInline(OpenInline):
    """进展事项, on the report's page."""

    model = ProgressItem
    open_in = (ReportStatus.DRAFT,)


@admin.register(ProgressReport)
class ProgressReportAdmin(ImportPages, RegisterAdmin):
    """物业服务进展."""

    register_name = "progress_reports"
    verbs = REPORT_VERBS
    state_colours = REPORT_COLOURS
    bulk_moves = ("submit", "withdraw", "hear")
    board = Board(
        title=F("organization__name"),
        about=F("code"),
        due=F("due_on"),
        due_in=(ReportStatus.DRAFT,),
    )
    autocomplete_fields = ("organization",)
    inlines = (ItemInline,)

    def get_list_display(self, request: HttpRequest) -> Any:
        return (*super().get_list_display(request), "overdue")

    @display(description=_("逾期"), label={"late": "danger"})
    def overdue(self, report: Any) -> Any:
        """Whether it should have been handed in by now."""
        late = report.due_on is not None and report_rules.report_is_overdue(
            report.status, report.due_on, timezone.localdate()
        )
        return ("late", gettext("已逾期")) if late else ""

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        if obj is not None and obj.status != ReportStatus.DRAFT:
            names += ["period_kind", "year", "number", "summary"]
        return names


class CandidateInline(OpenInline):
    """候选管家, on the round's page."""

    model = StewardCandidate
    open_in = (SelectionStatus.DRAFT, SelectionStatus.OPEN)
    autocomplete_fields = ("organization",)
    readonly_fields = ("chosen",)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_fields(request, obj), "chosen"]


@admin.register(StewardSelection)
class StewardSelectionAdmin(ImportPages, RegisterAdmin):
    """优秀管家选聘."""

    register_name = "steward_selections"
    verbs = SELECTION_VERBS
    state_colours = SELECTION_COLOURS
    inlines = (CandidateInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = list(super().get_readonly_fields(request, obj))
        if obj is not None and obj.status != SelectionStatus.DRAFT:
            names += ["method", "places", "criteria"]
        return names


@admin.register(StewardCandidate)
class StewardCandidateAdmin(ImportPages, RegisterAdmin):
    """候选管家."""

    register_name = "steward_candidates"
    autocomplete_fields = ("selection", "organization")
