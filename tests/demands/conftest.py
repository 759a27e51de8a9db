"""A community with a property company, its contact, and the people who meet over demands."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.demands import actions
from backend.demands.models import Demand
from backend.people.models import Organization, Representative, Resident, User
from backend.places.models import Community, Estate
from tests.conftest import TERM_START, user_with_role


@dataclass(frozen=True)
class Hall:
    """Who meets over demands, in one community."""

    community: Community
    estate: Estate
    company: Organization
    rival: Organization
    contact: Actor
    other_contact: Actor
    worker: Actor
    secretary: Actor
    steward: Actor
    resident: Actor
    person: Resident


def body(community: Community, name: str, account: str) -> tuple[Organization, Actor]:
    """A property company, and who speaks for it."""
    made = gate.save(
        Organization(community=community, name=name, kind="property_company"), by=SYSTEM
    )
    user = user_with_role(account, "partner", community=community)
    gate.save(
        Representative(
            community=community,
            organization=made,
            name="欧阳若谷",
            user=user,
            valid_from=TERM_START,
        ),
        by=SYSTEM,
    )
    return made, Actor.of(user, "test")


@pytest.fixture
def hall(community: Community, estate: Estate, worker: User, secretary: User) -> Hall:
    company, contact = body(community, "宏远物业", "contact")
    rival, other = body(community, "和美物业", "rival")
    neighbour = user_with_role("neighbour", "resident", community=community)
    person = gate.save(
        Resident(community=community, name="司马青云", phone="13900012345", user=neighbour),
        by=SYSTEM,
    )
    return Hall(
        community,
        estate,
        company,
        rival,
        contact,
        other,
        Actor.of(worker, "test"),
        Actor.of(secretary, "test"),
        Actor.of(user_with_role("steward", "steward", community=community, estate=estate), "test"),
        Actor.of(neighbour, "test"),
        person,
    )


def new(hall: Hall, **values: Any) -> Demand:
    """An unsaved demand of now, in the estate."""
    given = {"content": "三号楼门前路灯不亮", "estate": hall.estate} | values
    return Demand(community=hall.community, **given)


def registered(hall: Hall, by: Actor | None = None, **values: Any) -> Demand:
    """The same, registered by the worker."""
    return actions.register_demand(new(hall, **values), by=by or hall.worker)


def fresh(demand: Demand) -> Demand:
    """As it now stands."""
    return Demand.objects.get(pk=demand.pk)


def ago(**span: int) -> Any:
    """A moment that has passed."""
    return timezone.now() - timedelta(**span)
