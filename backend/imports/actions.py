"""Verbs of imports: plan an upload, confirm it, undo it, discard it."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from backend.core import gate, undo
from backend.core.access import Actor, require
from backend.core.disclosures import log_import
from backend.core.errors import RuleViolation, not_found
from backend.core.one_by_one import one_by_one
from backend.core.words import in_chinese
from backend.core.workflow import labels
from backend.imports import left, rules
from backend.imports.basis import basis_of
from backend.imports.choices import Outcome
from backend.imports.committing import PlanOutdated, carry_out
from backend.imports.directions import NONE, Directions
from backend.imports.identity import SET_ASIDE, set_aside
from backend.imports.models import KEY_TAKEN, ImportBatch, PlanChunk
from backend.imports.outdated import differences
from backend.imports.plan import Plan, Problem
from backend.imports.planning import Progress, plan_file
from backend.imports.profiles import remember
from backend.imports.reading import UnknownSheet, some_of
from backend.imports.recalling import answers_given_before, recalled, say_recalled
from backend.imports.sheet import Sheet, sheet_of
from backend.imports.states import BATCH_MACHINE

# How often a plan is made anew, while others write, before they are made to wait for it.
LOOKS = 3


# How many rows are carried out.
Written = Callable[[int], None]


@dataclass
class Upload:
    """A file as it came in."""

    content: File
    name: str
    size: int


def receive(
    upload: Upload,
    sheet: Sheet,
    *,
    community: Any,
    by: Actor,
    target_code: str = "",
    sheet_name: str = "",
    directions: Directions = NONE,
    idempotency_key: str | None = None,
    despite_template: bool = False,
) -> ImportBatch:
    """A batch in state READING that holds the file; the same key twice answers the first one.

    With `despite_template` the file goes where it is put, though it be the template of another place.

    Raises: not_allowed; file_too_large; not_found for a first one that `by` sees no more.
    """
    require(by, "imports.edit", community.pk)
    require(by, sheet.action, community.pk)
    rules.file_fits(upload.size, settings.IMPORT_MAX_BYTES)
    if idempotency_key and (earlier := _received(idempotency_key, by)) is not None:
        return earlier
    batch = ImportBatch(
        community=community,
        register=sheet.register,
        target=target_code,
        file_name=Path(upload.name).name[-255:],
        sheet=sheet_name,
        directions={} if directions is NONE else directions.as_dict(),
        uploaded_by=by.user,
        idempotency_key=idempotency_key or None,
        # Kept with the batch: whoever plans it, and plans it again, does as was said.
        file_problems=[set_aside().as_dict()] if despite_template else [],
    )
    batch.upload.save(upload.name, upload.content, save=False)
    try:
        return gate.save(batch, by=by)
    except RuleViolation as violation:
        batch.upload.delete(save=False)
        if violation.code == KEY_TAKEN and idempotency_key:
            # Two tries at the same moment: the other one was first.
            return _received(idempotency_key, by) or batch
        raise


def _received(key: str, by: Actor) -> ImportBatch | None:
    earlier = ImportBatch.objects.filter(uploaded_by=by.user, idempotency_key=key).first()
    if earlier is None or by.system:
        return earlier
    if not ImportBatch.objects.visible_to(by.user).filter(pk=earlier.pk).exists():
        raise not_found(in_chinese(ImportBatch._meta.verbose_name))
    return earlier


def plan_batch(batch: ImportBatch, *, by: Actor, progress: Progress | None = None) -> ImportBatch:
    """The batch with its plan made and kept: PLANNED, or REFUSED if the file cannot be taken.

    Raises: wrong_state; not_allowed.
    """
    return keep_plan(batch, first_plan(batch, by=by, progress=progress), by=by)


def first_plan(batch: ImportBatch, *, by: Actor, progress: Progress | None = None) -> Plan:
    """As `plan_of`; of an upload of which nothing was said yet, rows that ask what was answered for
    the same row in an earlier import take that answer: the batch's directions then have it.
    """
    plan = plan_of(batch, by=by, progress=progress)
    if batch.directions or plan.refused or not plan.counts[str(Outcome.REJECT)]:
        return plan
    batch.fingerprint, batch.target = plan.fingerprint, plan.target or batch.target
    before = answers_given_before(batch)
    answers: dict[str, str] = {}
    # What is answered may lead to another question.
    while more := recalled(plan, before, besides=answers):
        answers |= more
        directions = Directions(sheet=batch.sheet, answers=answers)
        plan = plan_of(batch, by=by, directions=directions, progress=progress)
    if answers:
        batch.directions = Directions(answers=answers).as_dict()
        say_recalled(plan, answers)
    return plan


def directions_of(batch: ImportBatch) -> Directions:
    """What staff have said about a batch's file."""
    return Directions.from_dict(batch.directions, sheet=batch.sheet)


