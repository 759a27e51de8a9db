"""Open data: what everybody may see, and nothing by which a person could be found."""

import dataclasses
from typing import Any

import pytest
from graphene_django.registry import Registry
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.facets import facets_of
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent
from backend.people.models import Resident, User
from schema.open_data.schema import schema
from schema.open_data.types import PublishedPersonalField, check_nothing_personal, open_type
from tests.schema.asking import OPEN, ask, caller, code, data, nodes

EVENTS = "{ legalEducationEvents { totalCount edges { node { id code headsTotal } } } }"


def test_no_personal_type_or_field_is_in_the_schema() -> None:
    types = schema.graphql_schema.type_map
    assert {"Resident", "Attendance", "User", "Representative", "ImportBatch"}.isdisjoint(types)
    named = {name for kind in types.values() for name in getattr(kind, "fields", {})}
    assert named.isdisjoint({"phone", "resident", "attendances", "speaker", "address", "room"})
    assert {"title", "startsAt", "venue"} <= named, "the control: this is where fields would show"


def test_publishing_a_personal_field_stops_the_build(event_open: LegalEducationEvent) -> None:
    leaking = dataclasses.replace(facets_of(Attendance), public=("name",))
    with pytest.raises(PublishedPersonalField, match="Attendance: name"):
        check_nothing_personal(leaking)
    check_nothing_personal(dataclasses.replace(leaking, public=("age",)))
    assert open_type(facets_of(LegalEducationEvent), Registry())


def test_only_published_events_are_there_by_any_way(
    event_open: LegalEducationEvent, event_planned: LegalEducationEvent, worker: User
) -> None:
    hidden = to_base64("LegalEducationEvent", event_planned.pk)
    for client in (caller(), caller(worker)):
        listed = data(client, EVENTS, OPEN)["legalEducationEvents"]
        assert [node["code"] for node in nodes(listed)] == ["pf-open"]
        assert listed["totalCount"] == 1
        by_code = '{ legalEducationEvent(code: "pf-planned") { title } }'
        assert data(client, by_code, OPEN) == {"legalEducationEvent": None}
        by_id = "query ($id: ID!) { node(id: $id) { id } }"
        assert data(client, by_id, OPEN, id=hidden) == {"node": None}
        shown = nodes(listed)[0]["id"]
        assert data(client, by_id, OPEN, id=shown) == {"node": {"id": shown}}


def test_few_heads_are_not_told(event_open: LegalEducationEvent) -> None:
    def told() -> Any:
        return nodes(data(caller(), EVENTS, OPEN)["legalEducationEvents"])[0]["headsTotal"]

    community = event_open.community
    people = [Resident(community=community, name=f"居民{n}") for n in range(4)]
    gate.save_many(people, by=SYSTEM)
    assert told() == 0
    gate.save_many(
        [
            Attendance(community=community, event=event_open, resident=p, name=p.name)
            for p in people
        ],
        by=SYSTEM,
    )
    assert told() is None
    crowd = HeadcountEntry(
        community=community, event=event_open, kind="crowd", count=1, evidence="照片"
    )
    gate.save(crowd, by=SYSTEM)
    assert told() == 5


def test_nothing_can_be_written(event_open: LegalEducationEvent) -> None:
    assert schema.graphql_schema.mutation_type is None
    assert schema.graphql_schema.subscription_type is None


def test_pages_are_cut_and_asking_for_more_is_an_error(event_open: LegalEducationEvent) -> None:
    client = caller()

    def asked(arguments: str) -> Any:
        return ask(client, EVENTS.replace("Events", f"Events({arguments})"), OPEN)

    assert code(asked("first: 101")) == "bad_page"
    assert code(asked("first: 0")) == "bad_page"
    assert code(asked('first: 1, after: "zzz"')) == "bad_cursor"
    assert "errors" not in asked("first: 100")
    deep = "{ legalEducationEvents { edges { node { venue { id } } } } }"
    assert "errors" not in ask(client, deep, OPEN)
    long = "{ " + " ".join(f"a{n}: legalEducationEvents {{ totalCount }}" for n in range(400)) + "}"
    assert code(ask(client, long, OPEN)) == "too_large"


def test_times_bear_the_offset_of_the_place(event_open: LegalEducationEvent) -> None:
    found = data(caller(), '{ legalEducationEvent(code: "pf-open") { startsAt } }', OPEN)
    assert found["legalEducationEvent"]["startsAt"].endswith("+08:00")


def test_the_callers_own_mistakes_are_not_the_servers(
    event_open: LegalEducationEvent, caplog: Any
) -> None:
    client = caller()
    assert code(ask(client, "", OPEN)) == "bad_request"
    bad = client.post(OPEN, "{bad", content_type="application/json").json()
    assert code(bad) == "bad_request"
    assert "unexpected" not in caplog.text


def test_an_unexpected_error_says_nothing(
    event_open: LegalEducationEvent, monkeypatch: pytest.MonkeyPatch, caplog: Any
) -> None:
    from schema.open_data import schema as module

    def broken(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("张三 13912345678")

    monkeypatch.setattr(module, "_rows", broken)
    answer = ask(caller(), EVENTS, OPEN)
    assert code(answer) == "internal"
    assert "13912345678" not in str(answer) + caplog.text
