"""Imports in the main API: upload, look, confirm, undo."""

from datetime import datetime
from enum import Enum
from itertools import islice
from typing import Any

import strawberry
import strawberry_django
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db.models import Q
from django.urls import reverse
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.errors import ManyViolations, RuleViolation, not_found
from backend.education.queries import community_by_code
from backend.imports import actions, choices, directing, models, queries
from backend.imports import left as left_rows
from backend.imports.answering import questions_of
from backend.imports.choices import BatchStatus
from backend.imports.committing import PlanOutdated
from backend.imports.downloads import has_corrected
from backend.imports.plan import Problem
from backend.imports.sheet import UnknownTarget, sheet_of
from backend.imports.tasks import confirm, plan_in_background, take_back
from backend.places.models import Community as CommunityRecord
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Seen,
    actor,
    answer,
    input_error,
    moves_of,
    viewer,
    visible,
)
from schema.main.filters import one_of, updated_since
from schema.main.import_columns import SheetColumn, WorkbookSheet, columns_of, sheets_of
from schema.main.import_inputs import (
    ConfirmImportInput,
    DirectImportInput,
    UndoImportInput,
    UploadSheetInput,
)
from schema.main.import_left import LeftRecord, as_left
from schema.main.import_questions import SheetQuestion, as_question
from schema.main.jobs import Job
from schema.main.labels import in_words

MAX_PROBLEMS = 1000
# What planning says where the same file was planned meanwhile.
_SOMEBODY_WAS_FIRST = {"changed_meanwhile", "wrong_state"}
strawberry.enum(BatchStatus, description="The states of an import.")


@strawberry.enum(description="How grave a problem is.")
class ProblemLevel(Enum):
    ERROR = "error"
    QUESTION = "question"
    NOTE = "note"


@strawberry.type(description="Something to say about a cell, a row, or the file.")
class SheetProblem:
    row: int | None = strawberry.field(description="As the spreadsheet program shows it.")
    column: str | None = strawberry.field(description="The heading in the file.")
    code: str
    level: ProblemLevel
    message: str


def as_problem(problem: Problem) -> SheetProblem:
    """A problem as the API tells it."""
    return SheetProblem(
        row=problem.row,
        column=problem.column,
        code=problem.code,
        level=ProblemLevel(str(problem.level)),
        message=problem.message,
    )


@strawberry.type(description="Rows by what they come to; the first five add up to `read`.")
class RowCounts:
    create: int
    update: int
    unchanged: int
    skip: int
    reject: int
    read: int


@strawberry_django.filter_type(models.ImportBatch)
class ImportBatchFilter:
    """Filters of imports."""

    status = one_of(BatchStatus, "status", "In one of these states.")

    @strawberry_django.filter_field(description="Into this register.")
    def register(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}register": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.ImportBatch)
