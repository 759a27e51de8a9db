"""The lists of open data: explained, filtered, as CSV, cached; and no row that is not everybody's."""

import dataclasses
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from graphene_django.registry import Registry
from graphql_relay import offset_to_cursor, to_global_id

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.facets import facets_of
from backend.education import actions
from backend.education.models import LegalEducationEvent, Venue
from backend.partners.models import RedPartner
from backend.people.models import Organization
from schema.open_data import rows as open_rows
from schema.open_data.caching import SECONDS
from schema.open_data.lists import OpenList, list_called, open_lists
from schema.open_data.schema import schema
from schema.open_data.types import open_type
from schema.open_data.words import explained
from tests.conftest import TERM_START, new_event
from tests.schema.asking import OPEN, ask, caller, code, data, nodes
from tests.schema.reading import lines
from tests.schema.statements import counted

LISTS = list(open_lists())
TYPES = schema.graphql_schema.type_map


# --- explained ------------------------------------------------------------------------------------


def unexplained(lists: list[OpenList]) -> list[str]:
    return [f"{one.type_name}.{f.name}" for one in lists for f in one.fields if f.meaning is None]


def test_every_public_field_is_explained() -> None:
    assert unexplained(LISTS) == [], "say in schema/open_data/words.py what these mean"
    for one in LISTS:
        for column in one.fields:
            assert column.meaning is not None
            assert re.search(r"[一-鿿]", column.meaning.chinese), column.name
            assert column.meaning.english.isascii(), column.name
            assert column.field.description == str(column.meaning)


