"""Verbs of volunteers: applying, being taken on, pausing, leaving."""

from collections.abc import Iterable
from contextlib import nullcontext
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may_within, require
from backend.core.asking import asked_by
from backend.core.errors import RuleViolation, not_allowed, not_found
from backend.people.models import Resident
from backend.volunteers import rules
from backend.volunteers.choices import OPEN
from backend.volunteers.models import Assignment, Availability, Volunteer, VolunteerTeam
from backend.volunteers.telling import tell_volunteer

BY_THEMSELVES = "本人退出"
Free = Iterable[tuple[int, str]]


def apply_as_volunteer(
    community_id: int, *, by: Actor, free: Free = (), **values: Any
) -> Volunteer:
    """The actor's own application, waiting for approval; `free` are (day of the week, part).

    `values`: standing, skills, political_status, guardian_name, guardian_phone, remark.
    Raises: resident_unknown; volunteer_taken; guardian_missing; political_status_off; not_allowed.
    """
    if not may_within(by, "volunteers.apply", community_id):
        raise not_allowed()
    person = own_resident(community_id, by)
    if person is None:
        raise RuleViolation(
            "resident_unknown",
            "您的账号还没有对应到居民花名册，请先到社区登记，再来申请。",
        )
    by = by.vouched_for()
    with _changes("apply", community_id, by) as changes:
        made = Volunteer(community_id=community_id, resident=person, **values)
        gate.save(made, by=by, within=changes)
        set_availability(made, free, by=by, within=changes)
    return made


def register_volunteer(person: Resident, *, by: Actor, free: Free = (), **values: Any) -> Volunteer:
    """An application that staff enter for a resident; `free` and `values` as above, and applied_on.

    Raises: volunteer_taken; guardian_missing; political_status_off; person_deceased; not_allowed.
    """
    with _changes("save", person.community_id, by) as changes:
        made = Volunteer(community_id=person.community_id, resident=person, **values)
        gate.save(made, by=by, within=changes)
        set_availability(made, free, by=by, within=changes)
    return made


def set_availability(
    volunteer: Volunteer, free: Free, *, by: Actor, within: Any = None
) -> list[Availability]:
    """When a volunteer is free, and at no other time. Raises: volunteer_left; not_allowed."""
    with _changes("save", volunteer.community_id, by, within) as changes:
        fresh = gate.hold(volunteer)
        rules.volunteer_has_not_left(fresh.status)
        wanted = dict.fromkeys(free)
        known = {(a.weekday, a.part): a for a in Availability.objects.filter(volunteer=fresh)}
        gone = [row for key, row in known.items() if key not in wanted]
        gate.delete_many(gone, by=by, within=changes, action="edit")
        rows = [
            Availability(
                community_id=fresh.community_id, volunteer=fresh, weekday=weekday, part=part
            )
            for weekday, part in wanted
            if (weekday, part) not in known
        ]
        gate.save_many(rows, by=by, within=changes)
    return list(Availability.objects.filter(volunteer=volunteer))


def set_own_availability(volunteer: Volunteer, free: Free, *, by: Actor) -> list[Availability]:
    """As `set_availability`, by staff or by the volunteer. Raises: volunteer_left; not_allowed."""
    return set_availability(volunteer, free, by=_oneself_or_staff(volunteer, by, "edit"))


def approve(volunteer: Volunteer, *, by: Actor) -> Volunteer:
    """The volunteer, active; they are told. Raises: wrong_state; not_allowed."""
    with _changes("approve", volunteer.community_id, by) as changes:
        moved = gate.move(volunteer, "approve", by=by, within=changes)
        tell_volunteer(moved, "volunteer_approved")
    return moved


def decline(volunteer: Volunteer, *, by: Actor, reason: str) -> Volunteer:
    """The application, declined; they are told why. Raises: wrong_state; reason_required; not_allowed."""
    with _changes("decline", volunteer.community_id, by, reason=reason) as changes:
        moved = gate.move(volunteer, "decline", by=by, reason=reason, within=changes)
        moved = _left(moved, by, changes)
        tell_volunteer(moved, "volunteer_declined", reason=reason)
    return moved


