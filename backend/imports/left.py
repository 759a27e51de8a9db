"""What an undo leaves as it is: told by the sheet's rows, with who has worked on them since."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from django.apps import apps
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from backend.core import history, undo
from backend.core.one_by_one import one_by_one
from backend.core.words import in_chinese
from backend.imports.models import ImportBatch, PlanChunk
from backend.imports.plan import REPLAY, unpack_writes
from backend.imports.sheet import sheet_of

# So many are kept with the batch and shown; the number of all is always told.
MOST = 500
# Who did what is looked up for so many: each has a history of its own.
MOST_TOLD = 100
_WHY = {
    "changed": "导入后又被修改",
    "gone": "导入后已被删除",
    "used": "导入后又被别处使用",
    "forgotten": "个人信息已按规定删除",
}


def tell_reason(code: str, words: str) -> None:
    """Registers in which words a register's own reason to leave a record is told."""
    _WHY[code] = words


@dataclass
class LeftRow:
    """One record that stays: which, of which row of the sheet, why, and whose work it would undo."""

    model: str
    pk: int
    reason: str
    row: int | None = None
    by: str = ""
    at: str = ""
    # Names of what was changed, or of the lists that use it; no values.
    what: list[str] = field(default_factory=list)
    # The record, masked as everywhere; looked up when it is shown, and not kept.
    record: str = ""

    @property
    def address(self) -> str:
        """Its page, "" if there is none."""
        opts = apps.get_model(self.model)._meta
        try:
            return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[self.pk])
        except NoReverseMatch:
            return ""

    @property
    def why(self) -> str:
        """The reason in words."""
        words = _WHY.get(self.reason, "现在的规则不允许恢复")
        what = f"（{'、'.join(self.what)}）" if self.what else ""
        who = f"，{self.by}，{self.at}" if self.by else ""
        return words + what + who


def told(batch: ImportBatch, left: Iterable[tuple[str, int, str]]) -> list[LeftRow]:
    """Each of these records once, in the order of the sheet, told with all that is known."""
    once = {(label, pk): why for label, pk, why in left}
    rows = _rows_of(batch, once) if once else {}
    found = [LeftRow(label, pk, why, rows.get((label, pk))) for (label, pk), why in once.items()]
    found.sort(key=lambda one: (one.row is None, one.row or 0, one.model, one.pk))
    for one in found[:MOST_TOLD]:
        _tell(batch, one)
    return _named(found)


def would_be_left(batch: ImportBatch) -> list[LeftRow]:
    """What an undo would leave now."""
    if batch.change_set is None:
        return []
    sheet = sheet_of(batch.register)
    leaving = sheet.would_leave(batch.change_set)
    if leaving is None:
        leaving = undo.would_leave(batch.change_set, only=sheet.all_models)
    return told(batch, leaving)


def as_kept(left: list[LeftRow]) -> dict[str, Any]:
    """For the batch: how many, and the first of them."""
    rows = [asdict(replace(one, record="")) for one in left[:MOST]]
    return {"total": len(left), "rows": rows} if left else {}


def kept(batch: ImportBatch) -> list[LeftRow]:
    """What the batch's undo has left."""
    return _named([LeftRow(**one) for one in batch.left.get("rows", ())])


def _named(left: list[LeftRow]) -> list[LeftRow]:
    """The same, the first of them with what the records are called now."""
    shown = left[:MOST]
    for label in {one.model for one in shown}:
        model = apps.get_model(label)
        kind = in_chinese(model._meta.verbose_name)
        there = model._default_manager.in_bulk([one.pk for one in shown if one.model == label])
        for one in shown:
            if one.model == label:
                record = there.get(one.pk)
                one.record = f"{kind} {record}" if record is not None else f"{kind}（已删除）"
    return left


def _tell(batch: ImportBatch, one: LeftRow) -> None:
    """Who has changed or deleted it since, and what; or who uses it."""
    model: Any = apps.get_model(one.model)
    if one.reason == "used":
        users = undo.used_by(model, [one.pk]).get(one.pk, ())
        one.what = sorted(in_chinese(apps.get_model(u)._meta.verbose_name) for u in users)
        return
    for changes, change in history.of_record(model(pk=one.pk)):
        if changes.pk == batch.change_set_id:
            return
        if one.reason == "gone" and change.kind != history.DELETE:
            continue
        one.by = changes.actor_name
        one.at = f"{timezone.localtime(changes.recorded_at):%Y-%m-%d %H:%M}"
        if change.kind == history.UPDATE:
            one.what = _names(model, change.after or {})
        return


def _names(model: Any, values: Iterable[str]) -> list[str]:
    fields = {f.attname: f for f in model._meta.concrete_fields}
    return [
        in_chinese(fields[name].verbose_name)
        for name in values
        if name in fields and name not in history.BOOKKEEPING
    ]


def _rows_of(batch: ImportBatch, wanted: Collection[tuple[str, int]]) -> dict[tuple[str, int], int]:
    """The rows of the sheet that wrote these records, while the plan is kept.

    A record that the import made is told by its place: both are written in the order of the sheet.
    What was replayed is told by the row with which its history began.
    """
    sheet = sheet_of(batch.register)
    replayed: list[int] = []
    made: list[list[int]] = [[] for _ in sheet.all_models]
    found: dict[tuple[str, int], int] = {}
    for chunk in one_by_one(PlanChunk.objects.filter(batch=batch).order_by("index")):
        for number, write in unpack_writes(chunk.payload)[1]:
            if write.model == REPLAY:
                replayed.append(number)
            elif write.pk is None:
                made[write.model].append(number)
            else:
                found[sheet.all_models[write.model]._meta.label, write.pk] = number
    if replayed:
        made[sheet.all_models.index(sheet.main_model)] = replayed
    for model, numbers in zip(sheet.all_models, made, strict=True):
        pks = list(_created(batch, model._meta.label))
        if len(pks) == len(numbers):
            found |= {(model._meta.label, pk): n for pk, n in zip(pks, numbers, strict=True)}
    return {key: found[key] for key in wanted if key in found}


def _created(batch: ImportBatch, label: str) -> Iterator[int]:
    if batch.change_set is not None:
        for part in one_by_one(batch.change_set.parts.filter(model=label).order_by("pk")):
            yield from (c.pk for c in history.unpack(part) if c.kind == history.CREATE)
