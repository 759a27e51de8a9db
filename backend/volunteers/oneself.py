"""Who a volunteer is as a person, by whatever account: what nobody does for oneself rests on it."""

from collections.abc import Iterable
from dataclasses import dataclass

from backend.people.models import Representative, Resident
from backend.volunteers.models import Volunteer


@dataclass(frozen=True)
class PersonBehind:
    """The accounts of a person, and the name under which the roster knows them."""

    accounts: frozenset[int]
    name: str = ""


NOBODY = PersonBehind(frozenset())


def people_behind(volunteers: Iterable[int]) -> dict[int, PersonBehind]:
    """Of each volunteer, by key, the person: three queries for all."""
    rows = Volunteer.objects.filter(pk__among=frozenset(volunteers)).order_by()
    persons = dict(rows.values_list("pk", "resident_id"))
    residents = frozenset(persons.values()) - {None}
    accounts: dict[int, set[int]] = {pk: set() for pk in residents if pk is not None}
    names: dict[int, str] = {}
    known = Resident.objects.filter(pk__among=residents).order_by()
    for pk, user, name in known.values_list("pk", "user_id", "name"):
        names[pk] = name
        accounts[pk] |= {user} - {None}
    speaking = Representative.objects.filter(resident_id__among=residents).order_by()
    for pk, user in speaking.values_list("resident_id", "user_id"):
        accounts[pk] |= {user} - {None}
    return {
        volunteer: PersonBehind(frozenset(accounts[pk]), names.get(pk, ""))
        if pk is not None
        else NOBODY
        for volunteer, pk in persons.items()
    }
