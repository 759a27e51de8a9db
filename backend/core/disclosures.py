"""The log of reads, exports and imports of personal data: written here, and read by a supervisor."""

import zlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

import orjson
from django.db.models import Case, CharField, Count, Model, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce

from backend.core import gate
from backend.core.access import Actor
from backend.core.holdings import all_holdings
from backend.core.models import Disclosure, DisclosureKind, Kept, RevealTask
from backend.core.personal import in_full, shown
from backend.core.reveals import open_tasks, rows_in_full
from backend.core.telling import named

DISCLOSURES_KEPT_DAYS = 3 * 365


class Reading:
    """What one request shows in full: logged once a response and model, not once a record."""

    def __init__(self, user: Any, door: str) -> None:
        self.user = user
        self.door = door
        self._tasks: dict[str, dict[int, RevealTask]] | None = None
        self._seen: dict[tuple[int, str], set[int]] = defaultdict(set)

    def tasks(self, area: str) -> dict[int, RevealTask]:
        """The caller's open tasks in an area, by community."""
        if self._tasks is None:
            self._tasks = defaultdict(dict)
            for task in open_tasks(self.user):
                self._tasks[task.area].setdefault(task.community_id, task)
        return self._tasks.get(area, {})

    def rows(self, model: type[Kept]) -> Q | None:
        """The rows of a model that the caller sees in full; None for none."""
        return rows_in_full(model, self.user, self.tasks(model.area))

    def shown(self, model: type[Kept], name: str) -> Any:
        """An expression: the value in full where a task is open, its mask everywhere else."""
        found = shown(model.personal[name], name, self.rows(model))
        names, rows = model.untold(self.user) or (frozenset(), None)
        if name not in names or rows is None:
            return found
        return Case(When(rows, then=Value("")), default=found, output_field=CharField())

    def in_full(self, model: type[Kept], name: str) -> Any:
        """An expression: the value in full where a task is open, null everywhere else."""
        return in_full(name, self.rows(model))

    def shows(self, record: Kept) -> bool:
        """Whether this record's personal values are shown in full."""
        rows = self.rows(type(record))
        if rows is None:
            return False
        return type(record)._default_manager.filter(rows, pk=record.pk).exists()

    def note(self, record: Kept) -> None:
        """Remembers that this record was shown in full."""
        task = self.tasks(record.area).get(record.scope_community_id or 0)
        if task is None:
            raise LookupError(f"{record._meta.label} shown without a task")
        self._seen[task.pk, record._meta.label].add(record.pk)

    def log(self) -> None:
        """Writes down what was shown; called before the response leaves."""
        seen, self._seen = self._seen, defaultdict(set)
        tasks = {t.pk: t for found in (self._tasks or {}).values() for t in found.values()}
        gate.keep_notes(
            [
                _row(DisclosureKind.READ, label, pks, self.user, self.door, task=tasks[task])
                for (task, label), pks in seen.items()
            ]
        )

    def forget_tasks(self) -> None:
        """After a task was opened or closed: the next look asks the database again."""
        self._tasks = None


def reading_of(request: Any, door: str) -> Reading:
    """The one reading of a request."""
    found: Reading | None = getattr(request, "_linli_reading", None)
    if found is None:
        user = request.user
        if user.is_authenticated and user.is_active:
            # A key's program is told apart in the log as it is in the history.
            door = Actor.of(user, door).door
        found = request._linli_reading = Reading(user, door)
    return found


def log_export(
    model: type[Model],
    keys: Mapping[int | None, Collection[int]],
    *,
    by: Actor,
    reason: str,
    whole: bool,
    details: str,
) -> None:
    """Writes down an export: `keys` are the records' keys by community."""
    gate.keep_notes(
        [
            _row(
                DisclosureKind.EXPORT,
                model._meta.label,
                pks,
                by.user,
                by.door,
                community_id=community_id,
                reason=reason,
                whole=whole,
                details=details[:300],
            )
            for community_id, pks in keys.items()
        ]
    )


def log_import(
    model: type[Model], *, by: Actor, community_id: int, rows: int, why: str, details: str = ""
) -> None:
    """Writes down that an import of `rows` rows was carried out; `why` names the batch."""
    gate.keep_notes(
        [
            _row(
                DisclosureKind.IMPORT,
                model._meta.label,
                (),
                by.user,
                by.door,
                actor_name=by.name,
                community_id=community_id,
                reason=why,
                rows=rows,
                details=details[:300],
            )
        ]
    )


