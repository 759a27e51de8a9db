"""What a tablet at the door is told, and what comes of what it sends."""

import datetime
import json
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.door_list import account_mark
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Venue
from backend.education.registering import join_waitlist, register
from backend.education.tickets import ticket_token
from backend.people.models import Resident, User
from backend.places.models import Building, Community, Estate
from tests.conftest import user_with_role
from tests.education.neighbours import neighbour, small_event

HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def event(venue: Venue) -> LegalEducationEvent:
    """An event that has just begun."""
    now = timezone.now().replace(microsecond=0)
    return small_event(venue, capacity=9, starts_at=now - HOUR, ends_at=now + HOUR)


class Tablet:
    """A client at the door of an event."""

    def __init__(self, user: User, event: LegalEducationEvent) -> None:
        self.client = Client()
        self.client.force_login(user)
        self.account = account_mark(user)
        self.door = f"/admin/education/legaleducationevent/{event.pk}/door/"

    def post(self, name: str, body: Any) -> Any:
        given = body if isinstance(body, str) else json.dumps(body)
        return self.client.post(f"{self.door}{name}/", given, content_type="application/json")

    def send(self, *taps: dict[str, Any]) -> list[dict[str, Any]]:
        at = timezone.now().isoformat()
        given = [{"at": at, "kind": "in"} | tap for tap in taps]
        answer = self.post("taps", {"account": self.account, "taps": given})
        assert answer.status_code == 200, answer.content
        results: list[dict[str, Any]] = answer.json()["results"]
        return results

    def listed(self, known: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = self.client.get(f"{self.door}list/", {"known": known}).json()
        return answer


@pytest.fixture
def tablet(worker: User, event: LegalEducationEvent) -> Tablet:
    return Tablet(worker, event)


def heads(event: LegalEducationEvent) -> int:
    return LegalEducationEvent.objects.heads_of(event.pk)


def test_the_list_names_nobody_and_comes_again_only_when_it_is_another(
    event: LegalEducationEvent, tablet: Tablet
) -> None:
    row = register(event, by=SYSTEM, name="冯老伯", phone="13912345678", size=2)
    listed = tablet.listed()
    assert listed["rows"] == [
        {
            "id": row.pk,
            "name": "冯*",
            "tail": "5678",
            "code": row.code,
            "size": 2,
            "status": "confirmed",
            "statusLabel": "报名成功",
            "kind": "",
            "at": "",
        }
    ]
    said = json.dumps(listed, ensure_ascii=False)
    for secret in ("冯老伯", "1391", "worker"):
        assert secret not in said
    assert "rows" not in tablet.listed(listed["version"])
    tablet.send({"key": "k1", "registration": row.pk})
    again = tablet.listed(listed["version"])
    assert [one["kind"] for one in again["rows"]] == ["in"]
    assert again["heads"] == 2


def test_the_kept_page_has_nobody_on_it_and_no_script_of_its_own(
    event: LegalEducationEvent, tablet: Tablet
) -> None:
    register(event, by=SYSTEM, name="冯老伯")
    page = tablet.client.get(tablet.door)
    assert "冯*" in page.content.decode()
    shell = tablet.client.get(tablet.door, {"shell": "1"}).content.decode()
    for personal in ("冯", "csrfmiddlewaretoken"):
        assert personal not in shell
    assert "script-src 'self';" in page["Content-Security-Policy"]
    for script in shell.split("<script")[1:]:
        assert script.startswith((" type", " src"))
        assert script.partition(">")[2].startswith("</script>"), "nothing stands in it"
    worker = tablet.client.get(f"{tablet.door}worker.js")
    assert worker["Content-Type"].startswith("text/javascript")


def test_taps_arrive_once_in_order_with_their_times_and_each_for_itself(
    event: LegalEducationEvent, tablet: Tablet, community: Community
) -> None:
    first = register(event, by=SYSTEM, name="冯老伯", size=3)
    second = register(event, by=SYSTEM, name="陈阿姨")
    waits = join_waitlist_at(event)
    early = timezone.now() - datetime.timedelta(minutes=20)
    taps = [
        {"key": "a", "registration": first.pk, "companions": 1, "at": early.isoformat()},
        {"key": "b", "registration": first.pk},
        {"key": "c", "registration": waits.pk},
        {"key": "d", "registration": 10**9},
        {"key": "e", "registration": second.pk, "at": "gestern"},
        {"key": "f", "ticket": f"http://x/t/{ticket_token(second)}/"},
        {"key": "g", "name": "路过的", "companions": 1},
        {"key": "h", "lineKey": "g", "kind": "void"},
        {"key": "i", "registration": waits.pk, "forced": True, "reason": "座位有余"},
    ]
    results = tablet.send(*taps)
    assert [(one["key"], one["ok"], one.get("code")) for one in results] == [
        ("a", True, None),
        ("b", False, "already_checked_in"),
        ("c", False, "registration_waitlisted"),
        ("d", False, "not_found"),
        ("e", False, "invalid_value"),
        ("f", True, None),
        ("g", True, None),
        ("h", True, None),
        ("i", True, None),
    ]
    assert results[1]["message"] == f"已经签到过了（{timezone.localtime(early):%H:%M}）"
    assert results[6]["walkIn"]["name"] == "路*"
    lines = CheckIn.objects.order_by("pk")
    assert [line.source for line in lines] == [
        "offline", "list", "list", "qr", "manual", "manual", "list",
    ]  # fmt: skip
    assert lines[0].occurred_at == early
    count = lines.count()
    assert [one["ok"] for one in tablet.send(*taps)] == [one["ok"] for one in results]
    assert CheckIn.objects.count() == count, "the same keys again write nothing"
    assert heads(event) == 5
    assert sorted(Attendance.objects.values_list("name", flat=True)) == sorted(
        [f"冯老伯（{first.code}）", f"陈阿姨（{second.code}）", f"候补的（{waits.code}）"]
    )


def join_waitlist_at(event: LegalEducationEvent) -> Any:
    """Somebody who waits: nobody gets by whom there is no room for."""
    filler = register(event, by=SYSTEM, name="占位的", size=5)
    waits = join_waitlist(event, by=SYSTEM, name="候补的", size=2)
    assert filler.status == "confirmed"
    return waits


def test_what_cannot_be_read_or_is_anothers_writes_nothing(
    event: LegalEducationEvent, tablet: Tablet
) -> None:
    tap = {"key": "k", "name": "来客", "kind": "in", "at": timezone.now().isoformat()}
    mine = {"account": tablet.account}
    for body, status in (
        ("nonsense", 400),
        ("[]", 400),
        (mine, 400),
        (mine | {"taps": ["x"]}, 400),
        (mine | {"taps": [tap] * 51}, 400),
        ({"account": "else", "taps": [tap]}, 409),
        ({"taps": [tap]}, 409),
    ):
        assert tablet.post("taps", body).status_code == status
    assert tablet.client.get(f"{tablet.door}taps/").status_code == 403
    assert not CheckIn.objects.exists()


def test_who_may_not_stand_here_gets_no_list_and_sends_nothing(
    event: LegalEducationEvent, other_worker: User, community: Community
) -> None:
    register(event, by=SYSTEM, name="冯老伯")
    mediator = user_with_role("mediator", "mediator", community=community)
    resident = neighbour(community, 1).user
    assert resident is not None
    for user, status in ((other_worker, 404), (mediator, 403), (resident, 302)):
        tablet = Tablet(user, event)
        tap = {"key": "k", "name": "来客", "kind": "in", "at": timezone.now().isoformat()}
        assert tablet.client.get(f"{tablet.door}list/").status_code == status
        assert tablet.client.get(f"{tablet.door}worker.js").status_code == status
        assert tablet.post("search", {"q": "冯"}).status_code == status
        sent = tablet.post("taps", {"account": tablet.account, "taps": [tap]})
        assert sent.status_code == status
    assert not CheckIn.objects.exists()


def test_search_finds_by_initials_door_and_digits_and_offers_the_roster(
    event: LegalEducationEvent, tablet: Tablet, building: Building
) -> None:
    def person(name: str, phone: str, room: str) -> Resident:
        given = {"community": building.community, "building": building}
        return gate.save(Resident(name=name, phone=phone, room=room, **given), by=SYSTEM)

    known = register(event, by=SYSTEM, resident=person("冯知秋", "13900000011", "501"))
    stranger = register(event, by=SYSTEM, name="陈若水", phone="13900000012")
    beside = person("沈知行", "13900000031", "302")

    def found(wanted: Any) -> tuple[list[int], list[int]]:
        answer = tablet.post("search", {"q": wanted}).json()
        return answer["rows"], [one["id"] for one in answer["people"]]

    for wanted in ("冯", "冯知秋", "fzq", "FZ", "0011", "501", "3-501"):
        assert found(wanted) == ([known.pk], []), wanted
    for wanted in ("crs", "0012", stranger.code):
        assert found(wanted) == ([stranger.pk], []), wanted
    assert found("szx") == ([], [beside.pk])
    assert found("11") == ([], [])
    assert found("") == ([], [])
    answer = tablet.send({"key": "k", "resident": beside.pk})
    assert answer[0]["walkIn"]["resident"] == beside.pk
    assert Attendance.objects.get().resident == beside
    assert tablet.listed()["walkIns"][0]["name"] == "沈*"


def test_a_steward_finds_the_own_estate_and_undoes_the_own_walk_in(
    event: LegalEducationEvent, community: Community, estate: Estate, building: Building
) -> None:
    elsewhere = gate.save(Estate(community=community, name="滨河苑"), by=SYSTEM)
    house = gate.save(Building(community=community, estate=elsewhere, name="9"), by=SYSTEM)
    other = Resident(community=community, name="冯远山", phone="13900000019", building=house)
    own = Resident(community=community, name="冯知秋", phone="13900000011", building=building)
    far = register(event, by=SYSTEM, resident=gate.save(other, by=SYSTEM))
    near = register(event, by=SYSTEM, resident=gate.save(own, by=SYSTEM))
    steward = user_with_role("steward", "steward", community=community, estate=estate)
    tablet = Tablet(steward, event)
    assert [row["id"] for row in tablet.listed()["rows"]] == [near.pk]
    assert tablet.post("search", {"q": "冯"}).json()["rows"] == [near.pk]
    assert tablet.send({"key": "a", "registration": far.pk})[0]["code"] == "not_found"
    tablet.send({"key": "b", "name": "路过的"})
    (walk_in,) = tablet.listed()["walkIns"]
    assert tablet.send({"key": "c", "line": walk_in["line"], "kind": "void"})[0]["ok"]
    assert tablet.listed()["walkIns"] == []
    assert heads(event) == 0