def pause(volunteer: Volunteer, *, by: Actor, reason: str) -> Volunteer:
    """The volunteer, paused: nothing new is asked of them. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(volunteer, "pause", by=by, reason=reason)


def resume(volunteer: Volunteer, *, by: Actor) -> Volunteer:
    """The volunteer, active again. Raises: wrong_state; not_allowed."""
    return gate.move(volunteer, "resume", by=by)


def leave(volunteer: Volunteer, *, by: Actor, reason: str = "") -> Volunteer:
    """The volunteer, who has left: by their own wish, or by staff with a reason.

    Raises: has_assignments; leads_a_team; wrong_state; reason_required; not_allowed.
    """
    own = is_oneself(volunteer, by) and may_within(by, "volunteers.apply", volunteer.community_id)
    if own:
        by, reason = by.vouched_for(), reason or BY_THEMSELVES

    def may_go(fresh: Volunteer) -> None:
        rules.may_leave(open_assignments(fresh), teams_led(fresh))

    with _changes("leave", volunteer.community_id, by, reason=reason) as changes:
        moved = gate.move(volunteer, "leave", by=by, reason=reason, guard=may_go, within=changes)
        return _left(moved, by, changes)


def open_assignments(volunteer: Volunteer) -> int:
    """How many assignments the volunteer has still to come."""
    rows = Assignment.objects.filter(volunteer=volunteer, status__in=OPEN)
    return int(rows.filter(ends_at__gt=timezone.now()).count())


def teams_led(volunteer: Volunteer) -> int:
    """How many teams the volunteer leads."""
    return VolunteerTeam.objects.filter(leader=volunteer, active=True).count()


def own_resident(community_id: int, by: Actor) -> Resident | None:
    """The actor's own row of a community's roster."""
    if by.user is None:
        return None
    rows: Any = Resident.objects.present()
    found: Resident | None = rows.filter(user=by.user, community=community_id).first()
    return found


def is_oneself(volunteer: Volunteer, by: Actor) -> bool:
    """Whether the actor is the volunteer."""
    if by.user is None or volunteer.resident_id is None:
        return False
    return Resident.objects.filter(pk=volunteer.resident_id, user=by.user).exists()


# The machine's verbs, by name: what buttons and mutations call.
VOLUNTEER_VERBS = {
    "approve": lambda row, *, by, reason: approve(row, by=by),
    "decline": lambda row, *, by, reason: decline(row, by=by, reason=reason),
    "pause": lambda row, *, by, reason: pause(row, by=by, reason=reason),
    "resume": lambda row, *, by, reason: resume(row, by=by),
    "leave": lambda row, *, by, reason: leave(row, by=by, reason=reason),
}
# What a volunteer may do with the own row.
OWN_VERBS = ("leave",)


def why_volunteer_cannot(volunteer: Volunteer, verb: str) -> str | None:
    """What a counting rule has against a move that the diagram allows; None for nothing."""
    try:
        if verb == "leave":
            rules.may_leave(open_assignments(volunteer), teams_led(volunteer))
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(Volunteer, lambda row, verb, by: why_volunteer_cannot(row, verb))


def _left(volunteer: Volunteer, by: Actor, changes: Any) -> Volunteer:
    volunteer.left_at = timezone.now()
    return gate.save(volunteer, by=by.vouched_for(), within=changes)


def _oneself_or_staff(volunteer: Volunteer, by: Actor, verb: str) -> Actor:
    """The actor, who is the volunteer, or may do this to others. Raises: not_allowed; not_found."""
    if is_oneself(volunteer, by) and may_within(by, "volunteers.apply", volunteer.community_id):
        return by.vouched_for()
    if not by.system and not Volunteer.objects.filter(pk=volunteer.pk).visible_to(by.user).exists():
        raise not_found("志愿者")
    require(by, f"volunteers.{verb}", volunteer.community_id)
    return by


def _changes(
    verb: str, community_id: int, by: Actor, within: Any = None, *, reason: str = ""
) -> Any:
    if within is not None:
        return nullcontext(within)
    return gate.change_set(
        f"{verb} {Volunteer._meta.label}", by=by, community_id=community_id, reason=reason
    )
