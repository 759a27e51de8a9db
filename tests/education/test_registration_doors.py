"""The same bad registration is refused by the same rule at every door: verb, form and API."""

import datetime
import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.education import actions
from backend.education.models import LegalEducationEvent, Registration, Venue
from backend.education.registering import join_waitlist, register
from backend.people.models import Resident, User
from tests.conftest import new_event
from tests.education.neighbours import small_event

Given = dict[str, Any]


def by_verb(worker: User, event: LegalEducationEvent, given: Given, *, wait: bool) -> set[str]:
    try:
        (join_waitlist if wait else register)(event, by=Actor.of(worker, "test"), **given)
    except RuleViolation as violation:
        return {violation.code}
    return set()


def by_form(worker: User, event: LegalEducationEvent, given: Given, *, wait: bool) -> set[str]:
    client = Client()
    client.force_login(worker)
    form = {"size": 1, "source": "staff", "event": event.pk} | given
    if form.get("resident"):
        form["resident"] = form["resident"].pk
    if wait:
        form["to_waitlist"] = "on"
    page = client.post("/admin/education/registration/add/", form)
    if page.status_code == 302:
        return set()
    errors = page.context["adminform"].form.errors.as_data()
    return {error.code for found in errors.values() for error in found}


def by_api(worker: User, event: LegalEducationEvent, given: Given, *, wait: bool) -> set[str]:
    client = Client()
    client.force_login(worker)
    asked = {
        "eventId": to_base64("LegalEducationEvent", event.pk),
        "idempotencyKey": uuid.uuid4().hex,
    } | given
    resident = asked.pop("resident", None)
    if resident is not None:
        asked["residentId"] = to_base64("Resident", resident.pk)
    verb = "joinEventWaitlist" if wait else "registerForEvent"
    query = f"""mutation ($input: RegisterForEventInput!) {{
      {verb}(input: $input) {{ errors {{ code }} }} }}"""
    body = {"query": query, "variables": {"input": asked}}
    answer = client.post("/graphql/", json.dumps(body), content_type="application/json").json()
    return {error["code"] for error in answer["data"][verb]["errors"]}


DOORS = (by_verb, by_form, by_api)
# What is wrong: values of the registration, values of the event, and the rule's code.
BAD: dict[str, tuple[Given, Given, str]] = {
    "a group above the event's": ({"size": 4}, {"max_group_size": 3}, "group_size_invalid"),
    "nobody in the group": ({"size": 0}, {}, "group_size_invalid"),
    "more than there are places": ({"size": 3}, {"capacity": 2}, "event_full"),
}


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("name", BAD)
def test_a_door_refuses_by_the_same_rule(name: str, door: Any, worker: User, venue: Venue) -> None:
    wrong, terms, expected = BAD[name]
    event = small_event(venue, **({"capacity": 20} | terms))
    assert door(worker, event, {"name": "打电话的人"} | wrong, wait=False) == {expected}
    assert not Registration.objects.exists()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_an_event_that_is_not_open(door: Any, worker: User, venue: Venue) -> None:
    event = gate.save(new_event(venue, title="筹备中"), by=SYSTEM)
    assert door(worker, event, {"name": "李"}, wait=False) == {"event_not_open"}
    assert not Registration.objects.exists()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_resident_who_has_registered(door: Any, worker: User, venue: Venue) -> None:
    event = small_event(venue)
    person = gate.save(
        Resident(community=venue.community, name="冯老伯", phone="13900000077"), by=SYSTEM
    )
    assert door(worker, event, {"resident": person}, wait=False) == set()
    assert door(worker, event, {"resident": person}, wait=False) == {"registration_taken"}
    assert Registration.objects.count() == 1
    row = Registration.objects.get()
    assert (row.name, row.status, row.account) == ("冯老伯", "confirmed", worker)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_line_by_every_door(door: Any, worker: User, venue: Venue) -> None:
    event = small_event(venue, capacity=1)
    register(event, by=SYSTEM, name="先来的")
    assert door(worker, event, {"name": "后来的"}, wait=True) == set()
    row = Registration.objects.get(name="后来的")
    assert (row.status, row.queue_number) == ("waitlisted", 1)
    fresh = LegalEducationEvent.objects.get(pk=event.pk)
    fresh.waitlist_on = False
    actions.save_event(fresh, by=SYSTEM)
    assert door(worker, event, {"name": "又一个"}, wait=True) == {"waitlist_off"}
    assert Registration.objects.count() == 2


def test_terms_of_an_event_by_form_and_api(worker: User, venue: Venue) -> None:
    """Lowering the capacity below what is taken: both doors of the event."""
    event = small_event(venue, capacity=3)
    register(event, by=SYSTEM, name="一家三口", size=3)
    client = Client()
    client.force_login(worker)
    query = """mutation ($id: ID!) { updateLegalEducationEvent(input: {eventId: $id, capacity: 2}) {
      errors { code } } }"""
    body = {"query": query, "variables": {"id": to_base64("LegalEducationEvent", event.pk)}}
    answer = client.post("/graphql/", body, content_type="application/json").json()
    assert answer["data"]["updateLegalEducationEvent"]["errors"] == [
        {"code": "capacity_below_registered"}
    ]
    local = timezone.localtime(event.starts_at)
    later = local + datetime.timedelta(hours=2)
    form = {
        "title": event.title,
        "format": "onsite",
        "venue": venue.pk,
        "starts_at_0": f"{local:%Y-%m-%d}",
        "starts_at_1": f"{local:%H:%M:%S}",
        "ends_at_0": f"{later:%Y-%m-%d}",
        "ends_at_1": f"{later:%H:%M:%S}",
        "capacity": 2,
        "max_group_size": 10,
        "waitlist_on": "on",
    }
    page = client.post(f"/admin/education/legaleducationevent/{event.pk}/change/", form)
    errors = page.context["adminform"].form.errors.as_data()
    assert {e.code for found in errors.values() for e in found} == {"capacity_below_registered"}
    event.refresh_from_db()
    assert event.capacity == 3
