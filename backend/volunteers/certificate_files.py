"""Certificates on paper, and their numbers for everybody: the file, and the page behind its code."""

from importlib import import_module
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache

from backend.accounts.lockout import client_address
from backend.core.access import Actor
from backend.core.disclosures import log_export
from backend.core.errors import RuleViolation, not_allowed
from backend.core.reveals import reveal_scope
from backend.volunteers import certificate_rules as rules
from backend.volunteers.certificate_queries import checked, printed, template_of
from backend.volunteers.models import Certificate
from backend.volunteers.printed import Printed
from backend.volunteers.words import hours_text

DOOR = "certificate_file"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TYPES = {"docx": WORD, "pdf": "application/pdf"}
# A person at a counter checks a few; whoever wants them all has to wait.
CHECKS_A_MINUTE = 30
WHY = "下载志愿服务证明"


def _module(name: str) -> Any:
    # Loaded when a file is asked for: each import would carry its libraries.
    return import_module(f"backend.volunteers.{name}")


@never_cache
@login_required
def certificate_file(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """The certificate as Word or PDF: for whom it is about, and for those who may see names in full,
    of which each look is logged.
    """
    rows = Certificate.objects.visible_to(request.user).filter(number=number)
    certificate = rows.select_related("volunteer__resident").first()
    if certificate is None or kind not in TYPES:
        raise Http404
    by = Actor.of(request.user, DOOR)
    address = request.build_absolute_uri(check_address(number))
    try:
        content = paper(certificate, kind, address, by=by)
    except RuleViolation as violation:
        messages.error(request, violation.message)
        return HttpResponseRedirect(check_address(number))
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{certificate.number}.{kind}"'
    return response


def check_address(number: str) -> str:
    """Where anybody may check a number."""
    return reverse("certificate_check") + "?" + urlencode({"number": number})


def paper(certificate: Certificate, kind: str, address: str, *, by: Actor) -> bytes:
    """The file; that it was made is logged, unless it is one's own.

    Raises: certificate_void; person_erased; letter_missing; not_allowed.
    """
    rules.certificate_is_valid(certificate.valid)
    told = printed(certificate, address)
    if told is None:
        raise RuleViolation("person_erased", "志愿者的个人信息已按规定删除，不能再打印这份证明。")
    person: Any = certificate.volunteer.resident
    if by.user is None or person.user_id != by.user.pk:
        if not reveal_scope(by.user, "certificates").covers(certificate.community_id):
            raise not_allowed("证明上有完整的姓名；您没有查看完整信息的权限，请联系社区管理员。")
        log_export(
            Certificate,
            {certificate.community_id: [certificate.pk]},
            by=by,
            reason=WHY,
            whole=True,
            details=f"{certificate.number} · {kind}",
        )
    return _made(certificate, told, kind)


def _made(certificate: Certificate, told: Printed, kind: str) -> bytes:
    if kind == "pdf":
        made: bytes = _module("certificate_pdf").certificate_as_pdf(told)
        return made
    word: bytes = _module("certificate_word").certificate_as_word(
        told, template_of(certificate.community_id)
    )
    return word


@never_cache
def certificate_check(request: HttpRequest) -> HttpResponse:
    """Whether a number is a certificate's, of which hours, and whether it stands: for everybody."""
    number = request.GET.get("number", "").strip()[:100]
    found, often = None, False
    if number:
        often = _too_often(request)
        found = checked(number) if not often else None
    return render(
        request,
        "volunteers/check.html",
        {
            "number": number,
            "found": found,
            "hours": hours_text(found.minutes) if found is not None else "",
            "often": often,
        },
        status=429 if often else 200,
    )


def _too_often(request: HttpRequest) -> bool:
    """Counts one more check from this address, in this minute."""
    key = f"certificate-check-{client_address(request)}-{timezone.now():%H%M}"
    cache.add(key, 0, timeout=120)
    try:
        return int(cache.incr(key)) > CHECKS_A_MINUTE
    except ValueError:
        # A full cache has let go of it in between: that is no reason to be out of order.
        return False
