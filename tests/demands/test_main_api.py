"""Demands in the main API: who reads what of whom, and the verbs; the examples of docs/api/demands.md."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from strawberry.relay import to_base64

from backend.core.access import SYSTEM, Actor
from backend.demands import actions, handling
from backend.demands.models import Demand
from tests.demands.conftest import Hall, ago, fresh, new, registered
from tests.docs.blocks import examples_of
from tests.schema.asking import caller, data, nodes

pytestmark = pytest.mark.django_db
PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "demands.md"
REPORTERS = """{ demands(first: 50, order: { receivedAt: ASC }) { totalCount edges { node {
  code reporterName reporterPhone reporterNameInFull assignedTo { name } overdue unanswered
  estate { name } category { name } resident { id }
  availableActions { name } } } } }"""


def client_of(by: Actor) -> Client:
    return caller(by.user)


def verb(by: Actor, name: str, **given: Any) -> dict[str, Any]:
    kind = f"{name[0].upper()}{name[1:]}Input"
    plain = ("takeUpDemand", "giveBackDemand", "closeDemand", "reopenDemand", "markDemandInvalid")
    kind = "DemandInput" if name in (*plain, "explainDemandUnresolvable") else kind
    kind = "ResolveDemandInput" if name == "resolveDemandOnTheSpot" else kind
    query = f"mutation ($input: {kind}!) {{ {name}(input: $input) {{ errors {{ code field }} "
    found = data(client_of(by), f"{query} demand {{ code status }} }} }}", input=given)[name]
    return found  # type: ignore[no-any-return]


def test_the_examples_of_the_page_work(hall: Hall) -> None:
    register, overdue, solve = examples_of(PAGE.read_text(encoding="utf-8"))
    made = data(client_of(hall.resident), register.query)["registerDemand"]
    assert made["errors"] == []
    assert made["demand"]["status"] == "REGISTERED"
    late = registered(hall, received_at=ago(days=30))
    found = data(client_of(hall.worker), overdue.query)["demands"]
    assert [node["code"] for node in nodes(found)] == [late.code]
    handling.assign(late, hall.company, by=hall.worker)
    actions.DEMAND_VERBS["take_up"](late, by=hall.contact, reason="")
    key = {"demandId": to_base64("Demand", late.pk)}
    done = data(client_of(hall.contact), solve.query, **key)["resolveDemand"]
    assert (done["errors"], done["demand"]["status"]) == ([], "RESOLVED")


def test_every_verb_answers_what_became_of_it(hall: Hall) -> None:
    given = {"community": "xinhe", "content": "楼道灯不亮", "idempotencyKey": "k-1"}
    first = verb(hall.worker, "registerDemand", **given, reporterPhone="13900012345")
    again = verb(hall.worker, "registerDemand", **given, reporterPhone="13900012345")
    assert first == again
    demand = Demand.objects.get()
    assert demand.resident == hall.person
    key = {"demandId": to_base64("Demand", demand.pk)}
    body = to_base64("Organization", hall.company.pk)

    def status(by: Actor, name: str, **more: Any) -> Any:
        answer = verb(by, name, **key, **more)
        assert answer["errors"] == [], answer
        return answer["demand"] and answer["demand"]["status"]

    assert status(hall.worker, "assignDemand", organizationId=body) == "ASSIGNED"
    # Given back it is no longer the handler's.
    assert status(hall.contact, "giveBackDemand", reason="不归我们") is None
    status(hall.worker, "assignDemand", organizationId=body)
    assert status(hall.contact, "takeUpDemand") == "IN_PROGRESS"
    assert status(hall.contact, "respondToDemand", text="在看") == "IN_PROGRESS"
    assert status(hall.worker, "extendDemand", days=2, reason="等料") == "IN_PROGRESS"
    assert status(hall.contact, "resolveDemand", result="已换") == "RESOLVED"
    assert status(hall.resident, "reopenDemand", reason="还是不亮") == "REOPENED"
    status(hall.contact, "takeUpDemand")
    status(hall.contact, "resolveDemand", result="又换了")
    assert status(hall.resident, "confirmDemand", satisfied=True) == "CONFIRMED"
    refused = verb(hall.resident, "closeDemand", **key)
    assert [error["code"] for error in refused["errors"]] == ["not_allowed"]
    assert status(hall.worker, "closeDemand") == "CLOSED"
    refused = verb(hall.worker, "updateDemand", **key, content="另说")
    assert [error["code"] for error in refused["errors"]] == ["demand_settled"]
    other = registered(hall)
    answer = verb(
        hall.secretary,
        "markDemandDuplicate",
        demandId=to_base64("Demand", other.pk),
        originalId=key["demandId"],
        reason="同一盏灯",
    )
    assert answer["demand"]["status"] == "DUPLICATE"
    assert fresh(other).duplicate_of == demand


def test_a_handler_reads_no_more_than_the_own_ones_and_no_hidden_reporter(hall: Hall) -> None:
    plain, hidden = (
        registered(hall, resident=hall.person, reporter_hidden=hide) for hide in (False, True)
    )
    registered(hall)
    for demand in (plain, hidden):
        handling.assign(demand, hall.company, by=hall.worker)
    seen = nodes(data(client_of(hall.contact), REPORTERS)["demands"])
    assert [(node["code"], node["reporterName"]) for node in seen] == [
        (plain.code, "司*"),
        (hidden.code, ""),
    ]
    assert seen[1]["reporterPhone"] == ""
    assert [node["resident"] for node in seen] == [None, None]
    actions_of = {action["name"] for action in seen[0]["availableActions"]}
    assert actions_of == {"take_up", "give_back", "respond"}
    assert data(client_of(hall.other_contact), REPORTERS)["demands"]["totalCount"] == 0
    own = nodes(data(client_of(hall.resident), REPORTERS)["demands"])
    assert [node["reporterName"] for node in own] == ["司*", "司*"]
    assert [node["availableActions"] for node in own] == [[], []]
    office = nodes(data(client_of(hall.worker), REPORTERS)["demands"])
    assert [node["reporterName"] for node in office] == ["司*", "司*", ""]


def test_a_list_asks_the_same_however_long_it_is(hall: Hall) -> None:
    def statements() -> int:
        with CaptureQueriesContext(connection) as asked:
            data(client_of(hall.worker), REPORTERS)
        return len(asked)

    registered(hall, resident=hall.person)
    statements()
    before = statements()
    actions.register_many([new(hall, resident=hall.person) for _ in range(12)], by=SYSTEM)
    assert statements() == before


def test_deadlines_are_changed_and_made_where_there_are_none(hall: Hall) -> None:
    query = """mutation ($input: UpdateDemandSettingsInput!) { updateDemandSettings(input: $input) {
      settings { revision ordinaryDays urgentHours } errors { code field } } }"""

    def change(by: Actor, **given: Any) -> dict[str, Any]:
        asked = {"community": "xinhe", **given}
        found = data(client_of(by), query, input=asked)["updateDemandSettings"]
        return found  # type: ignore[no-any-return]

    refused = change(hall.secretary, ordinaryDays=0)["errors"]
    assert refused == [{"code": "terms_invalid", "field": "ordinaryDays"}]
    assert change(hall.worker, ordinaryDays=3)["errors"][0]["code"] == "not_allowed"
    made = change(hall.secretary, ordinaryDays=3)["settings"]
    assert (made["ordinaryDays"], made["urgentHours"]) == (3, 24)
    changed = change(hall.secretary, urgentHours=12, expectedRevision=made["revision"])["settings"]
    assert (changed["ordinaryDays"], changed["urgentHours"]) == (3, 12)
    late = change(hall.secretary, urgentHours=6, expectedRevision=made["revision"])
    assert late["errors"][0]["code"] == "changed_meanwhile"
    listed = data(
        client_of(hall.worker), "{ demandSettings(first: 9) { edges { node { urgentHours } } } }"
    )
    assert nodes(listed["demandSettings"]) == [{"urgentHours": 12}]
