"""Pages on which certificates are issued: for one volunteer, for all of a year; and the template's."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action

from backend.core.access import may, scope
from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.core.personal import mask
from backend.places.models import Community
from backend.volunteers import certificate_queries as queries
from backend.volunteers import certifying, templating
from backend.volunteers.certificate_files import WORD
from backend.volunteers.models import Volunteer
from backend.volunteers.words import hours_text

# So many at once: each is a few writes, and somebody waits for the page.
MOST_AT_ONCE = 500
FIRST_YEAR = 2015


class CertificatePages:
    """Adds the pages to the list of certificates."""

    admin_site: Any
    model: Any
    actions_list = ("issue_page", "templates_page")

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view
        own = [
            path("for/<int:pk>/", view(self.certify_view), name="volunteers_certificate_certify"),
            path(
                "template/<int:pk>.docx",
                view(self.template_file),
                name="volunteers_certificate_template_file",
            ),
        ]
        return own + super().get_urls()  # type: ignore[misc,no-any-return]

    def has_issue_permission(self, request: HttpRequest) -> bool:
        return scope(request.user, "certificates.edit").anywhere

    def has_template_permission(self, request: HttpRequest) -> bool:
        return scope(request.user, "certificates.template").anywhere

    # --- one volunteer --------------------------------------------------------------------------

    def certify_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks for the days, shows what is verified of them, and issues."""
        rows = Volunteer.objects.visible_to(request.user).select_related("resident", "community")
        volunteer = rows.filter(pk=pk).first()
        if volunteer is None or not self.has_issue_permission(request):
            raise Http404
        today = timezone.localdate()
        given = request.POST if request.method == "POST" else request.GET
        starts_on = _day(given.get("starts_on", "")) or date(today.year, 1, 1)
        ends_on = _day(given.get("ends_on", "")) or today
        error = ""
        if request.method == "POST":
            try:
                made = certifying.issue_certificate(
                    volunteer, starts_on, ends_on, by=actor(request)
                )
            except RuleViolation as violation:
                error = violation.message
            else:
                messages.success(request, gettext("证明已出具：") + made.number)
                return HttpResponseRedirect(_page(made.pk))
        counted = list(certifying.verified_in(starts_on, ends_on).filter(volunteer=volunteer))
        return render(
            request,
            "volunteers/certify.html",
            self.admin_site.each_context(request)
            | {
                "title": gettext("出具志愿服务证明"),
                "opts": self.model._meta,
                "volunteer": volunteer,
                "name": _masked(volunteer),
                "starts_on": starts_on.isoformat(),
                "ends_on": ends_on.isoformat(),
                "today": today.isoformat(),
                "periods": _periods(today),
                "times": len(counted),
                "hours": hours_text(sum(record.minutes for record in counted)),
                "error": error,
                "back": reverse("admin:volunteers_volunteer_change", args=[volunteer.pk]),
            },
        )

    # --- all of a year --------------------------------------------------------------------------

    @action(description=_("按年度批量出具"), url_path="issue", permissions=("issue",))
    def issue_page(self, request: HttpRequest) -> HttpResponse:
        """Everybody with verified hours in a year, and a certificate for those who are ticked."""
        today = timezone.localdate()
        given = request.POST if request.method == "POST" else request.GET
        year = whole_number(given.get("year", "")) or today.year
        year = min(max(year, FIRST_YEAR), today.year)
        starts_on, ends_on = date(year, 1, 1), min(date(year, 12, 31), today)
        where = scope(request.user, "certificates.edit").rows(community="pk")
        communities = Community.objects.filter(where)
        rows = queries.with_hours_in(communities, starts_on, ends_on)[: MOST_AT_ONCE + 1]
        people = list(rows)
        if request.method == "POST":
            chosen = {whole_number(pk) for pk in request.POST.getlist("volunteer")}
            done = certifying.issue_certificates(
                [one for one in people[:MOST_AT_ONCE] if one.pk in chosen],
                starts_on,
                ends_on,
                by=actor(request),
            )
            _tell(request, done)
            return HttpResponseRedirect(f"{request.path}?year={year}")
        there = queries.certified_for([one.pk for one in people], starts_on, ends_on)
        return render(
            request,
            "volunteers/issue_year.html",
            self.admin_site.each_context(request)
            | {
                "title": gettext("按年度批量出具证明"),
                "opts": self.model._meta,
                "year": year,
                "years": range(today.year, max(today.year - 6, FIRST_YEAR), -1),
                "period": f"{starts_on} – {ends_on}",
                "people": [_line(one, there.get(one.pk)) for one in people[:MOST_AT_ONCE]],
                "more": len(people) > MOST_AT_ONCE,
                "most": MOST_AT_ONCE,
                "back": reverse("admin:volunteers_certificate_changelist"),
            },
        )

    # --- the template ---------------------------------------------------------------------------

    @action(description=_("证明 Word 模板"), url_path="templates", permissions=("template",))
    def templates_page(self, request: HttpRequest) -> HttpResponse:
        """What each community prints by now, and a field for another one."""
        communities = self._with_templates(request)
        error = ""
        if request.method == "POST":
            try:
                said = self._change_template(request, communities)
            except RuleViolation as violation:
                error = violation.message
            else:
                messages.success(request, said)
                return HttpResponseRedirect(request.path)
        used = templating.templates_in([one.pk for one in communities])
        return render(
            request,
            "volunteers/templates.html",
            self.admin_site.each_context(request)
            | {
                "title": gettext("证明 Word 模板"),
                "opts": self.model._meta,
                "lines": [(one, used.get(one.pk)) for one in communities],
                "error": error,
                "back": reverse("admin:volunteers_certificate_changelist"),
            },
        )

    def template_file(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The template in use, to begin a new one from."""
        if pk not in {one.pk for one in self._with_templates(request)}:
            raise Http404
        response = HttpResponse(templating.template_in_use(pk), content_type=WORD)
        response["Content-Disposition"] = 'attachment; filename="certificate-template.docx"'
        return response

    def _with_templates(self, request: HttpRequest) -> list[Community]:
        where = scope(request.user, "certificates.template").rows(community="pk")
        return list(Community.objects.filter(where).order_by("pk"))

    def _change_template(self, request: HttpRequest, communities: list[Community]) -> str:
        pk = whole_number(request.POST.get("community", ""))
        by = actor(request)
        if pk not in {one.pk for one in communities} or not may(by, "certificates.template", pk):
            raise PermissionDenied
        assert pk is not None
        if request.POST.get("do") == "default":
            templating.drop_template(pk, by=by)
            return gettext("已恢复默认模板。")
        upload = request.FILES.get("template")
        if upload is None:
            raise RuleViolation("required", "请选择一个 .docx 文件。", field="template")
        # No more is read than is looked at.
        templating.replace_template(pk, str(upload.name), upload.read(1_000_001), by=by)
        return gettext("已换上新的模板。")


def _page(pk: int) -> str:
    return reverse("admin:volunteers_certificate_change", args=[pk])


def _masked(volunteer: Volunteer) -> str:
    resident: Any = volunteer.resident
    return mask("name", resident.name) if resident is not None else ""


def _line(volunteer: Any, certificate: Any) -> dict[str, Any]:
    return {
        "pk": volunteer.pk,
        "code": volunteer.code,
        "name": _masked(volunteer),
        "hours": hours_text(volunteer.period_minutes),
        "certificate": certificate,
        "outdated": certificate is not None and certificate.minutes != volunteer.period_minutes,
        "url": _page(certificate.pk) if certificate is not None else "",
    }


def _tell(request: HttpRequest, done: certifying.IssuedMany) -> None:
    if done.certificates:
        messages.success(
            request, gettext("已出具 %(count)s 份证明。") % {"count": len(done.certificates)}
        )
    for why in sorted({violation.message for violation in done.left_out.values()}):
        count = sum(violation.message == why for violation in done.left_out.values())
        messages.warning(
            request, gettext("%(count)s 位没有出具：%(why)s") % {"count": count, "why": why}
        )
    if not done.certificates and not done.left_out:
        messages.warning(request, gettext("没有勾选任何人。"))


def _periods(today: date) -> list[tuple[str, str, str]]:
    """Days that are asked for most: this year, last year."""
    last = today.year - 1
    return [
        (gettext("今年"), date(today.year, 1, 1).isoformat(), today.isoformat()),
        (gettext("去年"), date(last, 1, 1).isoformat(), date(last, 12, 31).isoformat()),
    ]


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None
