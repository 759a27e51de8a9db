"""共建 outside the staff pages: what a partner's contact does, on plain pages for phones.

Whoever speaks for a partner sees its agreements, posts, rota, issues and progress reports there, and
does what they may do anywhere: plan the rota, take issues down, write and hand in reports.
"""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_time
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from backend.accounts.home_links import HomeLink, home_link
from backend.core import gate
from backend.core.access import Actor, own_organizations
from backend.core.errors import ManyViolations, RuleViolation, not_found
from backend.core.numbers import whole_number
from backend.core.personal import masked
from backend.partners import actions, report_rules, reporting
from backend.partners.choices import (
    AgreementStatus,
    IssueKind,
    IssueStatus,
    ItemState,
    PeriodKind,
    ReportStatus,
)
from backend.partners.models import (
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    ProgressReport,
    VanguardPost,
)
from backend.people.choices import OrganizationKind
from backend.people.models import Organization

DOOR = "phone_page"
WRONG_DAY, WRONG_TIME = "日期不对，请核对。", "时间不对，请核对。"
SHOWN, DAYS_AHEAD, EMPTY_ROWS = 30, 7, 3
_AGREED = (AgreementStatus.SIGNED, AgreementStatus.ACTIVE)


def _own(model: Any, user: Any) -> QuerySet[Any]:
    """The rows that are the work of the reader's own organization; not what staff see besides."""
    found: QuerySet[Any] = model.objects.filter(model.own_rows(user, "see"))
    return found


def _reporting_bodies(user: Any) -> QuerySet[Any]:
    """Property companies that the reader speaks for: these report."""
    return Organization.objects.filter(
        pk__in=own_organizations(user), kind=OrganizationKind.PROPERTY_COMPANY
    ).order_by("pk")


def _wanted(user: Any) -> bool:
    return _own(CoBuildingAgreement, user).exists() or _reporting_bodies(user).exists()


home_link(
    HomeLink("partners_page", _("红色合伙人"), _("协议、值班、苗头性问题、服务进展"), _wanted)
)


@never_cache
@login_required
def partners_page(request: HttpRequest) -> HttpResponse:
    """What the own organization has agreed to, who is at its posts, what was found, what is reported."""
    if request.method == "POST":
        return _carry_out(request, _DO.get(request.POST.get("do", ""), _unknown), request.path)
    user, today = request.user, timezone.localdate()
    posts = _posts(user, today)
    shifts = _own(DutyShift, user).filter(day__gte=today, day__lt=today + timedelta(DAYS_AHEAD))
    shifts = shifts.annotate(masked_name=masked("name", "name"))
    written = _own(ProgressReport, user).filter(period_kind=PeriodKind.MONTH)
    year, month = report_rules.month_to_report(today, set(written.values_list("year", "number")))
    return render(
        request,
        "partners/own.html",
        {
            "agreements": _own(CoBuildingAgreement, user)
            .filter(status__in=_AGREED)
            .select_related("partner__organization")
            .order_by("ends_on", "pk"),
            "posts": posts,
            "shifts": shifts.select_related("post").order_by("day", "starts_at", "pk")[:SHOWN],
            "issues": _own(IncipientIssue, user)
            .filter(status=IssueStatus.FOUND)
            .select_related("post")[:SHOWN],
            "settled": _own(IncipientIssue, user)
            .exclude(status=IssueStatus.FOUND)
            .select_related("post")[:SHOWN],
            "kinds": IssueKind.choices,
            "bodies": _reporting_bodies(user),
            "reports": _own(ProgressReport, user).select_related("organization")[:SHOWN],
            "periods": PeriodKind.choices,
            "year": year,
            "month": month,
            "today": today,
        },
    )


def _posts(user: Any, today: date) -> QuerySet[Any]:
    standing = Q(until__isnull=True) | Q(until__gte=today)
    return _own(VanguardPost, user).filter(standing, since__lte=today).order_by("name", "pk")


@never_cache
@login_required
def report_page(request: HttpRequest, code: str) -> HttpResponse:
    """One progress report: written while it is a draft, read afterwards."""
    report = (
        _own(ProgressReport, request.user)
        .filter(code=code)
        .annotate(sent_back=reporting.sent_back_because())
        .first()
    )
    if report is None:
        raise Http404
    if request.method == "POST":
        return _carry_out(request, lambda given, by: _write(report, given, by), request.path)
    items = [(one.subject, one.told, one.state) for one in report.items.order_by("position", "pk")]
    writes = report.status == ReportStatus.DRAFT
    empty = [("", "", ItemState.UNDER_WAY)] * (EMPTY_ROWS if writes else 0)
    return render(
        request,
        "partners/own_report.html",
        {
            "report": report,
            "items": [*items, *empty],
            "stored": report.items.order_by("position", "pk"),
            "states": ItemState.choices,
            "writes": writes,
            "today": timezone.localdate(),
        },
    )


