"""Row rules, masks, the log of reads in full and the budget hold for what is compiled, level by level."""

import json
from typing import Any

import pytest
from django.db.models import Q

from backend.core.models import Disclosure, DisclosureKind
from backend.education.models import Attendance
from backend.people.models import Resident, User
from schema.main.base import Seen
from schema.main.compiled import statements
from schema.main.compiled.roots import RootPage
from tests.schema.asking import caller, code, data
from tests.schema.compiled.both import Both

DEEP = """{ legalEducationEvents(first: 100) { edges { node { attendances(first: 100) { totalCount
  edges { node { name resident { name phone } } } } } } } }"""
OPEN = """mutation { openReveal(input: {community: "xinhe", area: "%s", reason: "入户回访独居老人"}) { errors { code } } }"""


@pytest.fixture
def both(demo_worker: User, monkeypatch: pytest.MonkeyPatch) -> Both:
    return Both(monkeypatch)


def _attendances(body: bytes) -> list[Any]:
    events = json.loads(body)["data"]["legalEducationEvents"]["edges"]
    return [edge["node"]["attendances"] for edge in events]


def test_a_nested_list_shows_the_callers_rows_alone(both: Both) -> None:
    """A resident sees events, and nobody's signature at them."""
    ours, stock = both.ask("resident", DEEP)
    assert ours == stock
    found = _attendances(ours)
    assert found
    assert {one["totalCount"] for one in found} == {0}
    assert both.compiled == 1


def test_without_the_rule_it_would_show_them(both: Both, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: what the test above looks at is the rule, asked at the level where it belongs."""
    monkeypatch.setattr(Seen, "rows_seen", classmethod(_all_of_them))
    statements.forget()
    ours, _ = both.ask("resident", DEEP)
    assert both.compiled == 1
    assert max(one["totalCount"] for one in _attendances(ours)) > 0
    statements.forget()


def _all_of_them(cls: Any, model: Any, info: Any) -> Any:
    return Q(pk__isnull=False)


def test_what_one_caller_made_does_not_serve_another(both: Both) -> None:
    """The kept statement is that of a rule, not of a document."""
    for who in ("worker", "resident", "office", None, "worker", "resident"):
        ours, stock = both.ask(who, DEEP)
        assert ours == stock
    assert both.compiled == 6


def test_personal_values_are_masked(both: Both) -> None:
    ours, _ = both.ask("worker", DEEP)
    shown = ours.decode()
    names = set(Resident.objects.values_list("name", flat=True))
    names |= set(Attendance.objects.values_list("name", flat=True))
    phones = set(Resident.objects.exclude(phone="").values_list("phone", flat=True))
    assert "****" in shown
    assert not [one for one in names | phones if len(one) > 2 and one in shown]


def test_what_is_shown_in_full_is_logged(both: Both) -> None:
    query = "{ residents(first: 5) { edges { node { nameInFull phoneInFull } } } }"
    client = caller(User.objects.get(username="worker"))
    before = {node["node"]["nameInFull"] for node in data(client, query)["residents"]["edges"]}
    assert before == {None}
    assert data(client, OPEN % "people")["openReveal"]["errors"] == []
    logged = Disclosure.objects.filter(kind=DisclosureKind.READ)
    known = logged.count()
    compiled = both.compiled
    shown = data(client, query)["residents"]["edges"]
    assert all(node["node"]["nameInFull"] for node in shown)
    assert both.compiled == compiled + 1
    assert logged.count() == known + 1
    assert logged.latest("pk").rows == 5


def test_the_budget_is_asked_before_anything_is_read(both: Both) -> None:
    dear = DEEP.replace(
        "resident { name phone }", "event { attendances(first: 100) { totalCount } }"
    )
    dear = dear.replace("totalCount }", "edges { node { id } } }")
    ours, stock = both.ask("worker", dear)
    assert ours == stock
    assert code(json.loads(ours)) == "query_too_costly"
    assert both.compiled == 0


def test_a_kept_statement_holds_the_field_that_made_it(both: Both) -> None:
    """A number of the field's would come again for another query, once the first is forgotten."""
    statements.forget()
    both.ask("worker", DEEP)
    keys: Any = list(statements._known)
    assert [type(key[0]) for key in keys] == [RootPage]
    again: Any = RootPage(keys[0][0].chosen, keys[0][0].page)
    assert (again, *keys[0][1:]) not in statements._known