def test_a_facet_that_gains_a_field_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: a public field that nobody has explained."""
    facets = facets_of(LegalEducationEvent)
    more = dataclasses.replace(facets, public=(*facets.public, "organizer"))
    type_ = open_type(more, Registry())
    assert "organizer" in type_._meta.fields
    found = OpenList("legalEducationEvents", more)
    fields = TYPES["LegalEducationEvent"].fields
    monkeypatch.setitem(fields, "organizer", fields["title"])
    assert unexplained([found]) == ["LegalEducationEvent.organizer"]


def test_nothing_is_explained_that_is_not_there() -> None:
    there = {f"{one.type_name}.{field.name}" for one in LISTS for field in one.fields}
    assert explained() - there == set()


def test_every_list_is_a_connection_that_counts_and_can_be_narrowed() -> None:
    assert len(LISTS) > 10
    for one in LISTS:
        field = schema.graphql_schema.query_type.fields[one.name]
        assert "totalCount" in field.type.fields, one.name
        assert one.filters, one.name
        stateful = "status" in TYPES[one.type_name].fields
        assert ("status" in one.filters) == stateful, one.name


def test_enums_are_called_after_what_they_are() -> None:
    enums = {name: kind for name, kind in TYPES.items() if hasattr(kind, "values")}
    ours = {name for name in enums if not name.startswith("__")}
    assert {"LegalEducationEventStatus", "SlotStatus", "VenueKind"} <= ours
    assert not [name for name in ours if name.endswith("Choices")]
    assert not [name for name in ours if enums[name].description == "An enumeration."]


# --- narrowed -------------------------------------------------------------------------------------

CODES = "{ legalEducationEvents(%s) { totalCount edges { node { code } } } }"


def codes(arguments: str) -> set[str]:
    found = data(caller(), CODES % arguments, OPEN)["legalEducationEvents"]
    assert found["totalCount"] == len(found["edges"])
    return {node["code"] for node in nodes(found)}


def test_filters_narrow(event_open: LegalEducationEvent, venue: Venue) -> None:
    elsewhere = gate.save(
        Venue(community=venue.community, code="online", name="云课堂", kind="cloud_classroom"),
        by=SYSTEM,
    )
    other = new_event(elsewhere, code="pf-held", title="云课堂", format="online")
    other = actions.open_event(gate.save(other, by=SYSTEM), by=SYSTEM)
    gate.move_many([other], "hold", by=SYSTEM)
    assert codes("first: 10") == {"pf-open", "pf-held"}
    assert codes("status: [OPEN]") == {"pf-open"}
    assert codes("status: [OPEN, HELD]") == {"pf-open", "pf-held"}
    assert codes("format: [ONLINE]") == {"pf-held"}
    assert codes('venue: "theatre"') == {"pf-open"}
    assert codes('codes: ["pf-held", "nothing"]') == {"pf-held"}
    assert codes('community: "nowhere"') == set()
    assert codes("status: [PLANNED]") == set(), "no filter reaches what is not public"
    many = ", ".join(f'"c{n}"' for n in range(101))
    assert code(ask(caller(), CODES % f"codes: [{many}]", OPEN)) == "bad_request"


def test_what_a_row_points_at_is_shown_only_if_it_is_public(
    event_open: LegalEducationEvent, monkeypatch: pytest.MonkeyPatch
) -> None:
    query = '{ legalEducationEvent(code: "pf-open") { code venue { code } } }'
    by_id = "query ($id: ID!) { node(id: $id) { ... on LegalEducationEvent { venue { code } } } }"
    given = to_global_id("LegalEducationEvent", event_open.pk)
    shown = {"venue": {"code": "theatre"}}
    assert data(caller(), query, OPEN)["legalEducationEvent"]["venue"] == shown["venue"]
    assert data(caller(), by_id, OPEN, id=given)["node"] == shown
    hidden = dataclasses.replace(facets_of(Venue), public_rows=Venue.objects.none)
    monkeypatch.setattr(
        open_rows, "facets_of", lambda model: hidden if model is Venue else facets_of(model)
    )
    for asked in (ask(caller(), query, OPEN), ask(caller(), by_id, OPEN, id=given)):
        assert "theatre" not in str(asked)
    assert codes('venue: "theatre"') == set(), "nor does a filter tell"


def test_what_is_not_chosen_is_not_fetched(event_open: LegalEducationEvent, worker: Any) -> None:
    few = counted(worker, OPEN, "{ legalEducationEvents { edges { node { code } } } }")
    more = counted(worker, OPEN, "{ legalEducationEvents { edges { node { venue { code } } } } }")
    through = counted(
        worker, OPEN,
        "{ legalEducationEvents { edges { ...e } } } fragment e on LegalEducationEventEdge"
        " { node { venue { code } } }",
    )  # fmt: skip
    assert more == through == few + 1


def test_two_steps_away_takes_no_statement_a_row(community: Any, worker: Any) -> None:
    query = """{ redPartners { edges { node { organization { code } } } }
      coBuildingAgreements { edges { node { partner { organization { name } } } } } }"""

    def grown(count: int) -> int:
        bodies = [
            Organization(community=community, name=f"单位{count}-{n}", kind="merchant")
            for n in range(count)
        ]
        gate.save_many(bodies, by=SYSTEM)
        partners = [
            RedPartner(community=community, organization=body, since=TERM_START) for body in bodies
        ]
        gate.save_many(partners, by=SYSTEM)
        assert RedPartner.objects.count() >= count
        return counted(worker, OPEN, query)

    few, many = grown(2), grown(20)
    assert few == many


# --- CSV ---------------------------------------------------------------------------------------


def test_a_csv_says_what_the_interface_says(
    event_open: LegalEducationEvent, event_planned: LegalEducationEvent
) -> None:
    heading, line = lines("/open-data/legalEducationEvents.csv")
    found = dict(zip(heading, line, strict=True))
    query = """{ legalEducationEvent(code: "pf-open") {
      code title format venue { code } startsAt capacity status headsTotal } }"""
    told = data(caller(), query, OPEN)["legalEducationEvent"]
    assert found["startsAt"] == told["startsAt"]
    assert found["status"] == told["status"] == "OPEN"
    assert found["venue"] == told["venue"]["code"]
    assert found["capacity"] == ""
    assert found["headsTotal"] == str(told["headsTotal"])
    in_words = lines("/open-data/legalEducationEvents.csv?lang=zh")
    assert "开放报名" in in_words[1]
    assert lines("/open-data/legalEducationEvents.csv?community=nowhere") == [heading]


def test_no_cell_of_a_csv_runs(event_open: LegalEducationEvent) -> None:
    event_open.title = '=HYPERLINK("http://evil.example.org")'
    event_open.topic = "@SUM(1,1)"
    gate.save(event_open, by=SYSTEM)
    heading, line = lines("/open-data/legalEducationEvents.csv")
    found = dict(zip(heading, line, strict=True))
    assert found["title"].startswith("'=")
    assert found["topic"].startswith("'@")


@pytest.mark.parametrize(
    ("address", "status", "expected"),
    [
        ("/open-data/residents.csv", 404, "not_found"),
        ("/open-data/venues.csv?community=%00", 400, "bad_request"),
        ("/open-data/communities.csv?community=xinhe", 400, "bad_request"),
    ],
)
def test_what_is_no_list_is_refused(db: None, address: str, status: int, expected: str) -> None:
    response = caller().get(address)
    assert response.status_code == status
    assert code(response.json()) == expected
    assert caller().post("/open-data/venues.csv").status_code == 405


# --- the page, and caches -------------------------------------------------------------------------


def test_the_dictionary_tells_every_list_and_field(db: None) -> None:
    page = caller().get("/open-data/").content.decode()
    for one in LISTS:
        assert f"/open-data/{one.name}.csv" in page
        for column in one.fields:
            assert f"<code>{column.name}</code>" in page
            assert column.meaning is not None
            assert column.meaning.chinese in page
    assert "<code>ARCHIVED</code> 已归档" in page


@pytest.mark.parametrize(
    "address",
    [
        f"{OPEN}?query={{communities{{totalCount}}}}",
        "/open-data/",
        "/open-data/communities.csv",
        "/open-data/venues.csv?community=xinhe&lang=zh",
    ],
)
def test_the_same_again_is_not_sent_again(address: str, community: Any) -> None:
    client = Client()
    first = client.get(address)
    assert first["Cache-Control"] == f"public, max-age={SECONDS}"
    assert not first.cookies
    again = client.get(address, HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    assert again["ETag"] == first["ETag"]
    other = client.get(address, HTTP_IF_NONE_MATCH='"something"')
    assert other.status_code == 200


@pytest.mark.parametrize(
    "address", [f"{OPEN}?query={{communities{{totalCount}}}}", "/open-data/communities.csv"]
)
def test_an_answer_that_changed_is_sent(address: str, community: Any, subdistrict: Any) -> None:
    before = Client().get(address)["ETag"]
    gate.save(type(community)(code="xin", name="新社区", subdistrict=subdistrict), by=SYSTEM)
    assert Client().get(address, HTTP_IF_NONE_MATCH=before).status_code == 200


def test_a_refusal_is_not_kept_by_caches(db: None) -> None:
    response = caller().get(OPEN, {"query": "{ nothing }"})
    assert response.status_code == 400
    assert response["Cache-Control"] == "no-store"
    assert list_called("nothing") is None


# --- counted when asked ---------------------------------------------------------------------------

PAGES = ("first: 2", "first: 3", "", "first: 2, after: {1}", "first: 9, after: {1}", "last: 1")
FURTHER = (
    "first: 1, before: {2}",
    "after: {0}, before: {2}",
    "after: {9}",
    "first: 3, before: {9}",
)


@pytest.mark.parametrize("page", [*PAGES, *FURTHER])
def test_a_page_is_the_same_counted_or_not(page: str, community: Any, subdistrict: Any) -> None:
    for code_ in ("xin", "xiwang"):
        gate.save(type(community)(code=code_, name="新社区", subdistrict=subdistrict), by=SYSTEM)
    for place in range(10):
        page = page.replace(f"{{{place}}}", f'"{offset_to_cursor(place)}"')
    shape = "edges { cursor node { code } } pageInfo { hasNextPage hasPreviousPage endCursor }"
    given = f"({page})" if page else ""
    with CaptureQueriesContext(connection) as captured:
        plain = data(caller(), f"{{ communities{given} {{ {shape} }} }}", OPEN)["communities"]
    asked = [query["sql"] for query in captured if "COUNT(" in query["sql"]]
    whole = data(caller(), f"{{ communities{given} {{ totalCount {shape} }} }}", OPEN)
    assert whole["communities"] == {"totalCount": 3, **plain}
    # The control: what is read from its end is counted.
    assert len(asked) == page.startswith("last")


def test_a_fragment_may_ask_for_the_count(community: Any) -> None:
    query = "{ communities { ...a } } fragment a on CommunityConnection { n: totalCount }"
    assert data(caller(), query, OPEN) == {"communities": {"n": 1}}