def _row(
    kind: DisclosureKind,
    label: str,
    pks: Collection[int],
    user: Any,
    door: str,
    *,
    task: RevealTask | None = None,
    **values: Any,
) -> Disclosure:
    known = sorted(pks)
    given = {
        "actor_name": user.get_username() if user is not None else "system",
        "rows": len(known),
    }
    if task is not None:
        given |= {"task": task, "community_id": task.community_id, "reason": task.reason}
    return Disclosure(
        kind=kind,
        model=label,
        user=user,
        door=door,
        first_pk=known[0] if known else None,
        last_pk=known[-1] if known else None,
        keys=pack_keys(known),
        **(given | values),
    )


def pack_keys(known: Sequence[int]) -> bytes:
    """Sorted keys, compressed; nothing where the first and the last key say it all."""
    if not known or known[-1] - known[0] + 1 == len(known):
        return b""
    steps = [known[0], *(b - a for a, b in pairwise(known))]
    return zlib.compress(orjson.dumps(steps), 6)


def keys_in_words(row: Disclosure, most: int = 20) -> str:
    """The keys for a reader: "3–7, 12"; cut off after `most` pieces."""
    pieces: list[list[int]] = []
    for pk in sorted(keys_of(row)):
        if pieces and pieces[-1][1] == pk - 1:
            pieces[-1][1] = pk
        else:
            pieces.append([pk, pk])
    told = [str(a) if a == b else f"{a}–{b}" for a, b in pieces[:most]]
    return ", ".join(told) + ("…" if len(pieces) > most else "")


def keys_of(row: Disclosure) -> Collection[int]:
    """The keys of the records that a row of the log speaks of."""
    if row.first_pk is None or row.last_pk is None:
        return ()
    if not row.keys:
        return range(row.first_pk, row.last_pk + 1)
    found, last = set(), 0
    for step in orjson.loads(zlib.decompress(bytes(row.keys))):
        last += step
        found.add(last)
    return found


# --- reads ---------------------------------------------------------------------------------------


def disclosures_visible_to(user: Any) -> QuerySet[Disclosure]:
    """The log as `user` may read it: that of the communities they supervise."""
    return Disclosure.objects.filter(Disclosure.visible(user))


def summary_by_person(rows: QuerySet[Disclosure]) -> list[Any]:
    """How often, and how many rows, each person of `rows` read, exported and imported."""
    counts: dict[str, Any] = {}
    for kind in DisclosureKind:
        of_kind = Q(kind=kind)
        counts[f"{kind}_times"] = Count("pk", filter=of_kind)
        counts[f"{kind}_rows"] = Coalesce(Sum("rows", filter=of_kind), 0)
    people = readers_in_words(rows)
    summed = rows.order_by("actor_name").values("actor_name").annotate(**counts)
    return [row | {"person": people[row["actor_name"]]} for row in summed]


def readers_in_words(rows: QuerySet[Disclosure]) -> dict[str, str]:
    """The people of `rows` by account: each as person and account."""
    found = rows.order_by("actor_name").values_list(
        "actor_name", "user__first_name", "user__last_name"
    )
    return {
        name: named(" ".join(part for part in names if part), name)
        for name, *names in found.distinct()
    }


def reads_of(model_label: str, pk: int) -> list[Disclosure]:
    """Who read or exported one record, newest first."""
    return _reads(model_label, [pk])


def reads_about(resident: Kept) -> list[Disclosure]:
    """Who read or exported what the tables hold of one resident, newest first."""
    found: dict[int, Disclosure] = {}
    for holding in all_holdings():
        pks = holding.about(resident.pk)
        for row in _reads(holding.model._meta.label, list(pks.values_list("pk", flat=True))):
            found[row.pk] = row
    return sorted(found.values(), key=lambda row: (row.at, row.pk), reverse=True)


def _reads(model_label: str, pks: Iterable[int]) -> list[Disclosure]:
    wanted = sorted(pks)
    if not wanted:
        return []
    rows = Disclosure.objects.filter(
        model=model_label, first_pk__lte=wanted[-1], last_pk__gte=wanted[0]
    ).exclude(kind=DisclosureKind.IMPORT)
    return [row for row in rows.select_related("user") if _names_one_of(row, wanted)]


def _names_one_of(row: Disclosure, wanted: Iterable[int]) -> bool:
    known = keys_of(row)
    return any(pk in known for pk in wanted)


def drop_old_disclosures(before: datetime) -> int:
    """Deletes the log's lines of before a moment, and the tasks that nothing names; answers how many."""
    dropped = gate.drop_notes(Disclosure.objects.filter(at__lt=before))
    tasks = RevealTask.objects.filter(opened_at__lt=before).exclude(pk__in=_named_tasks())
    return dropped + gate.drop_notes(tasks)


def _named_tasks() -> QuerySet[Disclosure, Any]:
    return Disclosure.objects.exclude(task=None).order_by().values("task")
