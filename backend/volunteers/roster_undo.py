"""Taking a roster of volunteers back: who came by it goes, unless somebody has worked on since."""

from typing import Any

from backend.core import gate, history, undo
from backend.core.access import Actor
from backend.core.models import ChangeSet, Transition
from backend.imports.left import tell_reason
from backend.people.models import Resident, ResidentPhone
from backend.volunteers.models import TeamMember, Volunteer, VolunteerTeam

Left = list[tuple[str, int, str]]
APPROVED = "volunteer_approved"
tell_reason(APPROVED, "导入时通过了本人的申请，没有改回")
MODELS = (Resident, ResidentPhone, VolunteerTeam, Volunteer, TeamMember)


def take_back(original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str) -> Left:
    """Takes back what an import of the roster did; answers what is left, and why."""
    gone = _remove_created(original, by, within)
    approved = _approved(original)
    done = undo.undo(original, by=by, reason=reason, only=MODELS)
    # What went above is not "gone since"; who was taken on stays so.
    left = {(label, pk): why for label, pk, why in done.left if (label, pk) not in gone}
    left |= {(Volunteer._meta.label, pk): APPROVED for pk in approved}
    return [(label, pk, why) for (label, pk), why in left.items()]


def would_leave(original: ChangeSet) -> Left:
    """What `take_back` would leave now."""
    left = {(label, pk): why for label, pk, why in undo.would_leave(original, only=MODELS)}
    left |= {(Volunteer._meta.label, pk): APPROVED for pk in _approved(original)}
    return [(label, pk, why) for (label, pk), why in left.items()]


def _remove_created(original: ChangeSet, by: Actor, within: ChangeSet) -> set[tuple[str, int]]:
    """Deletes the volunteers, with their teams, whom nobody has touched or used since.

    A move between states is not taken back as a write is: whoever came goes as a whole.
    """
    members = _standing(original, TeamMember)
    volunteers = _standing(original, Volunteer)
    besides = {TeamMember._meta.label: {row.pk for row in members}}
    used = undo.used_by(Volunteer, [row.pk for row in volunteers], besides)
    volunteers = [row for row in volunteers if row.pk not in used]
    came = {row.pk for row in volunteers}
    stay = _created(original, Volunteer).keys() - came
    members = [row for row in members if row.volunteer_id not in stay]
    gone = set()
    for rows in (members, volunteers):
        if rows:
            gate.delete_many(rows, by=by.vouched_for(), within=within, action="edit")
            gone |= {(type(row)._meta.label, row.pk) for row in rows}
    return gone


def _standing(original: ChangeSet, model: Any) -> list[Any]:
    """The rows that the import made and nobody has changed since."""
    made = _created(original, model)
    rows = model.objects.filter(pk__among=frozenset(made)).order_by("pk") if made else ()
    return [row for row in rows if row.revision == made[row.pk]]


def _created(original: ChangeSet, model: Any) -> dict[int, int]:
    """The rows that the import made, each with the revision in which it left them."""
    made: dict[int, int] = {}
    for part in original.parts.filter(model=model._meta.label).order_by("pk"):
        for change in history.unpack(part):
            if change.kind == history.CREATE or change.pk in made:
                made[change.pk] = change.revision
    return made


def _approved(original: ChangeSet) -> set[int]:
    """Those who had applied before, and were taken on by the import."""
    rows = Transition.objects.filter(
        change_set=original, model=Volunteer._meta.label, move="approve"
    )
    return set(rows.values_list("object_id", flat=True)) - _created(original, Volunteer).keys()