def reread(batch: ImportBatch, directions: Directions, *, by: Actor) -> ImportBatch:
    """The batch back in state READING, to be planned by other directions; the old plan is gone.

    Raises: wrong_state; upload_gone once the file's time is over; not_allowed.
    """
    rules.file_is_kept(bool(batch.upload))
    with gate.change_set("reread import", by=by, community_id=batch.community_id) as changes:
        batch = gate.move(batch, "reread", by=by, within=changes)
        batch.sheet = directions.sheet
        batch.directions = directions.as_dict()
        gate.drop_notes(PlanChunk.objects.filter(batch=batch))
        gate.save_many([batch], by=by, within=changes)
    return batch


def plan_of(
    batch: ImportBatch,
    *,
    by: Actor,
    directions: Directions | None = None,
    progress: Progress | None = None,
) -> Plan:
    """The plan for a batch's file, by its own directions or by others; nothing is written."""
    sheet = sheet_of(batch.register)
    try:
        return plan_file(
            Path(batch.upload.path),
            sheet,
            community=batch.community,
            target=_target(batch),
            directions=directions or directions_of(batch),
            called=batch.file_name,
            progress=progress,
            by=by,
            despite_template=any(p["code"] == SET_ASIDE for p in batch.file_problems),
        )
    except UnknownSheet as unknown:
        plan = Plan(register=sheet.register)
        plan.refuse("sheet_unknown", f"文件里没有这张工作表。有：{some_of(unknown.names)}。")
        return plan


def _target(batch: ImportBatch) -> Any:
    return sheet_of(batch.register).find_target(batch.target) if batch.target else None


def keep_plan(batch: ImportBatch, plan: Plan, *, by: Actor) -> ImportBatch:
    """Stores a plan with its batch, in one transaction."""
    with gate.change_set("plan import", by=by, community_id=batch.community_id) as changes:
        for name, value in plan.counts_dict().items():
            setattr(batch, name, value)
        batch.sheet = plan.sheet
        batch.target = plan.target or batch.target
        batch.header_row = plan.header_row
        batch.headings = plan.headings
        batch.basis = plan.basis
        batch.fingerprint = plan.fingerprint
        batch.file_problems = [problem.as_stored() for problem in plan.file_problems]
        gate.save_many([batch], by=by, within=changes)
        for index, (counts, payload) in enumerate(plan.chunks):
            # One by one: a statement that holds them all holds them several times.
            gate.keep_notes([PlanChunk(batch=batch, index=index, counts=counts, payload=payload)])
        if directions_of(batch).remember and not plan.refused:
            remember(batch, sheet_of(batch.register), by=by, within=changes)
        return gate.move(batch, "refuse" if plan.refused else "plan", by=by, within=changes)


def may_be_confirmed(batch: ImportBatch, *, by: Actor, take_good: bool) -> None:
    """Raises, before any work is done, what `confirm_import` would: wrong_state; rows_rejected;
    not_allowed.
    """
    require(by, sheet_of(batch.register).action, batch.community_id)
    require(by, ImportBatch.action("move"), batch.community_id)
    names = labels(ImportBatch._meta.get_field("status").flatchoices)
    BATCH_MACHINE.require("commit", batch.status, names)
    rules.good_rows_are_chosen(batch.reject, take_good)


def confirm_import(
    batch: ImportBatch,
    *,
    by: Actor,
    take_good: bool = False,
    progress: Written | None = None,
) -> ImportBatch:
    """The batch, carried out: exactly the plan that was shown.

    Raises: wrong_state; rows_rejected; not_allowed; PlanOutdated with the rows that
        rest on records changed since (then nothing is written and the batch stays as it was).
    """
    require(by, sheet_of(batch.register).action, batch.community_id)
    basis = batch.basis
    try:
        for _ in range(LOOKS):
            try:
                return _carry_out(batch, basis, by=by, take_good=take_good, progress=progress)
            except _Moved:
                # Outside of the transaction: nobody need wait while the file is read again.
                basis = _same_plan(batch, by)
        return _carry_out(batch, None, by=by, take_good=take_good, progress=progress)
    except PlanOutdated as outdated:
        raise PlanOutdated(_all_outdated(batch, outdated.problems, by)) from None


class _Moved(Exception):
    """Others have written what the plan may rest on."""


