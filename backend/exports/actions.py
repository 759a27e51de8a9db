"""Verbs of exports in the background: ask for one, make it, fetch it."""

import secrets
import tempfile
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.core.exporting.orders import ExportOrder, may_leave, write_export
from backend.core.models import Kept, Record
from backend.core.words import in_chinese
from backend.exports.models import ExportFile
from backend.exports.orders import from_row, to_row
from backend.exports.rights import rights_of, still_hold
from backend.exports.storing import drop, store
from backend.jobs.actions import start
from backend.jobs.choices import Phase
from backend.jobs.kinds import JobContext
from backend.jobs.models import Job
from backend.places.models import Community

EXPORT = "export_list"


def kept_for() -> timedelta:
    """How long a file waits to be fetched."""
    return timedelta(hours=settings.EXPORTS_KEPT_HOURS)


def page_of(export: ExportFile) -> str:
    """The address of an export's page."""
    return reverse("admin:exports_exportfile_change", args=[export.pk])


def make_later(model: type[Kept], query: str, order: ExportOrder, by: Actor) -> ExportFile:
    """An export that a job makes; what it rests on is asked again then.

    Raises: not_allowed; as `ExportOrder.check`.
    """
    order.check()
    rows = may_leave(rows_of(model._meta.label, by.user, query), order, by)
    export = ExportFile(
        code=secrets.token_urlsafe(16),
        model=model._meta.label,
        query=query,
        order=to_row(order),
        asked_by=by.user,
        expires_at=timezone.now() + kept_for(),
    )
    with transaction.atomic():
        gate.keep_notes([export])
        start(EXPORT, community=_community(rows), by=by, arguments={"export": export.code})
    return export


def _community(rows: QuerySet[Any]) -> Any:
    """Whose job it is: that of the first row, so that whoever asked sees it among theirs."""
    if not issubclass(rows.model, Record):
        return None
    found = rows.order_by("pk").values_list("community_id", flat=True).first()
    return Community.objects.filter(pk=found or 0).first()


def rows_of(label: str, user: Any, query: str) -> QuerySet[Any]:
    """The rows of a register's list as `user` sees them now. Raises: not_allowed."""
    pages: Any = admin.site.get_model_admin(apps.get_model(label))
    try:
        found: QuerySet[Any] = pages.rows_of_list(user, query)
    except PermissionDenied:
        raise not_allowed() from None
    return found


def make(context: JobContext) -> None:
    """Makes the file that a job was started for, in the name of who asked for it.

    All or nothing: the bytes are stored first, and the row that names them is written together with
    the job's end and the log of what leaves; a worker that is killed leaves at most bytes that no
    row names, which the daily routine sweeps.
    Raises: not_allowed; not_found; export_too_long.
    """
    export = ExportFile.objects.filter(code=context.arguments["export"]).first()
    if export is None:
        raise not_found(in_chinese(ExportFile._meta.verbose_name))
    by = context.actor
    if by.user is None or by.user.pk != export.asked_by_id:
        raise not_allowed("导出文件只给发起人，请发起人自己重试，或在列表页重新导出。")
    context.link_to(page_of(export))
    order = from_row(export.order)
    model: Any = apps.get_model(export.model)
    rows = rows_of(export.model, by.user, export.query)
    rights = rights_of(by.user, model, order.columns_of(model), whole=order.whole)
    if order.whole and not _any_in_full(rights):
        raise not_allowed("您已没有查看完整信息的权限，没有导出。请改为导出带星号的。")
    total = may_leave(rows, order, by).order_by().count()
    context.progress(0, total, Phase.FILE)
    with tempfile.TemporaryFile() as file:
        leaving = write_export(
            rows,
            order,
            by=by,
            target=file,
            progress=lambda done: context.progress(done, total, Phase.FILE),
        )
        context.progress(min(leaving.count, total), total, Phase.FILE)
        size = file.tell()
        stored = store(file)
    try:
        with transaction.atomic():
            now = timezone.now()
            mine = ExportFile.objects.filter(pk=export.pk)
            gate.change_notes(
                mine,
                stored=stored,
                row_count=leaving.count,
                size=size,
                rights=rights,
                made_at=now,
                expires_at=now + kept_for(),
            )
            leaving.log(order, by)
            context.done(f"共 {leaving.count} 条，{settings.EXPORTS_KEPT_HOURS} 小时内可以下载。")
    except BaseException:
        drop([stored])
        raise


def _any_in_full(rights: dict[str, dict[str, Any]]) -> bool:
    return any(
        where["everywhere"] or where["communities"] or where["estates"]
        for action, where in rights.items()
        if action.endswith(".reveal")
    )


def fetch(export: ExportFile, *, by: Actor) -> File:
    """The file, for who asked for it and may still have it.

    Raises: not_found for everybody else, and when it has expired; not_allowed for who has lost a
        right that it was made with; export_not_ready.
    """
    seen = ExportFile.objects.filter(ExportFile.visible(by.user), pk=export.pk).first()
    if seen is None:
        raise not_found(in_chinese(ExportFile._meta.verbose_name))
    if not seen.stored:
        raise RuleViolation("export_not_ready", "文件还没有生成好，请稍候再下载。")
    if not still_hold(by.user, seen.rights):
        raise not_allowed("您的权限有变化，这个文件不能再下载。请回到列表重新导出。")
    try:
        return default_storage.open(seen.stored)
    except FileNotFoundError:
        raise not_found(in_chinese(ExportFile._meta.verbose_name)) from None


def job_of(export: ExportFile) -> Job | None:
    """The job that makes an export."""
    return Job.objects.filter(kind=EXPORT, arguments__export=export.code).order_by("-pk").first()