class ImportBatchOrder:
    """Orders of imports."""

    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.ImportBatch,
    filters=ImportBatchFilter,
    ordering=ImportBatchOrder,
    description="导入批次: one upload of one sheet, from preview to undo.",
)
class ImportBatch(Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    register: str
    target: str = strawberry_django.field(description="Code of what was imported into.")
    sheet: str
    status: BatchStatus
    take_good: bool
    created_at: datetime
    updated_at: datetime
    committed_at: datetime | None
    undone_at: datetime | None

    status_label = in_words(choices.BatchStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["create", "update", "unchanged", "skip", "reject", "read"],
        description="What the rows come to.",
    )
    def rows(self) -> RowCounts:
        return RowCounts(
            create=self.create,  # type: ignore[attr-defined]
            update=self.update,  # type: ignore[attr-defined]
            unchanged=self.unchanged,  # type: ignore[attr-defined]
            skip=self.skip,  # type: ignore[attr-defined]
            reject=self.reject,  # type: ignore[attr-defined]
            read=self.read,  # type: ignore[attr-defined]
        )

    @strawberry_django.field(
        only=["status", "community_id"],
        description="What the caller may do with the import now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return [a for a in moves_of(self, info) if a.name in ("commit", "undo", "discard")]


@strawberry.type(description="One import with its problems, in the order of the sheet.")
class ImportReport:
    batch: ImportBatch
    _record: strawberry.Private[Any]

    @strawberry.field(
        description="What each column of the file was taken for. The file's first rows are read "
        "for it: null once it is no longer kept, carried out, or given up."
    )
    def columns(self, info: Info) -> list[SheetColumn] | None:
        return columns_of(self._record, info)

    @strawberry.field(
        description="The sheets of a file in which one is to be chosen (`several_sheets`); "
        "each is imported on its own."
    )
    def sheets(self, info: Info) -> list[WorkbookSheet]:
        return sheets_of(self._record, info)

    @strawberry.field(
        description="Where the file is had with its bad cells coloured and a column 错误说明: a GET, "
        "signed in. Null where there is none, or the caller may not have it."
    )
    def corrected_workbook(self, info: Info) -> str | None:
        if not has_corrected(viewer(info), self._record):
            return None
        return reverse("corrected_workbook", args=[self._record.code])

    @strawberry.field(
        description="The file's problems, then every row's; at most 1000 a call, from `offset` on."
    )
    def problems(self, first: int = 100, offset: int = 0) -> list[SheetProblem]:
        if not 0 <= first <= MAX_PROBLEMS or offset < 0:
            raise RuleViolation("page_too_large", f"first 最大 {MAX_PROBLEMS}，请分批读取。")
        found = islice(queries.all_problems(self._record), offset, offset + first)
        return [as_problem(problem) for problem in found]

    @strawberry.field(
        description="What staff may decide, one entry a kind; unanswered, its rows are rejected."
    )
    def questions(self) -> list[SheetQuestion]:
        return [as_question(asked) for asked in questions_of(self._record)]

    @strawberry.field(
        description="What the undo has left because others have worked on it since; before, what it "
        "would leave now. At most 500, in the order of the sheet."
    )
    def left(self) -> list[LeftRecord]:
        batch = self._record
        if batch.status == BatchStatus.COMMITTED:
            return [as_left(one) for one in left_rows.would_be_left(batch)[: left_rows.MOST]]
        return [as_left(one) for one in left_rows.kept(batch)]


@strawberry.type
class ImportAnswer:
    """The import as it now stands, or what was wrong."""

    errors: list[InputError]
    report: ImportReport | None = None
    job: Job | None = strawberry.field(
        default=None,
        description="The work, where it is large: it goes on in background, and the import changes "
        "its status when it is done. Poll `job(id:)`.",
    )
    outdated: list[SheetProblem] = strawberry.field(
        default_factory=list,
        description="Confirming: the rows that would come out otherwise now, at most 1000 of them. "
        "`directImport` without answers makes the plan anew.",
    )
    outdated_total: int = strawberry.field(default=0, description="How many rows those are.")
    left: int = strawberry.field(
        default=0, description="Undo: rows left because others have worked on them since."
    )


def _outdated(batch: models.ImportBatch, outdated: PlanOutdated) -> dict[str, Any]:
    problems = outdated.problems
    return {
        "errors": [input_error(outdated.as_violation())],
        "report": _report(batch),
        "outdated": [as_problem(problem) for problem in problems[:MAX_PROBLEMS]],
        "outdated_total": len(problems),
    }


def _report(batch: models.ImportBatch) -> ImportReport:
    return ImportReport(batch=batch, _record=batch)  # type: ignore[arg-type]


def _batch(code: str, info: Info) -> models.ImportBatch:
    batch = visible(models.ImportBatch, info).filter(code=code).first()
    if batch is None:
        raise not_found("这个导入批次")
    return batch


@strawberry.type
class ImportsQuery:
    import_batches: Connection[ImportBatch] = strawberry_django.connection(
        description="Imports, newest first unless ordered."
    )

    @strawberry.field(description="One import with its problems; null if it is not the caller's.")
    def import_report(self, info: Info, code: str) -> ImportReport | None:
        batch = visible(models.ImportBatch, info).filter(code=code).first()
        return _report(batch) if batch is not None else None


@strawberry.type
class ImportsMutation:
    @strawberry.mutation(description="Takes a spreadsheet and plans it; a large one in background.")
    def upload_sheet(self, info: Info, input: UploadSheetInput) -> ImportAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            file: Any = input.file
            if not isinstance(file, UploadedFile):
                # JSON.stringify makes {} of a file: the commonest mistake of a page that uploads.
                raise RuleViolation(
                    "required", "没有收到文件，请按 multipart 规范上传。", field="file"
                )
            size = file.size or 0
            try:
                sheet = sheet_of(input.register)
            except KeyError:
                raise RuleViolation(
                    "register_unknown", "没有这个登记簿，请核对 register。", field="register"
                ) from None
            target = None
            if input.event:
                try:
                    target = sheet.find_target(input.event)
                except UnknownTarget:
                    raise not_found("这场活动") from None
                if not type(target).objects.visible_to(by.user).filter(pk=target.pk).exists():
                    raise not_found("这场活动")
            community = target.community if target else _community(input.community, info)
            batch = actions.receive(
                actions.Upload(file, str(file.name), size),
                sheet,
                community=community,
                by=by,
                target_code=input.event or "",
                sheet_name=input.sheet or "",
                idempotency_key=input.idempotency_key,
                despite_template=input.despite_template,
            )
            job = None
            if batch.status == BatchStatus.READING:
                if size > settings.IMPORT_IN_BACKGROUND_BYTES:
                    job = plan_in_background(batch, by=by)
                else:
                    batch = planned(batch, by)
            return {"report": _report(batch), "job": job}

        return answer(ImportAnswer, do)

    @strawberry.mutation(
        description="Plans an import anew by what is said of its file: sheet, header row, columns, "
        "answers to its questions. Nothing is written; a large one in background."
    )
    def direct_import(self, info: Info, input: DirectImportInput) -> ImportAnswer:
        def do() -> dict[str, Any]:
            batch = _batch(input.batch, info)
            said = directing.Said(
                sheet=input.sheet,
                header_row=input.header_row,
                columns={column.index: column.use for column in input.columns},
                answers=[directing.Answered(a.code, a.value, a.row) for a in input.answers],
                remember=input.remember,
            )
            job = directing.direct_import(batch, said, by=actor(info))
            batch.refresh_from_db()
            return {"report": _report(batch), "job": job}

        return answer(ImportAnswer, do)

    @strawberry.mutation(
        description="Carries out the plan that was shown, and no other; a large one in background."
    )
    def confirm_import(self, info: Info, input: ConfirmImportInput) -> ImportAnswer:
        def do() -> dict[str, Any]:
            batch = _batch(input.batch, info)
            try:
                job = confirm(batch, by=actor(info), take_good=input.take_good)
            except PlanOutdated as outdated:
                return _outdated(batch, outdated)
            batch.refresh_from_db()
            return {"report": _report(batch), "job": job}

        return answer(ImportAnswer, do)

    @strawberry.mutation(description="Takes an import back; a large one in background.")
    def undo_import(self, info: Info, input: UndoImportInput) -> ImportAnswer:
        def do() -> dict[str, Any]:
            batch = _batch(input.batch, info)
            undone = take_back(batch, by=actor(info), reason=input.reason)
            if not isinstance(undone, actions.UndoneImport):
                return {"report": _report(batch), "job": undone}
            return {"report": _report(undone.batch), "left": len(undone.left)}

        return answer(ImportAnswer, do)

    @strawberry.mutation(description="Gives a planned import up.")
    def discard_import(self, info: Info, input: UndoImportInput) -> ImportAnswer:
        def do() -> dict[str, Any]:
            return {
                "report": _report(actions.discard_import(_batch(input.batch, info), by=actor(info)))
            }

        return answer(ImportAnswer, do)


def planned(batch: models.ImportBatch, by: Actor) -> models.ImportBatch:
    """The batch with its plan: ours, or that of the same request sent twice, whichever was first."""
    try:
        return actions.plan_batch(batch, by=by)
    except (RuleViolation, ManyViolations) as refused:
        some = refused.by_index.values() if isinstance(refused, ManyViolations) else (refused,)
        batch.refresh_from_db()
        if batch.status == BatchStatus.READING or not _SOMEBODY_WAS_FIRST & {v.code for v in some}:
            raise
        return batch


def _community(code: str | None, info: Info) -> CommunityRecord:
    user = viewer(info)
    if code:
        return community_by_code(code, user)
    some = list(CommunityRecord.objects.visible_to(user)[:2])
    if len(some) != 1:
        raise RuleViolation("community_missing", "请指明社区（community）。", field="community")
    return some[0]
