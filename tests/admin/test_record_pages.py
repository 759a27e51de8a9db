"""A record's page: its way, its buttons with their reasons, its last changes, and the way back."""

import datetime
import re
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from backend.core import gate, record_history
from backend.core.access import SYSTEM, Actor
from backend.education import actions
from backend.education.models import Attendance, LegalEducationEvent, Venue
from backend.people.models import User
from tests.admin.test_reveal_pages import sent_back
from tests.conftest import new_event
from tests.schema.asking import ask, caller

ACTIONS = """query($code: String!) { legalEducationEvent(code: $code) {
    availableActions { name allowed reason } } }"""


def page_of(event: LegalEducationEvent) -> str:
    return f"/admin/education/legaleducationevent/{event.pk}/change/"


def held(event: LegalEducationEvent) -> LegalEducationEvent:
    return actions.hold_event(event, by=SYSTEM)


def test_the_page_tells_the_way_and_what_may_follow(
    event_open: LegalEducationEvent, worker: User
) -> None:
    User.objects.filter(pk=worker.pk).update(first_name="方晓")
    worker.refresh_from_db()
    actions.hold_event(event_open, by=Actor.of(worker, "admin"))
    page = caller(worker).get(page_of(event_open)).content.decode()
    way = page.partition('class="ll-way"')[2].partition("</ol>")[0]
    steps = [re.sub(r"<[^>]+>|\s+", " ", step) for step in way.split("<li ")[1:]]
    day = f"{timezone.localdate():%Y-%m-%d}"
    for step, *told in zip(
        steps,
        ("筹备中", "开放报名", "已举办", "已归档"),
        ("", "开放报名", "方晓（worker）", "接下来可能"),
        (day, day, day, "归档"),
        strict=True,
    ):
        for word in told:
            assert word in step, (word, steps)
    assert way.count('aria-current="step"') == 1


def test_a_move_that_the_rules_refuse_is_shown_with_its_reason_and_the_api_says_the_same(
    event_open: LegalEducationEvent, worker: User
) -> None:
    event = held(event_open)
    client = caller(worker)
    answer = client.get(page_of(event))
    shown = {move["name"]: move["why"] for move in answer.context["record_moves"]}
    told = ask(client, ACTIONS, code=event.code)["data"]["legalEducationEvent"]["availableActions"]
    assert {one["name"]: one["reason"] for one in told} == shown
    assert shown["archive"] is not None
    page = answer.content.decode()
    assert shown["archive"] in page
    assert f"/{event.pk}/move/archive/" not in page
    assert re.search(r'<button[^>]*aria-disabled="true" aria-describedby="why-archive">归档', page)
    # By its address it is told at once, and refused by the same rule.
    move = f"/admin/education/legaleducationevent/{event.pk}/move/archive/"
    assert shown["archive"] in client.get(move).content.decode()
    assert shown["archive"] in client.post(move).content.decode()
    # With somebody there, the button is one.
    gate.save(Attendance(community=event.community, event=event, name="来宾甲"), by=SYSTEM)
    answer = client.get(page_of(event))
    assert [move["why"] for move in answer.context["record_moves"]] == [None]
    assert f"/{event.pk}/move/archive/" in answer.content.decode()
    assert client.post(move).status_code == 302


TODAY = "/admin/"
HERE = quote(TODAY, safe="")
LIST = "/admin/education/legaleducationevent/"


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("", "record"),
        (f"?from={quote(TODAY, safe='')}", TODAY),
        ("?_changelist_filters=status__exact%3Dopen", f"{LIST}?status__exact=open"),
        # Never to another's page.
        ("?from=https%3A%2F%2Fevil.example%2F", "record"),
        ("?from=%2F%2Fevil.example%2F", "record"),
        ("?from=javascript%3Aalert(1)", "record"),
        ("?from=elsewhere", "record"),
    ],
)
def test_a_move_leads_back_to_where_one_came_from(
    event_open: LegalEducationEvent, worker: User, query: str, place: str
) -> None:
    client = caller(worker)
    page = client.get(page_of(event_open) + query)
    url = next(m["url"] for m in page.context["record_moves"] if m["name"] == "hold")
    answer = client.post(url)
    assert answer.status_code == 302
    assert answer["Location"] == (page_of(event_open) if place == "record" else place)
    told = client.get(TODAY).content.decode()
    assert "已标记为已举办。" in told
    named = re.search(rf'href="{page_of(event_open)}">[^<]+</a>：已标记为已举办。', told)
    assert (named is not None) == (place != "record")


def test_a_save_leads_back_and_saving_on_keeps_the_way(
    event_open: LegalEducationEvent, worker: User
) -> None:
    client = caller(worker)
    address = f"{page_of(event_open)}?from={quote(TODAY, safe='')}"
    sent = sent_back(client.get(address), topic="邻里纠纷")
    assert client.post(address, sent | {"_continue": "1"})["Location"] == address
    sent = sent_back(client.get(address), topic="民法典")
    assert client.post(address, sent)["Location"] == TODAY


def test_the_last_five_changes_stand_below(
    event_planned: LegalEducationEvent, worker: User
) -> None:
    for n in range(7):
        event_planned.topic = f"第{n}次"
        gate.save(event_planned, by=Actor.of(worker, "graphql"))
    answer = caller(worker).get(page_of(event_planned))
    lines = answer.context["record_recent"]
    assert [line.fields[0].after for line in lines] == [f"第{n}次" for n in (6, 5, 4, 3, 2)]
    page = answer.content.decode()
    assert f"{LIST}{event_planned.pk}/history/" in page.partition("最近的改动")[2]


def test_a_roster_is_not_opened_for_the_last_changes(
    venue: Venue, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = timezone.now() - datetime.timedelta(days=1)
    rows = [new_event(venue, title=f"第{n}场", starts_at=start) for n in range(3)]
    gate.save_many(rows, by=SYSTEM)
    assert len(record_history.recent_of(rows[0], worker)) == 1
    monkeypatch.setattr(record_history, "RECENT_ROWS", 2)
    assert record_history.recent_of(rows[0], worker) == ()


def test_the_way_and_the_last_changes_cost_the_same_whatever_the_history(
    event_open: LegalEducationEvent, worker: User
) -> None:
    client = caller(worker)

    def statements() -> int:
        with CaptureQueriesContext(
            connection,
        ) as caught:
            assert client.get(page_of(event_open)).status_code == 200
        return len(caught)

    statements()
    short = statements()
    for _ in range(9):
        _there_and_back(event_open)
    assert statements() <= short


def _there_and_back(event: LegalEducationEvent) -> None:
    fresh: Any = held(event)
    gate.move(fresh, "archive", by=SYSTEM)
    gate.move(fresh, "reopen", by=SYSTEM, reason="补录")
    LegalEducationEvent.objects.filter(pk=event.pk).update(status="open")


def test_a_long_way_begins_with_what_is_not_told(event_open: LegalEducationEvent) -> None:
    for _ in range(5):
        _there_and_back(event_open)
    made = record_history.moves_of(event_open, None)
    assert len(made) == record_history.STEPS + 1


def test_a_stranger_sees_neither_way_nor_buttons(
    event_open: LegalEducationEvent, other_worker: User
) -> None:
    assert caller(other_worker).get(page_of(event_open)).status_code == 302
    assert Client().get(page_of(event_open)).status_code == 302
