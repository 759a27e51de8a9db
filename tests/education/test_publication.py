"""What everybody may read of an event holds nobody's phone, number, door or name: by every door."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.errors import ManyViolations, RuleViolation
from backend.education.actions import open_event
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import Resident, User
from tests.conftest import new_event
from tests.core.residents import table
from tests.schema.asking import caller, data

BAD = {
    "title": "找周若谷讲民法典",
    "topic": "住在3-2-501的人",
    "summary": "报名电话：139 0000 0077",
}


@pytest.fixture(autouse=True)
def roster(venue: Venue) -> None:
    gate.save(Resident(community=venue.community, name="周若谷"), by=SYSTEM)


@pytest.mark.parametrize("field", BAD)
def test_it_may_be_planned_and_not_opened(venue: Venue, field: str) -> None:
    event = gate.save(new_event(venue, **{field: BAD[field]}), by=SYSTEM)
    before = table(LegalEducationEvent)
    with pytest.raises(RuleViolation) as refused:
        open_event(event, by=SYSTEM)
    assert (refused.value.code, refused.value.field) == ("text_has_personal_data", field)
    assert table(LegalEducationEvent) == before


@pytest.mark.parametrize("field", BAD)
def test_an_open_event_does_not_take_it(event_open: LegalEducationEvent, field: str) -> None:
    before = table(LegalEducationEvent)
    setattr(event_open, field, BAD[field])
    with pytest.raises(RuleViolation) as refused:
        gate.save(event_open, by=SYSTEM)
    assert (refused.value.code, refused.value.field) == ("text_has_personal_data", field)
    assert "139" not in refused.value.message
    assert table(LegalEducationEvent) == before


def test_the_speaker_may_have_a_name(event_open: LegalEducationEvent) -> None:
    event_open.speaker = "周若谷"
    assert gate.save(event_open, by=SYSTEM).speaker == "周若谷"


def test_a_text_that_does_not_change_is_not_asked_again(event_open: LegalEducationEvent) -> None:
    """A resident who is called like a word of an old text must not stop its other edits."""
    gate.save(Resident(community=event_open.community, name="进小区"), by=SYSTEM)
    event_open.capacity = 30
    assert gate.save(event_open, by=SYSTEM).capacity == 30
    event_open.title = "民法典进小区了"
    with pytest.raises(RuleViolation):
        gate.save(event_open, by=SYSTEM)


def test_the_admins_form_and_button_say_so(
    secretary: User, event_planned: LegalEducationEvent, event_open: LegalEducationEvent
) -> None:
    client = caller(secretary)
    event_planned.summary = BAD["summary"]
    gate.save(event_planned, by=SYSTEM)
    before = table(LegalEducationEvent)
    address = f"/admin/education/legaleducationevent/{event_planned.pk}/move/open/"
    assert "“活动简介”里有电话号码" in client.post(address).content.decode()
    address = f"/admin/education/legaleducationevent/{event_open.pk}/change/"
    form = client.get(address).context["adminform"].form
    typed = {k: v if v is not None else "" for k, v in form.initial.items()}
    typed |= {"summary": BAD["summary"], "venue": event_open.venue_id}
    for name in ("starts_at", "ends_at"):
        moment = getattr(event_open, name)
        typed |= {f"{name}_0": f"{moment:%Y-%m-%d}", f"{name}_1": f"{moment:%H:%M:%S}"}
    assert "“活动简介”里有电话号码" in client.post(address, typed).content.decode()
    assert table(LegalEducationEvent) == before


def test_the_main_api_answers_with_the_code(
    worker: User, event_planned: LegalEducationEvent, event_open: LegalEducationEvent
) -> None:
    event_planned.topic = BAD["topic"]
    gate.save(event_planned, by=SYSTEM)
    before = table(LegalEducationEvent)
    ids = [to_base64("LegalEducationEvent", e.pk) for e in (event_planned, event_open)]
    opened = """mutation ($id: ID!) { openLegalEducationEvent(input: {eventId: $id}) {
      errors { code field } } }"""
    edited = """mutation ($id: ID!) { updateLegalEducationEvent(input: {eventId: $id,
      title: "找周若谷讲民法典"}) { errors { code field } } }"""
    (answer,) = data(caller(worker), opened, id=ids[0]).values()
    assert answer["errors"] == [{"code": "text_has_personal_data", "field": "topic"}]
    (answer,) = data(caller(worker), edited, id=ids[1]).values()
    assert answer["errors"] == [{"code": "text_has_personal_data", "field": "title"}]
    assert table(LegalEducationEvent) == before


def test_a_set_takes_as_many_statements_as_one_and_blames_the_right_row(venue: Venue) -> None:
    events = [gate.save(new_event(venue, title=f"第{n}讲"), by=SYSTEM) for n in range(12)]
    events = [open_event(event, by=SYSTEM) for event in events]

    def save(rows: list[Any]) -> int:
        for row in rows:
            row.summary += "欢迎参加。"
        with CaptureQueriesContext(connection) as statements:
            gate.save_many(rows, by=SYSTEM)
        return len(statements)

    assert save(events[:2]) == save(events[2:])
    before = table(LegalEducationEvent)
    fresh = list(LegalEducationEvent.objects.order_by("pk"))
    for row in fresh:
        row.summary += "带上身份证。"
    fresh[7].summary = BAD["summary"]
    with pytest.raises(ManyViolations) as refused:
        gate.save_many(fresh, by=SYSTEM)
    assert {n: v.code for n, v in refused.value.by_index.items()} == {7: "text_has_personal_data"}
    assert table(LegalEducationEvent) == before