# --- what the buttons do -------------------------------------------------------------------------

Does = Callable[[QueryDict, Actor], tuple[str, str]]


def _carry_out(request: HttpRequest, do: Does, back: str) -> HttpResponse:
    """Does it, and says what came of it; goes on where the deed says, else back."""
    by = Actor.of(request.user, DOOR)
    try:
        said, onward = do(request.POST, by)
    except RuleViolation as violation:
        messages.error(request, violation.message)
    except ManyViolations as refused:
        messages.error(request, "；".join({v.message for v in refused.by_index.values()}))
    else:
        messages.success(request, said)
        back = onward or back
    return HttpResponseRedirect(back)


def _post(given: QueryDict, by: Actor) -> VanguardPost:
    found = _own(VanguardPost, by.user).filter(pk=whole_number(given.get("post", "")) or 0).first()
    if found is None:
        raise not_found("先锋岗")
    return found  # type: ignore[no-any-return]


def _read(parse: Callable[[str], Any], given: QueryDict, name: str, refusal: str) -> Any:
    try:
        found = parse(given.get(name, ""))
    except ValueError:
        found = None
    if found is None:
        raise RuleViolation("invalid_value", refusal, field=name)
    return found


def _take_down(given: QueryDict, by: Actor) -> tuple[str, str]:
    post, kind = _post(given, by), given.get("kind", "")
    if kind not in IssueKind.values:
        raise RuleViolation("invalid_choice", "请选择问题的类型。", field="kind")
    issue = IncipientIssue(
        community_id=post.community_id,
        post=post,
        kind=kind,
        description=given.get("description", "").strip(),
        found_on=_read(parse_date, given, "found_on", WRONG_DAY),
    )
    made = gate.save(issue, by=by)
    return gettext("已登记，编号 %(code)s。") % {"code": made.code}, ""


def _defuse(given: QueryDict, by: Actor) -> tuple[str, str]:
    issue = _own(IncipientIssue, by.user).filter(code=given.get("issue", "")).first()
    if issue is None:
        raise not_found("苗头性问题")
    actions.defuse(issue, how=given.get("how", ""), by=by)
    return gettext("已登记化解。"), ""


def _plan(given: QueryDict, by: Actor) -> tuple[str, str]:
    post = _post(given, by)
    shift = DutyShift(
        community_id=post.community_id,
        post=post,
        day=_read(parse_date, given, "day", WRONG_DAY),
        starts_at=_read(parse_time, given, "starts_at", WRONG_TIME),
        ends_at=_read(parse_time, given, "ends_at", WRONG_TIME),
        name=given.get("name", "").strip(),
    )
    gate.save(shift, by=by)
    return gettext("已排班。"), ""


def _begin_report(given: QueryDict, by: Actor) -> tuple[str, str]:
    rows = _reporting_bodies(by.user)
    body = rows.filter(pk=whole_number(given.get("organization", "")) or 0).first()
    if body is None:
        raise not_found("物业公司")
    kind = given.get("period_kind", "")
    if kind not in PeriodKind.values:
        raise RuleViolation("invalid_choice", "请选择月报或季报。", field="period_kind")
    report = ProgressReport(
        community_id=body.community_id,
        organization=body,
        period_kind=kind,
        year=whole_number(given.get("year", "")) or 0,
        number=whole_number(given.get("number", "")) or 0,
    )
    made = reporting.make_report(report, [], by=by)
    return gettext("请填写内容，写好后提交。"), reverse("partner_report", args=[made.code])


def _unknown(given: QueryDict, by: Actor) -> tuple[str, str]:
    raise RuleViolation("unknown_action", "不认识这个操作，请刷新页面后再试。")


_DO: dict[str, Does] = {
    "issue": _take_down,
    "defuse": _defuse,
    "shift": _plan,
    "report": _begin_report,
}


def _write(report: ProgressReport, given: QueryDict, by: Actor) -> tuple[str, str]:
    """Saves what the form says; handed in, if that was pressed."""
    columns = (given.getlist(name) for name in ("subject", "told", "state"))
    rows = [tuple(cell.strip() for cell in row) for row in zip(*columns, strict=False)]
    items = [(subject, told, state) for subject, told, state in rows if subject or told]
    fresh = reporting.revise_report(
        report,
        given.get("summary", "").strip(),
        items,
        by=by,
        seen=whole_number(given.get("revision", "")) or 0,
    )
    if given.get("do") != "submit":
        return gettext("已保存，还没有提交。"), ""
    reporting.submit(fresh, by=by)
    return gettext("已提交。"), ""
