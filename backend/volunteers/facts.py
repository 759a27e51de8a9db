"""What the rules of volunteers are told of other rows, in a fixed number of queries for a set."""

from collections import defaultdict
from collections.abc import Hashable
from typing import Any, Self

from django.db.models import Q

from backend.core.facts import Facts
from backend.people.departed import departed
from backend.privacy.models import CommunityPrivacy
from backend.volunteers.choices import BUSY, STANDING_RECORDS
from backend.volunteers.rules import Interval


def _stored(model: type[Any], records: list[Any], *names: str) -> dict[Any, tuple[Any, ...]]:
    """Some columns of the known records, as stored."""
    known = frozenset(record.id for record in records if record.id is not None)
    if not known:
        return {}
    rows = model._default_manager.filter(pk__among=known).order_by()
    return {pk: tuple(values) for pk, *values in rows.values_list("pk", *names)}


class TeamFacts(Facts):
    """Also what each team's leader is now."""

    statuses: dict[int, str]
    leaders: dict[Any, tuple[Any, ...]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and two queries more."""
        facts = super().gather(model, records)
        named = frozenset(record.leader_id for record in records) - {None}
        people = model._meta.get_field("leader").related_model._default_manager
        rows = people.filter(pk__among=named).order_by().values_list("pk", "status")
        facts.statuses = dict(rows) if named else {}
        facts.leaders = _stored(model, records, "leader_id")
        return facts

    def leader_changes(self, team: Any) -> bool:
        """Whether somebody else is to lead it now."""
        return bool(self.leaders.get(team.id) != (team.leader_id,))


class VolunteerFacts(Facts):
    """Also who has gone, what the community has turned on, and what political status is stored."""

    dead: frozenset[int]
    erased: frozenset[int]
    party_on: frozenset[int]
    political: dict[Any, tuple[Any, ...]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and three queries more."""
        facts = super().gather(model, records)
        facts.dead, facts.erased = departed(r.resident_id for r in records if r.id is None)
        told = any(record.political_status for record in records)
        facts.party_on = CommunityPrivacy.where_party_membership_is_on() if told else frozenset()
        facts.political = _stored(model, records, "political_status") if told else {}
        return facts

    def political_status_changes(self, volunteer: Any) -> bool:
        """Whether something is to be written that is not there yet."""
        return bool(self.political.get(volunteer.id) != (volunteer.political_status,))


class MemberFacts(Facts):
    """Also to which team each known membership belongs."""

    teams: dict[Any, tuple[Any, ...]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and a query more."""
        facts = super().gather(model, records)
        facts.teams = _stored(model, records, "team_id")
        return facts

    def is_new(self, member: Any) -> bool:
        """Whether somebody comes into a team by it."""
        return bool(self.teams.get(member.id) != (member.team_id,))


class _Busy(Facts):
    """Also the intervals that each person has already; kept up to date within a set.

    A person may have been a volunteer before, under another row: the intervals are the person's.
    """

    states: tuple[str, ...]
    by_person: dict[Hashable, dict[Any, Interval]]
    stored: dict[Any, tuple[Any, ...]]
    _stored_names: tuple[str, ...]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and two queries more."""
        facts = super().gather(model, records)
        facts.stored = _stored(model, records, *cls._stored_names)
        facts.by_person = defaultdict(dict)
        volunteers = frozenset(record.volunteer_id for record in records) - {None}
        residents = {v.resident_id for v in facts.parents["volunteer"].values()} - {None}
        times = [(r.starts_at, r.ends_at) for r in records if r.starts_at is not None and r.ends_at]
        if not volunteers or not times:
            return facts
        rows = model._default_manager.filter(
            Q(volunteer_id__among=volunteers) | Q(volunteer__resident_id__among=residents),
            status__in=cls.states,
            starts_at__lt=max(end for _, end in times),
            ends_at__gt=min(start for start, _ in times),
        ).order_by()
        columns = ("pk", "volunteer_id", "volunteer__resident_id", "starts_at", "ends_at")
        for pk, volunteer, resident, starts_at, ends_at in rows.values_list(*columns):
            facts.by_person[_key(volunteer, resident)][pk] = (starts_at, ends_at)
        return facts

    def others(self, record: Any) -> list[Interval]:
        """The intervals that the record's person has beside it."""
        found = self.by_person.get(self._person(record), {})
        return [interval for pk, interval in found.items() if pk != record.id]

    def admit(self, record: Any) -> None:
        """The record's own time is taken before the next is judged."""
        super().admit(record)
        if record.status not in self.states:
            return
        own = self.by_person[self._person(record)]
        # A new one has no key yet.
        own[record.id if record.id is not None else object()] = (record.starts_at, record.ends_at)

    def _person(self, record: Any) -> Hashable:
        volunteer = self.parent(record, "volunteer")
        return _key(record.volunteer_id, volunteer.resident_id if volunteer is not None else None)


def _key(volunteer: int, resident: int | None) -> Hashable:
    return ("resident", resident) if resident is not None else ("volunteer", volunteer)


class AssignmentFacts(_Busy):
    """Also what each volunteer is assigned to already, and what each assignment was stored as."""

    states = tuple(BUSY)
    _stored_names = ("starts_at", "ends_at")
    # The states of the festivals of the stalls concerned.
    festivals: dict[int, str]
    # Those of the volunteers' residents who have died.
    dead: frozenset[int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As above, one query more, and for stalls another."""
        facts = super().gather(model, records)
        people = {v.resident_id for v in facts.parents["volunteer"].values()}
        facts.dead, _ = departed(people if any(r.id is None for r in records) else ())
        named = frozenset(stall.festival_id for stall in facts.parents["stall"].values())
        stalls = model._meta.get_field("stall").related_model
        festivals = stalls._meta.get_field("festival").related_model._default_manager
        rows = festivals.filter(pk__among=named).order_by().values_list("pk", "status")
        facts.festivals = dict(rows) if named else {}
        return facts

    def status_of_target(self, assignment: Any) -> str | None:
        """The state of what an assignment is to; of a stall, that of its festival."""
        target = self.parent(assignment, assignment.target_name)
        if target is None:
            return None
        if assignment.target_name == "stall":
            return self.festivals.get(target.festival_id)
        return str(target.status)


class RecordFacts(_Busy):
    """Also which time of each person is told of already, and whose the assignments are."""

    states = tuple(STANDING_RECORDS)
    _stored_names = ("starts_at", "ends_at", "excluded_minutes")
    assigned: dict[int, int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As above, and a query more."""
        facts = super().gather(model, records)
        wanted = frozenset(record.assignment_id for record in records) - {None}
        assignments = model._meta.get_field("assignment").related_model._default_manager
        rows = assignments.filter(pk__among=wanted).order_by().values_list("pk", "volunteer_id")
        facts.assigned = dict(rows) if wanted else {}
        return facts
