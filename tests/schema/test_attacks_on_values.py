"""Ids, cursors, numbers and moments that nobody was given: refused with a code, or nothing is found."""

from typing import Any

import pytest
from graphql_relay import to_global_id

from backend.people.models import User
from tests.schema.asking import MAIN, OPEN, caller
from tests.schema.attacking import BOTH, LIST, codes_of, post, refused

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_unexpected(caplog: Any) -> Any:
    """Whoever is refused was expected: no exception reached the log."""
    yield
    assert "unexpected" not in caplog.text


IDS = [
    "",
    "zzz",
    "é" * 40,
    "=" * 40,
    "x" * 10_000,
    to_global_id("Nothing", 1),
    to_global_id("Query", 1),
    to_global_id("PageInfo", 1),
    to_global_id("__Type", 1),
]
# Ids of the right form that name nothing: null, as for what the caller may not see.
EMPTY_IDS = [
    to_global_id("LegalEducationEvent", value)
    for value in ("", "x", "-1", "1.5", "9" * 40, "1 OR 1=1", "²", "0x1")
]


@BOTH
@pytest.mark.parametrize("given", IDS)
def test_a_malformed_id_is_refused(address: str, given: str) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } }"
    assert refused(lambda: post(address, query, {"id": given})) <= {"bad_id", "bad_request"}


@BOTH
@pytest.mark.parametrize("given", EMPTY_IDS)
def test_an_id_that_names_nothing_gives_nothing(address: str, given: str, event_open: Any) -> None:
    query = "query ($id: ID!) { node(id: $id) { id } }"
    response = post(address, query, {"id": given})
    assert response.json()["data"] == {"node": None}
    assert codes_of(response) <= {"bad_id"}


@pytest.mark.parametrize("given", [*IDS, *EMPTY_IDS])
def test_a_malformed_id_in_an_input_is_refused(given: str, worker: User) -> None:
    query = """mutation ($id: ID!) { holdLegalEducationEvent(input: {eventId: $id}) {
      errors { code } } }"""
    answer = post(MAIN, query, {"id": given}, caller(worker)).json()
    told = {error["extensions"]["code"] for error in answer.get("errors", ())}
    broken = (answer["data"] or {}).get("holdLegalEducationEvent") or {"errors": []}
    told |= {error["code"] for error in broken["errors"]}
    assert told
    assert told <= {"bad_id", "bad_request", "not_found"}


CURSORS = [
    "",
    "zzz",
    "é" * 40,
    "x" * 10_000,
    to_global_id("arrayconnection", "x"),
    to_global_id("arrayconnection", "-5"),
    to_global_id("arrayconnection", "9" * 30),
    to_global_id("arrayconnection", "1.5"),
    to_global_id("arrayconnection", "²"),
    to_global_id("other", 1),
]


@BOTH
@pytest.mark.parametrize("end", ["after", "before"])
@pytest.mark.parametrize("given", CURSORS)
def test_a_malformed_cursor_is_refused(address: str, end: str, given: str, event_open: Any) -> None:
    query = f"query ($c: String) {{ {LIST}(first: 5, {end}: $c) {{ edges {{ node {{ id }} }} }} }}"
    found = refused(lambda: post(address, query, {"c": given}), statements=1)
    assert found == {"bad_cursor"}


@BOTH
@pytest.mark.parametrize(
    "moment",
    [
        *("", "x", "2025-13-40T00:00:00+08:00", "0000-00-00T00:00:00Z", "9" * 400),
        *("2025-01-01T00:00:00+99:99", "\u0000", "-0001-01-01T00:00:00Z"),
    ],
)
def test_a_moment_that_is_none_is_refused(address: str, moment: str) -> None:
    where = "startsFrom: $t" if address == OPEN else "filters: {startsFrom: $t}"
    query = f"query ($t: DateTime) {{ {LIST}({where}) {{ totalCount }} }}"
    assert refused(lambda: post(address, query, {"t": moment})) == {"bad_request"}


@BOTH
@pytest.mark.parametrize(
    "moment",
    ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "0001-01-01T00:00:00Z"],
)
def test_a_moment_at_the_end_of_time_does_no_harm(
    address: str, moment: str, event_open: Any, worker: User
) -> None:
    where = "startsFrom: $t" if address == OPEN else "filters: {startsFrom: $t}"
    query = f"query ($t: DateTime) {{ {LIST}({where}) {{ totalCount }} }}"
    response = post(address, query, {"t": moment}, caller(worker))
    assert response.status_code < 500
    assert "internal" not in codes_of(response)


@BOTH
@pytest.mark.parametrize("moment", ["0643-10-07T09:05:30+08:00", "9999-12-31T23:59:59-12:00"])
def test_so_it_is_in_the_document_itself(address: str, moment: str) -> None:
    where = f'startsFrom: "{moment}"'
    where = where if address == OPEN else f"filters: {{{where}}}"
    assert codes_of(post(address, f"{{ {LIST}({where}) {{ totalCount }} }}")) == {"bad_request"}


@pytest.mark.parametrize("time", ["02:28:41.217428Z", "09:30:00+08:00"])
def test_a_time_of_day_is_of_no_time_zone(time: str, worker: User) -> None:
    given = f'postId: "x", name: "x", day: "2026-01-05", idempotencyKey: "k", startsAt: "{time}"'
    query = (
        f'mutation {{ planDutyShift(input: {{{given}, endsAt: "10:00"}}) {{ errors {{ code }} }} }}'
    )
    assert codes_of(post(MAIN, query, {}, caller(worker))) == {"bad_request"}


@pytest.mark.parametrize("year", [-(2**31), -1, 0, 99_999, 2**31 - 1])
def test_a_year_far_away_does_no_harm(year: int, worker: User) -> None:
    for address, query in (
        (OPEN, "query ($y: Int) { resolutions(year: $y) { totalCount } }"),
        (OPEN, 'query ($y: Int!) { educationSummary(community: "x", year: $y) { events } }'),
    ):
        response = post(address, query, {"y": year})
        assert response.status_code < 500
        assert "internal" not in codes_of(response)


def test_an_id_of_another_type_is_nothing_here(event_open: Any, worker: User) -> None:
    query = "query ($id: ID!) { job(id: $id) { id } }"
    other = to_global_id("LegalEducationEvent", event_open.pk)
    response = post(MAIN, query, {"id": other}, caller(worker))
    assert response.json()["data"] == {"job": None}
    assert "errors" not in response.json()


@pytest.mark.parametrize("given", ["x", {}, [], 1])
def test_a_sheet_that_json_tells_of_is_no_file(given: Any, worker: User) -> None:
    query = """mutation ($file: Upload!) { uploadSheet(input: {register: "attendance", file: $file}) {
      errors { field code } } }"""
    answer = post(MAIN, query, {"file": given}, caller(worker)).json()
    assert answer["data"]["uploadSheet"]["errors"] == [{"field": "file", "code": "required"}]
