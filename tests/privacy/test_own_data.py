"""What somebody asks of their own data: in the API, at the desk, on paper."""

from typing import Any

import pytest
from django.test import Client

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.disclosures import log_export
from backend.core.errors import RuleViolation
from backend.core.models import Disclosure
from backend.education.models import Attendance, LegalEducationEvent
from backend.messaging.models import InboxMessage
from backend.people.models import Resident, User
from backend.privacy import actions
from backend.privacy.models import RetentionRule, SubjectRequest
from tests.schema.asking import ask, caller, data, nodes

pytestmark = pytest.mark.django_db
NAME, PHONE = "上官静怡", "13712349988"
MINE = "{ myData { code label kept records { values { label value } } } }"
LISTED = (
    "{ subjectRequests(first: 10) { totalCount edges { node { code kind status statusLabel } } } }"
)


def verb(name: str, extra: str = "") -> str:
    return (
        f'mutation {{ {name}(input: {{ idempotencyKey: "k1" {extra} }})'
        " { errors { code field } request { code kind status } } }"
    )


@pytest.fixture
def person(event_open: LegalEducationEvent, resident_user: User) -> Resident:
    community = event_open.community
    person = gate.save(
        Resident(community=community, name=NAME, phone=PHONE, user=resident_user), by=SYSTEM
    )
    gate.save(
        Attendance(
            community=community, event=event_open, resident=person, name=NAME, remark="拐杖"
        ),
        by=SYSTEM,
    )
    return person


@pytest.fixture
def request_(person: Resident, worker: User) -> SubjectRequest:
    return actions.ask("show", person, by=Actor.of(worker, "test"))


def test_people_see_their_own_data_in_full_by_register(
    person: Resident, resident_user: User
) -> None:
    tables = {t["code"]: t for t in data(caller(resident_user), MINE)["myData"]}
    roster = {v["label"]: v["value"] for v in tables["residents"]["records"][0]["values"]}
    assert (roster["姓名"], roster["联系电话"]) == (NAME, PHONE)
    signed = {v["label"]: v["value"] for v in tables["attendance"]["records"][0]["values"]}
    assert (signed["活动"], signed["备注"]) == ("民法典进小区", "拐杖")
    assert tables["attendance"]["kept"] == "保存 365 天后自动去掉姓名"


def test_a_person_is_told_the_term_of_their_own_community(
    person: Resident, resident_user: User, request_: SubjectRequest, worker: User
) -> None:
    gate.save(RetentionRule(community=person.community, holding="attendance", days=90), by=SYSTEM)
    tables = {t["code"]: t["kept"] for t in data(caller(resident_user), MINE)["myData"]}
    assert tables["attendance"] == "保存 90 天后自动去掉姓名"
    assert tables["residents"] == "在册期间一直保存"
    paper = page(worker, request_, "held").content.decode()
    assert "保存 90 天后自动去掉姓名" in paper
    assert "保存 365 天后自动去掉姓名" not in paper


@pytest.mark.parametrize("who", ["worker", "other_worker", "secretary", None])
def test_nobody_elses_account_shows_them(
    person: Resident, who: str | None, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who) if who else None
    assert data(caller(user), MINE) == {"myData": None}


@pytest.mark.parametrize(
    ("name", "extra", "kind"),
    [
        ("requestMyData", "", "SHOW"),
        ("requestCorrection", ', details: "电话换了"', "CORRECT"),
        ("requestErasure", "", "ERASE"),
    ],
)
def test_people_ask_through_the_api_once(
    person: Resident, resident_user: User, name: str, extra: str, kind: str
) -> None:
    client = caller(resident_user)
    first = data(client, verb(name, extra))[name]
    assert first["errors"] == []
    assert (first["request"]["kind"], first["request"]["status"]) == (kind, "RECEIVED")
    assert data(client, verb(name, extra))[name] == first
    (row,) = SubjectRequest.objects.all()
    assert (row.resident, row.identified) == (person, "account")
    assert [n["kind"] for n in nodes(data(client, LISTED)["subjectRequests"])] == [kind]


def test_a_correction_says_what_is_wrong(person: Resident, resident_user: User) -> None:
    answer = data(caller(resident_user), verb("requestCorrection", ', details: " "'))
    assert answer["requestCorrection"]["errors"] == [
        {"code": "correction_empty", "field": "details"}
    ]
    assert not SubjectRequest.objects.exists()


@pytest.mark.parametrize(
    ("who", "code"), [("worker", "not_found"), (None, "not_allowed"), ("other_worker", "not_found")]
)
def test_who_is_no_resident_asks_for_nothing(
    person: Resident, who: str | None, code: str, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who) if who else None
    answer = data(caller(user), verb("requestErasure"))["requestErasure"]
    assert [e["code"] for e in answer["errors"]] == [code]
    assert not SubjectRequest.objects.exists()


@pytest.mark.parametrize(
    ("who", "count"),
    [("worker", 1), ("secretary", 1), ("resident_user", 1), ("other_worker", 0), (None, 0)],
)
def test_requests_are_seen_by_the_desk_and_by_who_asked(
    request_: SubjectRequest, who: str | None, count: int, request: pytest.FixtureRequest
) -> None:
    user = request.getfixturevalue(who) if who else None
    answer = ask(caller(user), LISTED)
    assert answer["data"]["subjectRequests"]["totalCount"] == count


# --- at the desk ---------------------------------------------------------------------------------


def page(user: User, record: Any, name: str) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(f"/admin/privacy/subjectrequest/{record.pk}/{name}/")


