"""志愿者花名册 carried out: by the same writes and moves as on the volunteer's page, telling nobody."""

from datetime import date
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import RuleViolation
from backend.core.models import ChangeSet
from backend.volunteers.models import TeamMember, Volunteer, VolunteerTeam
from backend.volunteers.roster_told import Told

INFERRED = "补录：花名册没有写，按导入当天推定"


def replay(told: Told, *, community_id: int, by: Actor, within: ChangeSet) -> Volunteer:
    """The volunteer, as the roster tells.

    Who may import the roster vouches for those who were taken on before.
    Raises: changed_meanwhile; what the gate raises.
    """
    require(by, "volunteers.edit", community_id)
    by = by.vouched_for()
    if told.volunteer is None:
        volunteer = _joined(told, community_id, by, within)
    else:
        volunteer = _changed(told, by, within)
    _join_teams(volunteer, told, by, within)
    return volunteer


def _joined(told: Told, community_id: int, by: Actor, within: ChangeSet) -> Volunteer:
    volunteer = Volunteer(
        community_id=community_id, resident_id=told.resident_id, **_fields(told.values)
    )
    gate.save(volunteer, by=by, within=within)
    return _approved(volunteer, by, within)


def _changed(told: Told, by: Actor, within: ChangeSet) -> Volunteer:
    volunteer: Volunteer | None = Volunteer.objects.filter(pk=told.volunteer or 0).first()
    if volunteer is None or volunteer.revision != told.revision:
        raise RuleViolation("changed_meanwhile", "这一行要更新的志愿者在预览之后被改动或删除了。")
    if told.values:
        for name, value in _fields(told.values).items():
            setattr(volunteer, name, value)
        gate.save(volunteer, by=by, within=within)
    return _approved(volunteer, by, within) if told.approves else volunteer


def _approved(volunteer: Volunteer, by: Actor, within: ChangeSet) -> Volunteer:
    return gate.move(
        volunteer, "approve", by=by, occurred_at=timezone.now(), reason=INFERRED, within=within
    )


def _join_teams(volunteer: Volunteer, told: Told, by: Actor, within: ChangeSet) -> None:
    teams = dict.fromkeys([*told.teams, *(_team(n, volunteer, by, within) for n in told.new_teams)])
    rows = TeamMember.objects.filter(volunteer=volunteer, team__in=list(teams))
    there = set(rows.values_list("team_id", flat=True))
    members = [
        TeamMember(community_id=volunteer.community_id, team_id=team, volunteer=volunteer)
        for team in teams
        if team not in there
    ]
    gate.save_many(members, by=by, within=within)


def _team(name: str, volunteer: Volunteer, by: Actor, within: ChangeSet) -> int:
    """The team of that name; made by the first row that names it."""
    rows = VolunteerTeam.objects.filter(community=volunteer.community_id, name=name)
    found: int | None = rows.values_list("pk", flat=True).first()
    if found is not None:
        return found
    team = VolunteerTeam(community_id=volunteer.community_id, name=name)
    return int(gate.save(team, by=by, within=within).pk)


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    day = values.get("carried_as_of")
    return values | ({"carried_as_of": date.fromisoformat(day)} if day else {})
