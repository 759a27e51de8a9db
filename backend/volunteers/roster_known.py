"""What a volunteers' sheet is compared with: who volunteers, in which teams, for how long."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from backend.volunteers.choices import VolunteerStatus
from backend.volunteers.models import TeamMember, Volunteer, VolunteerTeam, verified_minutes

_COLUMNS = (
    "pk",
    "revision",
    "resident_id",
    "status",
    "skills",
    "remark",
    "political_status",
    "carried_minutes",
    "carried_as_of",
)


@dataclass
class KnownVolunteer:
    """A volunteer as the register has them."""

    pk: int
    revision: int
    resident_id: int | None
    status: str
    skills: str
    remark: str
    political_status: str
    carried_minutes: int | None
    carried_as_of: date | None
    verified: int
    teams: set[int] = field(default_factory=set)

    @property
    def has_left(self) -> bool:
        """Whether they volunteer no more."""
        return self.status == VolunteerStatus.LEFT

    @property
    def total(self) -> int:
        """All minutes: what an old roster told, and what was verified since."""
        return (self.carried_minutes or 0) + self.verified


def known_volunteers(community_id: int, **wanted: Any) -> list[KnownVolunteer]:
    """Those that a filter finds, whoever has left first: three queries."""
    rows = Volunteer.objects.filter(community=community_id, **wanted)
    rows = rows.annotate(verified=verified_minutes()).order_by("pk")
    found = [KnownVolunteer(*values) for values in rows.values_list(*_COLUMNS, "verified")]
    by_key = {one.pk: one for one in found}
    members = TeamMember.objects.filter(volunteer__among=frozenset(by_key)).order_by()
    for volunteer, team in members.values_list("volunteer_id", "team_id") if by_key else ():
        by_key[volunteer].teams.add(team)
    return sorted(found, key=lambda one: not one.has_left)


def teams_by_name(community_id: int) -> dict[str, int]:
    """The teams in use, by their names."""
    rows = VolunteerTeam.objects.filter(community=community_id, active=True).order_by("pk")
    return dict(rows.values_list("name", "pk"))


def by_resident(found: Iterable[KnownVolunteer]) -> dict[int, KnownVolunteer]:
    """The row that counts of each person: the one that serves, else one that has left."""
    return {one.resident_id: one for one in found if one.resident_id is not None}
