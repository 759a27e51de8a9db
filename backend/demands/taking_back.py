"""Taking a ledger of demands back: what it brought is struck out; the numbers stay given."""

from typing import Any

from django.utils import timezone

from backend.core import history
from backend.core.access import Actor
from backend.core.models import ChangeSet
from backend.demands.choices import NOT_COUNTED
from backend.demands.handling import carry_out
from backend.demands.models import Demand
from backend.demands.steps import Doing
from backend.imports.left import tell_reason

Left = list[tuple[str, int, str]]
MOVED = "demand_moved"
TAKEN_BACK = "撤销导入"
tell_reason(MOVED, "诉求早已登记，导入只补了办理情况，没有改回")


def take_back(original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str) -> Left:
    """Strikes out the demands that an import brought; answers what is left, and why."""
    going, left = _judged(original)
    now = timezone.now()
    doings = [Doing(at=now, reason=reason.strip() or TAKEN_BACK) for _ in going]
    if going:
        carry_out(going, "void", doings, by=by.vouched_for(), within=within)
    return left


def would_leave(original: ChangeSet) -> Left:
    """What `take_back` would leave now."""
    return _judged(original)[1]


def _judged(original: ChangeSet) -> tuple[list[Demand], Left]:
    made, changed, label = *_written_by(original), Demand._meta.label
    rows = {row.pk: row for row in Demand.objects.filter(pk__in=made)}
    left: Left = [(label, pk, MOVED) for pk in sorted(changed)]
    going: list[Demand] = []
    for pk, revision in sorted(made.items()):
        row: Any = rows.get(pk)
        if row is None:
            left.append((label, pk, "gone"))
        elif row.revision != revision:
            left.append((label, pk, "changed"))
        elif row.status not in NOT_COUNTED:
            going.append(row)
    return going, left


def _written_by(original: ChangeSet) -> tuple[dict[int, int], set[int]]:
    """The demands that an import made, each with the revision in which it left it, and those that it
    found and changed.
    """
    made: dict[int, int] = {}
    changed: set[int] = set()
    for part in original.parts.filter(model=Demand._meta.label).order_by("pk"):
        for change in history.unpack(part):
            if change.kind == history.CREATE or change.pk in made:
                made[change.pk] = change.revision
            else:
                changed.add(change.pk)
    return made, changed
