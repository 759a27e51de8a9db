"""导入批次: preview, confirm, result, undo; one page a batch."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Exists, OuterRef, Q, QuerySet, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from backend.core.admin import RegisterAdmin, actor, allowed
from backend.core.errors import RuleViolation
from backend.imports import left
from backend.imports.actions import discard_import
from backend.imports.answer_pages import AnswerPages, shown_questions
from backend.imports.choices import BEFORE_CONFIRMING, STATUS_COLOURS, BatchStatus, Outcome
from backend.imports.committing import PlanOutdated
from backend.imports.downloads import corrected_file, has_corrected, may_download
from backend.imports.headers import EXPLANATION
from backend.imports.landing import LandingPage
from backend.imports.mapping import can_be_directed, should_be_looked_at
from backend.imports.mapping_pages import MappingPages
from backend.imports.models import ImportBatch
from backend.imports.outdated import CODE
from backend.imports.pages import batch_url, import_url
from backend.imports.profile_admin import MappingProfileAdmin
from backend.imports.queries import planned_rows, shown_cells
from backend.imports.readdressing import misplaced, take_again
from backend.imports.register_filter import by_title
from backend.imports.sheet import Sheet, sheet_of
from backend.imports.states import BATCH_MACHINE
from backend.imports.tasks import CONFIRM, UNDO, confirm, last_job_of, plan_soon, take_back
from backend.jobs.admin import shown
from backend.jobs.choices import OPEN, JobState
from backend.jobs.models import Job

# Each with a file of its own; Django looks for registers here.
__all__ = ["ImportBatchAdmin", "MappingProfileAdmin"]

PAGE = 50
MOST_OUTDATED = 100
MOST_LEFT = 100
# Beyond these, what an undo would leave is told only when it has been done.
FORESEEN_ROWS = 20_000
# Shown, never stored: a reading that nobody carries on.
STOPPED = "stopped"
_COLOURS = {str(state): colour for state, colour in STATUS_COLOURS.items()} | {STOPPED: "danger"}


@admin.register(ImportBatch)
class ImportBatchAdmin(LandingPage, MappingPages, AnswerPages, RegisterAdmin):
    """Batches are made by uploading and moved by their buttons; nobody edits one."""

    state_colours = STATUS_COLOURS
    verbs: ClassVar[Mapping[str, Any]] = {}
    actions_list = ("upload_table",)

    @action(description=_("导入表格"), url_path="upload-table", permissions=["upload_table"])
    def upload_table(self, request: HttpRequest) -> HttpResponse:
        """Any table, whatever register it is for."""
        return self.landing_view(request)

    def has_upload_table_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "imports.edit")

    def get_list_filter(self, request: HttpRequest) -> Any:
        return by_title(super().get_list_filter(request))

    def get_list_display(self, request: HttpRequest) -> Any:
        names = super().get_list_display(request)
        ours = {"register": self.register_title, "labelled_status": self.told_status}
        return tuple(ours.get(getattr(name, "__name__", name), name) for name in names)

    @display(description=_("状态"), ordering="status", label=_COLOURS)
    def told_status(self, batch: Any) -> tuple[str, str]:
        if batch.stopped:
            return STOPPED, gettext("未读完")
        return batch.status, batch.get_status_display()

    @display(description=_("登记簿"), ordering="register")
    def register_title(self, batch: ImportBatch) -> str:
        return gettext(sheet_of(batch.register).title)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        about = Job.objects.filter(about_model=ImportBatch._meta.label, about_id=OuterRef("pk"))
        # Nobody reads on: the job was cancelled, or failed.
        stopped = (
            Q(status=BatchStatus.READING) & Exists(about) & ~Exists(about.filter(state__in=OPEN))
        )
        rows = super().get_queryset(request).select_related("community", "uploaded_by")
        return rows.annotate(stopped=Case(When(stopped, then=True), default=False))

    def get_urls(self) -> list[Any]:
        def at(name: str, view: Any) -> Any:
            return path(
                f"<path:object_id>/{name}/",
                self.admin_site.admin_view(view),
                name=f"imports_importbatch_{name}",
            )

        return [
            at("confirm", self.confirm_view),
            at("mapping", self.mapping_view),
            at("undo", self.undo_view),
            at("discard", self.discard_view),
            at("corrected", self.corrected_view),
            at("answers", self.answers_view),
            at("again", self.again_view),
            at("readdress", self.readdress_view),
        ] + super().get_urls()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The batch's page, in whatever state it is."""
        batch = self._batch(request, object_id)
        return self._page(request, batch)

    def _batch(self, request: HttpRequest, object_id: str) -> ImportBatch:
        batch = self.get_object(request, object_id)
        if batch is None:
            raise PermissionDenied
        return batch

    def _page(
        self, request: HttpRequest, batch: ImportBatch, outdated: list[Any] | None = None
    ) -> HttpResponse:
        sheet = sheet_of(batch.register)
        show = request.GET.get("show", "")
        if show not in {str(o) for o in Outcome}:
            show = ""
        wanted = frozenset([show]) if show else frozenset(str(o) for o in Outcome)
        page = max(
            int(request.GET.get("page", "1")) if _is_number(request.GET.get("page")) else 1, 1
        )
        rows, total = planned_rows(batch, outcomes=wanted, first=(page - 1) * PAGE, count=PAGE)
        labels = dict(Outcome.choices)
        # What an earlier round explained says nothing of this one.
        told = [n for n, h in enumerate(batch.headings) if h["attribute"] != EXPLANATION.attribute]
        job = last_job_of(batch)
        at_work = job is not None and job.is_open
        reading, planned = (
            batch.status == one for one in (BatchStatus.READING, BatchStatus.PLANNED)
        )
        stopped = reading and job is not None and not at_work
        context = self.admin_site.each_context(request) | {
            "title": gettext("导入%(sheet)s") % {"sheet": gettext(sheet.title)},
            "opts": self.model._meta,
            "batch": batch,
            "sheet_title": gettext(sheet.title),
            "target_name": gettext(sheet.target_name) if sheet.target_name else "",
            "target": _target_of(batch, sheet, request),
            "upload_url": import_url(sheet.main_model, batch.target),
            "tiles": [
                {"name": str(o), "label": o.label, "count": getattr(batch, str(o))} for o in Outcome
            ],
            "show": show,
            "headings": [batch.headings[n]["heading"] for n in told],
            "rows": [
                {
                    "number": row.number,
                    "outcome": row.outcome,
                    "label": labels[row.outcome],
                    "cells": list(map(shown_cells(batch, row).__getitem__, told)),
                    "problems": row.problems,
                }
                for row in rows
            ],
            "page": page,
            "pages": max((total + PAGE - 1) // PAGE, 1),
            "outdated": (outdated or [])[:MOST_OUTDATED],
            "more_outdated": max(len(outdated or ()) - MOST_OUTDATED, 0),
            "again": bool(outdated),
            "may_move": self._may_on(request, "move", batch),
            "reading": reading,
            "at_work": at_work,
            "stopped": stopped,
            "status_label": gettext("未读完") if stopped else batch.get_status_display(),
            "file_problems": [
                problem
                for problem in batch.file_problems
                if problem["code"] not in BEFORE_CONFIRMING or reading or planned
            ],
            "waiting": at_work or (reading and job is None),
            "planned": planned and not at_work,
            "committed": batch.status == BatchStatus.COMMITTED and not at_work,
            "undoing": batch.status == BatchStatus.COMMITTED and at_work,
            "refused": batch.status == BatchStatus.REFUSED,
            "undone": batch.status == BatchStatus.UNDONE,
            "writes": batch.create + batch.update,
            "can_be_directed": can_be_directed(batch) and not at_work,
            "should_be_looked_at": should_be_looked_at(batch),
            "misplaced": misplaced(batch),
            "has_file": has_corrected(request.user, batch),
            "stands": self.record_standing(batch, request.user),
        }
        context |= shown_questions(batch, request.GET)
        context |= shown_left(left.kept(batch), batch.left.get("total", 0))
        if job is not None and (at_work or reading):
            context |= {"item": shown(request, [job])[0], "here": batch_url(batch)}
        elif job is not None and job.kind == UNDO and batch.status == BatchStatus.COMMITTED:
            context["not_undone"] = True
            context["why_not"] = job.message
        elif job is not None and job.kind == CONFIRM and batch.status == BatchStatus.PLANNED:
            context["not_written"] = job.message or job.state == JobState.CANCELLED
            context["why_not"] = job.message
            context["again"] = job.error_code == CODE
        return render(request, "imports/batch.html", context)

    def confirm_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Carries the plan out."""
        batch = self._posted(request, object_id)
        try:
            confirm(batch, by=actor(request), take_good=request.POST.get("take_good") == "1")
        except PlanOutdated as outdated:
            messages.error(request, "预览之后数据有变化，没有导入。请重新生成预览，看过再确认。")
            return self._page(request, batch, outdated.problems)
        except RuleViolation as violation:
            messages.error(request, violation.message)
        return HttpResponseRedirect(batch_url(batch))

    def undo_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks once, then takes the import back."""
        batch = self._batch(request, object_id)
        step = BATCH_MACHINE.move("undo")
        if request.method != "POST":
            if batch.status not in step.sources or not self._may_on(request, "move", batch):
                return HttpResponseRedirect(batch_url(batch))
            context = self.admin_site.each_context(request) | {
                "title": gettext("撤销这次导入"),
                "opts": self.model._meta,
                "record": f"{batch.file_name} · {batch}",
                "told": gettext("写入的 %(rows)s 行会收回；之后又被改动或使用的记录保留不动。")
                % {"rows": batch.create + batch.update},
                "step": step,
                "back": batch_url(batch),
            }
            if batch.create + batch.update <= FORESEEN_ROWS:
                context |= shown_left(left.would_be_left(batch))
            return render(request, "imports/undo.html", context)
        try:
            undone = take_back(
                batch, by=actor(request), reason=request.POST.get("reason", "").strip()
            )
        except RuleViolation as violation:
            messages.error(request, violation.message)
        else:
            if isinstance(undone, Job):
                messages.info(request, "要收回的行较多，正在后台撤销，请稍候。")
            elif not undone.left:
                messages.success(request, "已撤销，写入的内容全部收回，没有保留的记录。")
            else:
                messages.warning(
                    request,
                    f"已撤销；有 {len(undone.left)} 条记录在导入后又被改动或使用，保留不动，列在下面。",
                )
        return HttpResponseRedirect(batch_url(batch))

    def discard_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Gives the preview up."""
        batch = self._posted(request, object_id)
        try:
            discard_import(batch, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
        return HttpResponseRedirect(import_url(sheet_of(batch.register).main_model, batch.target))

    def readdress_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Takes a template that was dropped in the wrong place: where it belongs, or here."""
        batch, by = self._posted(request, object_id), actor(request)
        try:
            as_template = request.POST.get("to") == "template"
            again = take_again(batch, by=by, as_template=as_template)
            plan_soon(again, by=by)
        except RuleViolation as violation:
            messages.error(request, violation.message)
            again = batch
        return HttpResponseRedirect(batch_url(again))

    def corrected_view(self, request: HttpRequest, object_id: str) -> HttpResponseBase:
        """Their own file, with the bad cells coloured and a column 错误说明; whole, so logged."""
        batch = self._batch(request, object_id)
        if not may_download(request.user, batch):
            raise PermissionDenied
        try:
            return corrected_file(batch, by=actor(request))
        except RuleViolation as violation:
            messages.error(request, violation.message)
            return HttpResponseRedirect(batch_url(batch))

    def _posted(self, request: HttpRequest, object_id: str) -> ImportBatch:
        if request.method != "POST":
            raise PermissionDenied
        return self._batch(request, object_id)


def shown_left(rows: list[left.LeftRow], total: int = 0) -> dict[str, Any]:
    """What a page shows of records that an undo leaves."""
    total = total or len(rows)
    return {
        "left_total": total,
        "left": rows[:MOST_LEFT],
        "more_left": max(total - MOST_LEFT, 0),
    }


def _is_number(text: str | None) -> bool:
    return text is not None and text.isascii() and text.isdigit() and len(text) < 8


def _target_of(batch: ImportBatch, sheet: Sheet, request: HttpRequest) -> str:
    """What the sheet is about, as people call it, with its number; the number alone where it is gone."""
    found = sheet.targets(request.user).filter(code=batch.target).first() if batch.target else None
    return sheet.target_label(found) if found is not None else str(batch.target)
