"""志愿者花名册 carried out: by the same writes and moves as on the volunteer's page, telling nobody."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import ChangeSet
from backend.volunteers.models import TeamMember, Volunteer, VolunteerTeam
from backend.volunteers.roster_told import Told

INFERRED = "补录：花名册没有写，按导入当天推定"


def replay_all(told: Sequence[Told], *, community_id: int, by: Actor, within: ChangeSet) -> None:
    """Carries out what the rows of a roster tell, a whole set at a time.

    Who may import the roster vouches for those who were taken on before.
    Raises: ManyViolations by position, with changed_meanwhile or what the gate says; not_allowed.
    """
    require(by, "volunteers.edit", community_id)
    by = by.vouched_for()
    volunteers: dict[int, Volunteer] = _changed(told, by, within)
    new = [at for at, one in enumerate(told) if one.volunteer is None]
    made = [
        Volunteer(
            community_id=community_id,
            resident_id=told[at].resident_id,
            **_fields(told[at].values),
        )
        for at in new
    ]
    _at(new, lambda: gate.save_many(made, by=by, within=within))
    volunteers |= dict(zip(new, made, strict=True))
    joining = [at for at in sorted(volunteers) if told[at].volunteer is None or told[at].approves]
    _approve(joining, volunteers, by, within)
    _join_teams(told, volunteers, community_id, by, within)


def _changed(told: Sequence[Told], by: Actor, within: ChangeSet) -> dict[int, Volunteer]:
    """The volunteers who were there already, by position, with what is new of them."""
    known = [at for at, one in enumerate(told) if one.volunteer is not None]
    stored = Volunteer.objects.in_bulk([told[at].volunteer or 0 for at in known])
    found, refused = {}, {}
    for at in known:
        one = told[at]
        volunteer = stored.get(one.volunteer or 0)
        if volunteer is None or volunteer.revision != one.revision:
            refused[at] = RuleViolation(
                "changed_meanwhile", "这一行要更新的志愿者在预览之后被改动或删除了。"
            )
            continue
        for name, value in _fields(one.values).items():
            setattr(volunteer, name, value)
        found[at] = volunteer
    if refused:
        raise ManyViolations(refused)
    written = [at for at in known if told[at].values]
    _at(written, lambda: gate.save_many([found[at] for at in written], by=by, within=within))
    return found


def _approve(
    joining: Sequence[int], volunteers: dict[int, Volunteer], by: Actor, within: ChangeSet
) -> None:
    if not joining:
        return
    rows = [volunteers[at] for at in joining]
    more: dict[str, Any] = {"occurred_at": timezone.now(), "reason": INFERRED, "within": within}
    _at(joining, lambda: gate.move_many(rows, "approve", by=by, **more))


def _join_teams(
    told: Sequence[Told],
    volunteers: dict[int, Volunteer],
    community_id: int,
    by: Actor,
    within: ChangeSet,
) -> None:
    """Lets them belong to their teams; one that a row makes is made once."""
    made = _teams({n for one in told for n in one.new_teams}, community_id, by, within)
    wanted = {
        (volunteers[at].pk, team): at
        for at, one in enumerate(told)
        for team in (*one.teams, *(made[name] for name in one.new_teams))
    }
    people = frozenset(pk for pk, _ in wanted)
    rows = TeamMember.objects.filter(volunteer__among=people).order_by()
    there = set(rows.values_list("volunteer_id", "team_id")) if people else set()
    new = [key for key in wanted if key not in there]
    members = [
        TeamMember(community_id=community_id, volunteer_id=volunteer, team_id=team)
        for volunteer, team in new
    ]
    _at([wanted[key] for key in new], lambda: gate.save_many(members, by=by, within=within))


def _teams(names: Iterable[str], community_id: int, by: Actor, within: ChangeSet) -> dict[str, int]:
    """The teams of these names, by name; made where there is none."""
    rows = VolunteerTeam.objects.filter(community=community_id, name__in=list(names))
    there = dict(rows.values_list("name", "pk"))
    new = [
        VolunteerTeam(community_id=community_id, name=name)
        for name in sorted(set(names) - there.keys())
    ]
    gate.save_many(new, by=by, within=within)
    return there | {team.name: team.pk for team in new}


def _at(positions: Sequence[int], write: Any) -> None:
    """Writes a set; what is refused of it is told by the positions of the rows."""
    try:
        write()
    except ManyViolations as refused:
        raise ManyViolations({positions[i]: v for i, v in refused.by_index.items()}) from None


def _fields(values: dict[str, Any]) -> dict[str, Any]:
    day = values.get("carried_as_of")
    return values | ({"carried_as_of": date.fromisoformat(day)} if day else {})