def _carry_out(
    batch: ImportBatch,
    basis: str | None,
    *,
    by: Actor,
    take_good: bool,
    progress: Written | None,
) -> ImportBatch:
    """The batch, carried out if the plan still rests on `basis`; None looks for itself."""
    sheet = sheet_of(batch.register)
    with gate.change_set(
        f"import {batch.register}", by=by, community_id=batch.community_id
    ) as changes:
        gate.hold(batch.community)
        # Moved first: it locks the batch, so two clicks carry it out once.
        batch = gate.move(batch, "commit", by=by, within=changes)
        rules.good_rows_are_chosen(batch.reject, take_good)
        rules.file_is_kept(bool(batch.upload))
        if basis is None:
            _same_plan(batch, by)
        elif basis_of(sheet.rests_on(batch.community, _target(batch))) != basis:
            raise _Moved
        carry_out(
            one_by_one(PlanChunk.objects.filter(batch=batch).order_by("index")),
            sheet,
            community_id=batch.community_id,
            changes=changes,
            by=by,
            progress=progress,
        )
        batch.take_good = take_good
        batch.change_set = changes
        batch.committed_at = timezone.now()
        gate.save_many([batch], by=by, within=changes)
        log_import(
            sheet.main_model,
            by=by,
            community_id=batch.community_id,
            rows=batch.create + batch.update,
            why=f"导入批次 {batch.code}",
        )
    return batch


def _same_plan(batch: ImportBatch, by: Actor) -> str:
    """What the plan rests on now, if it comes out as it was kept. Raises: PlanOutdated."""
    now = plan_of(batch, by=by)
    problems = differences(batch, now)
    if problems:
        raise PlanOutdated(problems)
    return now.basis


def _all_outdated(batch: ImportBatch, met: list[Problem], by: Actor) -> list[Problem]:
    """Every row that would come out otherwise now, not only those met first in writing."""
    rows = {problem.row: problem for problem in (*met, *differences(batch, plan_of(batch, by=by)))}
    return sorted(rows.values(), key=lambda problem: problem.row or 0)


@dataclass
class UndoneImport:
    """The batch, and the rows left as they are because others have worked on them since."""

    batch: ImportBatch
    left: list[left.LeftRow]


def may_be_undone(batch: ImportBatch, *, by: Actor) -> None:
    """Raises, before any work is done, what `undo_import` would: wrong_state; not_allowed."""
    require(by, sheet_of(batch.register).action, batch.community_id)
    require(by, ImportBatch.action("move"), batch.community_id)
    names = labels(ImportBatch._meta.get_field("status").flatchoices)
    BATCH_MACHINE.require("undo", batch.status, names)


def undo_import(
    batch: ImportBatch, *, by: Actor, reason: str = "", progress: Written | None = None
) -> UndoneImport:
    """Takes an import back. Raises: wrong_state; already_undone; not_allowed."""
    sheet = sheet_of(batch.register)
    require(by, sheet.action, batch.community_id)
    with gate.change_set(
        f"undo {batch.register} {batch.code}", by=by, community_id=batch.community_id, reason=reason
    ) as changes:
        # As an import does: the two write under the same parents in opposite order.
        gate.hold(batch.community)
        batch = gate.move(batch, "undo", by=by, reason=reason, within=changes)
        if batch.change_set is None:
            raise RuleViolation("wrong_state", "这批导入没有可撤销的改动。")
        taken = sheet.take_back(batch.change_set, by=by, within=changes, reason=reason)
        if taken is None:
            done = undo.undo(
                batch.change_set, by=by, reason=reason, only=sheet.all_models, progress=progress
            )
            sheet.taken_back(done.change_set)
            taken = done.left
        batch.undone_at = timezone.now()
        # It stands with what was done.
        batch.undo_reason = ""
        rows = left.told(batch, taken)
        batch.left = left.as_kept(rows)
        gate.save_many([batch], by=by, within=changes)
    return UndoneImport(batch, rows)


def discard_import(batch: ImportBatch, *, by: Actor) -> ImportBatch:
    """The batch, given up before anything was written. Raises: wrong_state; not_allowed."""
    batch = gate.move(batch, "discard", by=by)
    gate.drop_notes(PlanChunk.objects.filter(batch=batch))
    return batch


def store_committed(
    plan: Plan,
    path: Path,
    *,
    community: Any,
    target_code: str,
    take_good: bool,
    by: Actor,
    directions: Directions = NONE,
) -> ImportBatch:
    """Keeps a plan made from a file on disk as a batch and carries it out: the command line's way.

    One transaction: if it cannot be carried out, no batch stays either. Raises: as confirm_import.
    """
    sheet = sheet_of(plan.register)
    batch: ImportBatch | None = None
    try:
        with path.open("rb") as file, transaction.atomic():
            gate.hold(community)
            batch = receive(
                Upload(File(file, name=path.name), path.name, path.stat().st_size),
                sheet,
                community=community,
                by=by,
                target_code=target_code,
                directions=directions,
            )
            batch = keep_plan(batch, plan, by=by)
            return confirm_import(batch, by=by, take_good=take_good)
    except BaseException:
        # The transaction forgets the batch; its file must not stay behind.
        if batch is not None:
            batch.upload.storage.delete(str(batch.upload.name))
        raise
