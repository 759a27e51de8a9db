"""The history of a record through the main API: what its page 历史 tells, and no more."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import Kept
from backend.core.record_history import records_told
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.privacy.erasing import erase_resident
from backend.services.models import ServiceCategory
from schema.main.schema import schema as main_schema
from tests.access.desk_verbs import category
from tests.access.world import ELSEWHERE, HOME
from tests.accounts.test_keys import call, key_for
from tests.core.residents import PHONE, resident
from tests.schema.asking import ask, caller, carried_out, code, data, id_of

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
LINE = "at revision who door doorLabel verb verbLabel reason changes { name label before after }"
QUERY = f"query ($id: ID!, $first: Int! = 20, $after: String) {{ history(id: $id, first: $first, after: $after) {{ lines {{ {LINE} }} older }} }}"


def signed_in(name: str) -> Client:
    return caller(User.objects.get(username=name))


def told(client: Client, row: Any, **more: Any) -> Any:
    return data(client, QUERY, id=id_of(row), **more)["history"]


def changed_by_the_worker(row: ServiceCategory, name: str) -> None:
    row.name = name
    by = Actor.of(User.objects.get(username="worker"), "admin")
    gate.save(row, by=by, reason="统一叫法")


def test_the_lines_say_what_restoring_needs() -> None:
    row = category()
    changed_by_the_worker(row, "助新服务")
    client = signed_in("worker")
    page = told(client, row)
    newest, before, first = page["lines"]
    assert page["older"] is None
    assert [line["revision"] for line in page["lines"]] == [3, 2, 1]
    assert (newest["door"], newest["doorLabel"]) == ("admin", "管理页面")
    assert (newest["verb"], newest["reason"]) == ("save services.ServiceCategory", "统一叫法")
    assert "worker" in newest["who"]
    assert newest["changes"] == [
        {"name": "name", "label": "名称", "before": "新助", "after": "助新服务"}
    ]
    assert first["changes"] == []
    back = carried_out(
        client,
        "restoreVersion",
        "record { ... on ServiceCategory { name } }",
        id=id_of(row),
        revision=before["revision"],
        expectedRevision=newest["revision"],
        reason="改错了",
    )
    assert back["record"] == {"name": "新助"}


def test_it_is_read_page_by_page_in_as_many_statements_whatever_its_length() -> None:
    row, client = category(), signed_in("worker")

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as taken:
            told(client, row)
        return len(taken)

    few = statements()
    for number in range(18):
        changed_by_the_worker(row, f"助新{number}")
    assert statements() == few
    page = told(client, row, first=15)
    assert [line["revision"] for line in page["lines"]] == list(range(20, 5, -1))
    rest = told(client, row, first=15, after=page["older"])
    assert [line["revision"] for line in rest["lines"]] == [5, 4, 3, 2, 1]
    assert rest["older"] is None
    for given, expected in (
        ({"first": 21}, "bad_page"),
        ({"first": 0}, "bad_page"),
        ({"after": "²"}, "bad_cursor"),
    ):
        assert code(ask(client, QUERY, id=id_of(row), **given)) == expected


def test_it_is_for_staff_who_work_with_the_record() -> None:
    row = category()
    for name in ("worker", "secretary", "admin"):
        assert told(signed_in(name), row)["lines"]
    for client in (signed_in("resident"), signed_in("dongfang-worker"), Client()):
        assert told(client, row) is None
    # A community is there for whoever belongs to it; its history is the staff's.
    home = Community.objects.get(code=HOME)
    resident_ = signed_in("resident")
    seen = data(resident_, "query ($id: ID!) { node(id: $id) { id } }", id=id_of(home))
    assert seen["node"] is not None, "the control"
    assert told(resident_, home) is None
    assert told(signed_in("worker"), Community.objects.get(code=ELSEWHERE)) is None
    worker = User.objects.get(username="worker")
    for scopes, there in ((("services.see",), True), (("places.see",), False)):
        answer = call(key_for(worker, *scopes), QUERY, id=id_of(row)).json()["data"]["history"]
        assert (answer is not None) is there


def test_neither_personal_values_nor_what_was_erased_are_told() -> None:
    home = Community.objects.get(code=HOME)
    one = gate.save(resident(home, "秦若谷", PHONE), by=SYSTEM)
    one.name, one.gender = "秦谷若", "female"
    gate.save(one, by=SYSTEM)
    client = signed_in("secretary")

    def changes() -> dict[str, Any]:
        return {
            change["name"]: change["after"]
            for line in told(client, one)["lines"]
            for change in line["changes"]
        }

    shown = changes()
    assert shown["name"] is None
    assert shown["gender"] == "女", "the control: what is not personal is told"
    erase_resident(one, by=SYSTEM)
    rows = Resident.objects.filter(pk=one.pk)
    assert rows.exists()
    assert set(changes().values()) <= {None}
    text = str(told(client, one))
    assert "秦" not in text
    assert PHONE not in text


def test_every_record_of_the_schema_has_its_readers() -> None:
    """No type makes the question fail, whatever its rows are ruled by."""
    kinds = [
        kind
        for name in main_schema._schema.type_map
        if (kind := getattr(main_schema.get_type_by_name(name), "origin", None)) is not None
        and hasattr(kind, "__strawberry_django_definition__")
    ]
    models = {kind.__strawberry_django_definition__.model for kind in kinds}
    kept = {model for model in models if issubclass(model, Kept)}
    assert len(kept) > 50
    worker = User.objects.get(username="worker")
    for model in kept:
        records_told(model, worker).exists()