def test_the_worker_prints_one_page_and_the_log_knows(
    request_: SubjectRequest, worker: User
) -> None:
    paper = page(worker, request_, "held")
    text = paper.content.decode()
    assert NAME in text
    assert PHONE in text
    assert "拐杖" in text
    assert "no-store" in paper["Cache-Control"]
    logged = Disclosure.objects.get()
    assert (logged.actor_name, logged.rows, logged.reason) == (
        "worker",
        1,
        f"本人请求 {request_.code}",
    )


def test_a_settled_request_is_no_way_to_read_again(request_: SubjectRequest, worker: User) -> None:
    actions.finish_request(request_, by=Actor.of(worker, "test"))
    assert page(worker, request_, "held").status_code == 302
    assert not Disclosure.objects.exists()


@pytest.mark.parametrize("who", ["other_worker", "admin_user"])
def test_others_get_no_paper(
    request_: SubjectRequest, who: str, request: pytest.FixtureRequest
) -> None:
    assert page(request.getfixturevalue(who), request_, "held").status_code == 403
    assert not Disclosure.objects.exists()


def test_a_request_to_erase_is_not_ticked_off(person: Resident, secretary: User) -> None:
    by = Actor.of(secretary, "test")
    asked = actions.ask("erase", person, by=by)
    with pytest.raises(RuleViolation) as refused:
        actions.finish_request(asked, by=by)
    assert refused.value.code == "erase_needs_confirmation"
    asked.refresh_from_db()
    assert asked.status == "received"
    client = Client()
    client.force_login(secretary)
    shown = client.get(f"/admin/privacy/subjectrequest/{asked.pk}/change/").content.decode()
    assert f"/{asked.pk}/erase/" in shown
    assert f"/{asked.pk}/move/refuse/" in shown
    assert "/move/finish/" not in shown


def test_the_secretary_is_told_what_happens_and_confirms(person: Resident, secretary: User) -> None:
    asked = actions.ask("erase", person, by=Actor.of(secretary, "test"))
    client = Client()
    client.force_login(secretary)
    address = f"/admin/privacy/subjectrequest/{asked.pk}/erase/"
    told = client.get(address).content.decode()
    assert "签到记录" in told
    assert "删除后不能恢复" in told
    assert NAME not in told
    assert client.post(address, {}).status_code == 200
    assert Resident.objects.get(pk=person.pk).name == NAME
    assert client.post(address, {"sure": "1"}).status_code == 302
    assert Resident.objects.get(pk=person.pk).name.startswith("已匿名")
    after = client.get(f"/admin/privacy/subjectrequest/{asked.pk}/change/").content.decode()
    assert "没有发现遗留" in after
    roster = client.get(f"/admin/people/resident/{person.pk}/change/").content.decode()
    assert "已应本人要求删除" in roster
    assert "kind=erase" not in roster


def test_the_worker_takes_it_down_and_does_not_erase(person: Resident, worker: User) -> None:
    asked = actions.ask("erase", person, by=Actor.of(worker, "test"))
    client = Client()
    client.force_login(worker)
    address = f"/admin/privacy/subjectrequest/{asked.pk}/erase/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"sure": "1"}).status_code == 403
    assert Resident.objects.get(pk=person.pk).name == NAME


def test_a_request_is_taken_down_on_the_page(person: Resident, worker: User) -> None:
    client = Client()
    client.force_login(worker)
    shown = client.get(f"/admin/people/resident/{person.pk}/change/").content.decode()
    assert "本人请求" in shown
    added = client.post(
        "/admin/privacy/subjectrequest/add/",
        {
            "kind": "correct",
            "resident": person.pk,
            "asked_on": "2025-09-01",
            "identified": "document",
            "details": "电话是错的",
        },
    )
    assert added.status_code == 302, added.context["adminform"].form.errors
    assert SubjectRequest.objects.get().kind == "correct"


def test_the_person_is_told_how_their_request_ended(
    request_: SubjectRequest, person: Resident, secretary: User
) -> None:
    actions.refuse_request(request_, by=Actor.of(secretary, "test"), reason="未带证件")
    message = InboxMessage.objects.get(user=person.user)
    assert "未带证件" in message.body
    assert message.title == "您的个人信息请求已办结"


def test_the_person_sees_who_has_looked_at_them(person: Resident, worker: User) -> None:
    by = Actor.of(worker, "admin")
    keys = {person.community_id: [person.pk]}
    log_export(Resident, keys, by=by, reason="入户走访核对名单", whole=True, details="格式 xlsx")
    tables = {t["code"]: t for t in data(caller(person.user), MINE)["myData"]}
    seen = [v["value"] for v in tables["disclosures"]["records"][0]["values"]]
    assert seen[1:] == ["worker", "导出", "入户走访核对名单"]


def test_a_program_with_a_key_reads_nobodys_own_data(person: Resident) -> None:
    user = User.objects.get(pk=person.user_id)
    user.limited_to = frozenset({"requests.edit", "people.see"})
    with pytest.raises(RuleViolation) as refused:
        actions.ask_for_oneself("show", by=Actor.of(user, "api_key"))
    assert refused.value.code == "not_allowed"
    assert not SubjectRequest.objects.visible_to(user).exists()
    assert not SubjectRequest.objects.exists()


def test_the_desk_says_how_it_knows_the_person(person: Resident, worker: User) -> None:
    client = Client()
    client.force_login(worker)
    add = "/admin/privacy/subjectrequest/add/"
    field: Any = client.get(add).context["adminform"].form.fields["identified"]
    offered = [value for value, _ in field.choices]
    assert offered == ["", "document", "known", "entrusted"]
    given = {"kind": "show", "resident": person.pk, "asked_on": "2026-01-05", "details": ""}
    for identified in ("", "account"):
        page = client.post(add, given | {"identified": identified})
        assert "identified" in page.context["adminform"].form.errors
    assert not SubjectRequest.objects.exists()
    assert client.post(add, given | {"identified": "document"}).status_code == 302
