"""Attachments over HTTP: served to those who may see the record, and the panel's own verbs.

There is no address of the storage: a file is reached through here or not at all.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header, url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from backend.core.access import Actor
from backend.core.door import DOOR
from backend.core.errors import RuleViolation
from backend.core.models import Record
from backend.files import actions, rules
from backend.files.choices import AttachmentKind
from backend.files.models import Attachment
from backend.files.targets import targets


@require_safe
def attachment(request: HttpRequest, code: str) -> HttpResponseBase:
    """The file; 404 for all that the caller may not see, whether it is there or not."""
    found = _visible(request, code)
    return _served(
        found.stored,
        found.content_type,
        as_attachment=not found.is_image,
        name=rules.download_name(found.title, found.original_name, found.content_type),
    )


@require_safe
def thumbnail(request: HttpRequest, code: str) -> HttpResponseBase:
    """A small picture of it; 404 also for what has none."""
    found = _visible(request, code)
    if not found.thumbnail:
        raise Http404
    return _served(found.thumbnail, "image/jpeg", as_attachment=False, name=f"{code}.jpg")


def _visible(request: HttpRequest, code: str) -> Attachment:
    found: Attachment | None = Attachment.objects.visible_to(request.user).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def _served(stored: str, content_type: str, *, as_attachment: bool, name: str) -> FileResponse:
    try:
        content = default_storage.open(stored)
    except FileNotFoundError:
        raise Http404 from None
    response = FileResponse(content, content_type=content_type)
    response["Content-Disposition"] = content_disposition_header(as_attachment, name) or ""
    response["X-Content-Type-Options"] = "nosniff"
    # Should a file ever be taken for a page: it then runs nothing, and belongs to no site.
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    # Rights can be taken away again: nobody keeps a copy for the next reader of the machine.
    response["Cache-Control"] = "private, no-store"
    return response


# --- the panel's verbs ---------------------------------------------------------------------------


@login_required
@require_POST
def attach(request: HttpRequest, model_label: str, pk: int) -> HttpResponse:
    """Puts every file that was chosen on the record, and says of each that is refused why."""
    record = _target(request, model_label, pk)
    by = Actor.of(request.user, DOOR)
    title, kind = request.POST.get("title", ""), request.POST.get("kind", "")
    files = request.FILES.getlist("files")
    if not files:
        messages.error(request, "还没有选文件，请先选择照片或 PDF。")
    done = 0
    for file in files:
        try:
            actions.attach(
                record,
                file,
                by=by,
                title=title,
                kind=AttachmentKind(kind) if kind in AttachmentKind.values else None,
            )
        except RuleViolation as violation:
            messages.error(request, f"{rules.shown_name(str(file.name))}：{violation.message}")
        else:
            done += 1
    if done:
        messages.success(request, f"已添加 {done} 个附件。")
    return _back(request)


def _target(request: HttpRequest, model_label: str, pk: int) -> Record:
    for label, model in targets().items():
        if label.lower() == model_label:
            rows: Any = model._default_manager
            found: Record | None = rows.visible_to(request.user).filter(pk=pk).first()
            if found is not None:
                return found
    raise Http404


@login_required
@require_POST
def remove(request: HttpRequest, code: str) -> HttpResponse:
    """Takes an attachment away."""
    found = _visible(request, code)
    return _do(request, lambda by: actions.remove(found, by=by), "已移除。30 天内可以恢复。")


@login_required
@require_POST
def restore(request: HttpRequest, code: str) -> HttpResponse:
    """Brings a removed attachment back, on a record that the user may see."""
    found = Attachment.objects.filter(code=code, removed_at__isnull=False).first()
    record = found.record() if found is not None else None
    if found is None or record is None:
        raise Http404
    rows: Any = type(record)._default_manager
    if not rows.visible_to(request.user).filter(pk=record.pk).exists():
        raise Http404
    return _do(request, lambda by: actions.restore(found, by=by), "已恢复。")


@login_required
@require_POST
def retitle(request: HttpRequest, code: str) -> HttpResponse:
    """Gives an attachment another title."""
    found = _visible(request, code)
    title = request.POST.get("title", "")
    return _do(request, lambda by: actions.retitle(found, title, by=by), "标题已保存。")


def _do(request: HttpRequest, verb: Callable[[Actor], Any], said: str) -> HttpResponse:
    try:
        verb(Actor.of(request.user, DOOR))
    except RuleViolation as violation:
        messages.error(request, violation.message)
    else:
        messages.success(request, said)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    """To the page that the form stood on: one of ours, or the first."""
    place = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(place, allowed_hosts=None):
        place = "/"
    return HttpResponseRedirect(place + "#ll-files")
