"""The same bad input is refused by the same rule at every door: form, API, sheet and gate."""

import datetime
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.education.models import LegalEducationEvent, Venue
from backend.imports.models import ImportBatch
from backend.imports.queries import all_problems
from backend.people.models import User
from tests.conftest import new_event

START = datetime.datetime(2026, 12, 5, 9, 0)
HEADERS = ("活动名称", "开始时间", "结束时间", "阵地", "形式", "限额")
# What is wrong, and the rule's code: field values of the event.
BAD = {
    "ends before it begins": (
        {"ends_at": START - datetime.timedelta(hours=1)},
        "event_ends_before_start",
    ),
    "no room for anybody": ({"capacity": 0}, "capacity_invalid"),
    "on site in the cloud": ({"venue": "cloud"}, "venue_unsuitable"),
}


def values(venue: Venue, wrong: dict[str, Any]) -> dict[str, Any]:
    if wrong.get("venue") == "cloud":
        cloud = Venue(
            community=venue.community, code="cloud", name="云课堂", kind="cloud_classroom"
        )
        wrong = {"venue": gate.save(cloud, by=SYSTEM)}
    good = {
        "title": "反诈进楼栋",
        "starts_at": START,
        "ends_at": START + datetime.timedelta(hours=2),
        "venue": venue,
        "format": "onsite",
        "capacity": 50,
    }
    return good | wrong


def by_gate(worker: User, venue: Venue, given: dict[str, Any]) -> set[str]:
    moments = {n: timezone.make_aware(given[n]) for n in ("starts_at", "ends_at")}
    try:
        gate.save(new_event(**(given | moments)), by=Actor.of(worker, "test"))
    except RuleViolation as violation:
        return {violation.code}
    return set()


def by_form(worker: User, venue: Venue, given: dict[str, Any]) -> set[str]:
    client = Client()
    client.force_login(worker)
    form = {k: v for k, v in given.items() if k not in ("starts_at", "ends_at", "venue")}
    form["venue"] = venue.pk
    # The terms of registration as the page fills them in.
    form["max_group_size"] = 5
    for name in ("starts_at", "ends_at"):
        form[f"{name}_0"], form[f"{name}_1"] = given[name].strftime("%Y-%m-%d %H:%M:%S").split()
    page = client.post("/admin/education/legaleducationevent/add/", form)
    if page.status_code == 302:
        return set()
    errors = page.context["adminform"].form.errors.as_data()
    return {error.code for found in errors.values() for error in found}


def by_api(worker: User, venue: Venue, given: dict[str, Any]) -> set[str]:
    client = Client()
    client.force_login(worker)
    asked = {
        "community": venue.community.code,
        "title": given["title"],
        "venueId": to_base64("Venue", venue.pk),
        "startsAt": timezone.make_aware(given["starts_at"]).isoformat(),
        "endsAt": timezone.make_aware(given["ends_at"]).isoformat(),
        "format": given["format"].upper(),
        "capacity": given["capacity"],
        "idempotencyKey": "key",
    }
    query = """mutation ($input: CreateLegalEducationEventInput!) {
      createLegalEducationEvent(input: $input) { errors { code } } }"""
    body = {"query": query, "variables": {"input": asked}}
    answer = client.post("/graphql/", json.dumps(body), content_type="application/json").json()
    return {error["code"] for error in answer["data"]["createLegalEducationEvent"]["errors"]}


def by_sheet(worker: User, venue: Venue, given: dict[str, Any]) -> set[str]:
    client = Client()
    client.force_login(worker)
    row = (
        given["title"],
        f"{given['starts_at']:%Y-%m-%d %H:%M}",
        f"{given['ends_at']:%Y-%m-%d %H:%M}",
        venue.name,
        {"onsite": "线下", "online": "线上"}[given["format"]],
        str(given["capacity"]),
    )
    file = SimpleUploadedFile("活动.csv", f"{','.join(HEADERS)}\n{','.join(row)}\n".encode())
    page = "/admin/education/legaleducationevent/import/"
    done = client.post(page, {"import_file": file})
    assert done.status_code == 302, done.content.decode()[-2000:]
    batch = ImportBatch.objects.latest("pk")
    client.post(f"/admin/imports/importbatch/{batch.pk}/confirm/")
    return {problem.code for problem in all_problems(batch) if problem.level == "error"}


DOORS = (by_gate, by_form, by_api, by_sheet)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
@pytest.mark.parametrize("name", BAD)
def test_a_door_refuses_by_the_same_rule(name: str, door: Any, worker: User, venue: Venue) -> None:
    wrong, expected = BAD[name]
    given = values(venue, wrong)
    assert door(worker, given["venue"], given) == {expected}
    assert not LegalEducationEvent.objects.exists()


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_the_control_passes_every_door(door: Any, worker: User, venue: Venue) -> None:
    assert door(worker, venue, values(venue, {})) == set()
    event = LegalEducationEvent.objects.get()
    assert event.title == "反诈进楼栋"
    assert timezone.localtime(event.starts_at).replace(tzinfo=None) == START
