"""Verbs of honours: granted by another when the verified hours are there; revoked with a reason."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.asking import asked_by, refusal
from backend.core.errors import RuleViolation, not_found
from backend.volunteers.certifying import is_by_another
from backend.volunteers.choices import RecordStatus
from backend.volunteers.honour_models import Honour, HonourLevel
from backend.volunteers.models import ServiceRecord, Volunteer

# What many communities count by; each may change, add and switch off its own.
USUAL_LEVELS = (
    ("一星志愿者", 100),
    ("二星志愿者", 300),
    ("三星志愿者", 600),
    ("四星志愿者", 1000),
    ("五星志愿者", 1500),
)


def verified_minutes_of(volunteer: Volunteer) -> int:
    """The sum of a volunteer's verified minutes."""
    rows = ServiceRecord.objects.filter(volunteer=volunteer, status=RecordStatus.VERIFIED)
    return sum(rows.values_list("minutes", flat=True))


def grant_honour(volunteer: Volunteer, level: HonourLevel, *, by: Actor) -> Honour:
    """The honour, with the hours that are verified now.

    Raises: self_certified; level_inactive; level_not_reached; honour_taken; not_allowed; not_found.
    """
    with gate.change_set(
        f"grant {Honour._meta.label}", by=by, community_id=volunteer.community_id
    ) as changes:
        gate.hold(level)
        try:
            fresh = gate.hold(volunteer)
        except Volunteer.DoesNotExist:
            raise not_found("志愿者") from None
        require(by, "honours.edit", fresh.community_id)
        is_by_another(fresh, by)
        honour = Honour(
            community_id=fresh.community_id,
            volunteer=fresh,
            level=level,
            minutes=verified_minutes_of(fresh),
            granted_on=timezone.localdate(),
            granted_by=by.user if by.user is not None and by.user.pk else None,
        )
        return gate.save(honour, by=by, within=changes)


def revoke_honour(honour: Honour, *, by: Actor, reason: str = "") -> Honour:
    """The honour, revoked. Raises: wrong_state; reason_required; self_certified; not_allowed."""
    with gate.change_set(
        f"revoke {Honour._meta.label}", by=by, community_id=honour.community_id, reason=reason
    ) as changes:
        volunteer: Any = Volunteer.objects.get(pk=honour.volunteer_id)
        require(by, "honours.move", honour.community_id)
        is_by_another(volunteer, by)
        return gate.move(honour, "revoke", by=by, reason=reason, within=changes)


def why_honour_cannot(honour: Honour, verb: str, by: Actor) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    if verb != "revoke":
        return None
    return refusal(lambda: is_by_another(Volunteer.objects.get(pk=honour.volunteer_id), by))


asked_by(Honour, why_honour_cannot)
HONOUR_VERBS: Mapping[str, Any] = {"revoke": revoke_honour}


def set_usual_levels(community_id: int, *, by: Actor) -> list[HonourLevel]:
    """The usual levels, for a community that has none.

    Raises: levels_there; not_allowed.
    """
    require(by, "honour_levels.edit", community_id)
    if HonourLevel.objects.filter(community=community_id).exists():
        raise RuleViolation("levels_there", "本社区已有荣誉等级，请直接修改。")
    levels = [
        HonourLevel(community_id=community_id, name=name, minutes=hours * 60)
        for name, hours in USUAL_LEVELS
    ]
    gate.save_many(levels, by=by)
    return levels
