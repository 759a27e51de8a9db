"""The step 核对列 of an import: which row is the header, what each column is, which sheet, which event."""

from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from backend.core.admin import actor
from backend.core.errors import RuleViolation
from backend.imports import rules
from backend.imports.directing import Answered, Said, direct_import
from backend.imports.directions import IGNORED, KEPT
from backend.imports.mapping import can_be_directed, mapping_of
from backend.imports.models import ImportBatch
from backend.imports.plan import Problem
from backend.imports.profiles import profile_of
from backend.imports.reading import UnreadableFile
from backend.imports.sheet import Sheet, sheet_of

_EVENT_QUESTIONS = ("event_unclear", "event_missing")


def mapping_url(batch: ImportBatch) -> str:
    """The address of a batch's step 核对列."""
    return reverse("admin:imports_importbatch_mapping", args=[batch.pk])


class MappingPages:
    """Adds the step to the batches' admin, which says whose batch it is and who may."""

    admin_site: AdminSite
    model: Any

    def _batch(self, request: HttpRequest, object_id: str) -> ImportBatch:
        raise NotImplementedError

    def mapping_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Shows the columns; what staff say of them plans the file anew."""
        batch = self._batch(request, object_id)
        back = reverse("admin:imports_importbatch_change", args=[batch.pk])
        if not can_be_directed(batch) or not self._may_on(request, "move", batch):  # type: ignore[attr-defined]
            return HttpResponseRedirect(back)
        if request.method == "POST":
            try:
                job = direct_import(batch, _said(request), by=actor(request))
            except RuleViolation as violation:
                messages.error(request, violation.message)
                return self._mapping_page(request, batch, _number(request.POST.get("header_row")))
            if job is not None:
                messages.info(request, gettext("文件较大，正在后台读取，请稍候。"))
            batch.refresh_from_db()
            # What still cannot be taken is mended here as well.
            still = job is None and batch.status == "refused" and can_be_directed(batch)
            return HttpResponseRedirect(mapping_url(batch) if still else back)
        return self._mapping_page(request, batch, _number(request.GET.get("header_row")))

    def _mapping_page(
        self, request: HttpRequest, batch: ImportBatch, header_row: int | None
    ) -> HttpResponse:
        sheet = sheet_of(batch.register)
        try:
            mapping = mapping_of(batch, header_row=header_row)
        except UnreadableFile as unreadable:
            messages.error(request, unreadable.message)
            return HttpResponseRedirect(
                reverse("admin:imports_importbatch_change", args=[batch.pk])
            )
        problems = [p for p in batch.file_problems if p["code"] not in _SHOWN_BY_COLUMN]
        context = self.admin_site.each_context(request) | {
            "title": gettext("核对列：%(sheet)s") % {"sheet": gettext(sheet.title)},
            "opts": self.model._meta,
            "batch": batch,
            "sheet_title": gettext(sheet.title),
            "mapping": mapping,
            "uses": _uses(sheet, batch.community),
            "keeps_remarks": sheet.keeps_remarks,
            "problems": problems,
            "event_question": _event_question(batch),
            "target_name": gettext(sheet.target_name) if sheet.target_name else "",
            "profile": profile_of(batch),
            "refused": batch.status == "refused",
            "trying": header_row is not None,
        }
        return render(request, "imports/mapping.html", context)


# Said beside the column itself.
_SHOWN_BY_COLUMN = frozenset(
    ("column_unknown", "column_guessed", "column_off", "several_sheets", "profile_used")
)


def _uses(sheet: Sheet, community: Any) -> list[tuple[str, str]]:
    """What a column may be: value and label, what is required first."""
    columns = [column for column in sheet.columns_for(community) if not column.ignored]
    columns.sort(key=lambda column: not column.required)
    found = [
        (column.attribute, column.heading + (gettext("（必填）") if column.required else ""))
        for column in columns
    ]
    found.append((IGNORED, gettext("忽略这一列")))
    if sheet.keeps_remarks:
        found.append((KEPT, gettext("并入备注")))
    return found


def _event_question(batch: ImportBatch) -> Problem | None:
    """The question which event the file is of, where it has answers to choose from."""
    for problem in batch.file_problems:
        if problem["code"] in _EVENT_QUESTIONS and problem.get("choices"):
            return Problem.from_stored(problem)
    return None


def _said(request: HttpRequest) -> Said:
    """What the form says. Raises: header_row_invalid."""
    given = request.POST
    if given.get("sheet"):
        return Said(sheet=given["sheet"][:80])
    columns: dict[int, str | None] = {}
    for name, use in given.items():
        index = _number(name.removeprefix("use_")) if name.startswith("use_") else None
        if index is not None:
            columns[index] = str(use)
    header_row = _number(given.get("header_row"))
    if header_row is not None and header_row > rules.MAX_HEADER_ROW:
        raise RuleViolation("header_row_invalid", "没有这一行，请重新选择表头。")
    event = given.get("event", "")
    return Said(
        header_row=header_row,
        columns=columns,
        answers=[Answered(given.get("event_question", ""), event)] if event else [],
        remember=given.get("remember") == "1",
    )


def _number(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 6:
        return None
    return int(text)
