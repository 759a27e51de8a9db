"""Boards and steps for many on the staff pages: who sees what, who may do what, and the way back."""

import datetime
import re
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from backend.core import gate, many
from backend.core.access import SYSTEM, Actor
from backend.core.admin import RegisterAdmin
from backend.core.gate_rights import may_write
from backend.core.models import ChangeSet
from backend.core.returning import going_back_to
from backend.core.roles import Role
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import Resident, User
from backend.places.models import Community
from tests.access.world import HOME, client_of, granted, row_of
from tests.conftest import new_event, user_with_role
from tests.core.residents import PHONE, resident, table

HEAD = "/admin/education/legaleducationevent/"
BOARD = f"{HEAD}board/"
BOARDS: dict[str, Any] = {
    register.model._meta.label: register
    for register in admin.site._registry.values()
    if isinstance(register, RegisterAdmin) and register.board is not None
}


def page_of(user: User) -> Client:
    """A client that is signed in."""
    client = Client()
    client.force_login(user)
    return client


def cards(page: Any) -> dict[str, list[str]]:
    """The titles of a board, by state."""
    return {
        one["column"].state: [item["card"].title for item in one["cards"]]
        for one in page.context["columns"]
    }


def steps(page: Any) -> dict[int, set[str]]:
    """The steps offered, by record."""
    return {
        item["card"].record.pk: {
            step["verb"] for step in [*item["steps"], *item["pages"], *item["asked"]]
        }
        for one in page.context["columns"]
        for item in one["cards"]
    }


@pytest.fixture
def events(venue: Venue) -> list[LegalEducationEvent]:
    """One planned, two open, one of them to come."""
    day = timezone.now() + datetime.timedelta(days=2)
    made = [
        gate.save(new_event(venue, code="pf-plan", title="筹备的"), by=SYSTEM),
        gate.save(new_event(venue, code="pf-over", title="办过的"), by=SYSTEM),
        gate.save(
            new_event(
                venue,
                code="pf-next",
                title="后天的",
                starts_at=day,
                ends_at=day + datetime.timedelta(hours=1),
            ),
            by=SYSTEM,
        ),
    ]
    return made[:1] + [gate.move(event, "open", by=SYSTEM) for event in made[1:]]


@pytest.mark.django_db
def test_a_board_shows_the_most_urgent_first_under_the_lists_filters(
    worker: User, events: list[LegalEducationEvent]
) -> None:
    page = page_of(worker).get(BOARD)
    assert cards(page)["open"] == ["办过的", "后天的"]
    tones = {i["card"].title: i["card"].tone for o in page.context["columns"] for i in o["cards"]}
    assert tones == {"筹备的": "late", "办过的": "late", "后天的": "soon"}
    assert "逾期 1 天" in page.content.decode()
    filtered = page_of(worker).get(BOARD, {"status__exact": "open", "q": "后天"})
    assert cards(filtered) == {
        "planned": [],
        "open": ["后天的"],
        "held": [],
        "archived": [],
        "cancelled": [],
    }
    # What the list does not offer as a filter, the board does not either.
    assert page_of(worker).get(BOARD, {"speaker__startswith": "周"}).status_code in (302, 400)


@pytest.mark.django_db
def test_what_is_more_is_in_the_list(
    worker: User, events: list[LegalEducationEvent], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.core.boards.MOST_CARDS", 1)
    page = page_of(worker).get(BOARD, {"q": "的"})
    said = page.content.decode()
    assert "还有 1 条" in said
    (column,) = [o for o in page.context["columns"] if o["column"].state == "open"]
    listed = page_of(worker).get(column["url"])
    assert {row.title for row in listed.context["cl"].result_list} == {"办过的", "后天的"}


@pytest.mark.django_db
def test_a_step_from_the_board_leads_back_and_can_be_taken_back(
    worker: User, events: list[LegalEducationEvent]
) -> None:
    client, over = page_of(worker), events[1]
    back = f"{BOARD}?status__exact=open#card-{over.pk}"
    address = f"{HEAD}{over.pk}/move/hold/"
    done = client.post(going_back_to(address, back), {"at": "board"})
    assert (done.status_code, done["Location"]) == (302, back)
    over.refresh_from_db()
    assert over.status == "held"
    said = client.get(BOARD).content.decode()
    made = ChangeSet.objects.latest("pk")
    assert f"{HEAD}bulk/done/{made.pk}/" in said
    client.post(f"{HEAD}bulk/done/{made.pk}/")
    over.refresh_from_db()
    assert over.status == "open"


@pytest.mark.django_db
def test_a_refused_step_says_why_and_leaves_the_card(
    worker: User, events: list[LegalEducationEvent]
) -> None:
    client, coming = page_of(worker), events[2]
    before = table(LegalEducationEvent)
    done = client.post(f"{HEAD}{coming.pk}/move/hold/?from={BOARD}", {"at": "board"}, follow=True)
    (told,) = [str(message) for message in done.context["messages"]]
    assert told.startswith("后天的：")
    assert "后天的" in cards(done)["open"]
    assert table(LegalEducationEvent) == before


@pytest.mark.django_db
def test_nobody_sees_a_board_of_others(
    community: Community,
    other_worker: User,
    resident_user: User,
    events: list[LegalEducationEvent],
) -> None:
    assert page_of(resident_user).get(BOARD).status_code == 302
    seen = page_of(other_worker).get(BOARD)
    assert all(not titles for titles in cards(seen).values())
    mediator = page_of(user_with_role("mediator", "mediator", community=community))
    assert mediator.get("/admin/privacy/subjectrequest/board/").status_code == 403
    # Nor moves what one does not see.
    target = f"{HEAD}{events[1].pk}/move/hold/?from={BOARD}"
    assert page_of(other_worker).post(target, {"at": "board"}).status_code == 403
    # A register that declares none has none.
    assert page_of(other_worker).get("/admin/places/estate/board/").status_code in (302, 404)


@pytest.mark.django_db
def test_who_only_reads_is_offered_no_step(
    community: Community, events: list[LegalEducationEvent]
) -> None:
    office = user_with_role("office", "office", subdistrict=community.subdistrict)
    page = page_of(office).get(BOARD)
    assert cards(page)["open"] == ["办过的", "后天的"]
    assert set().union(*steps(page).values()) == set()
    listed = page_of(office).get(HEAD).content.decode()
    assert "bulk_hold" not in listed


# --- many at once --------------------------------------------------------------------------------


def hidden_of(response: Any, *words: str) -> dict[str, list[str]]:
    """What the page's form with one of these words in it sends."""
    forms = re.findall(r"<form.*?</form>", response.content.decode(), re.S)
    form = next(form for form in forms if any(word in form for word in words))
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(value)
    return sent


def chosen(*rows: Any, **more: str) -> dict[str, Any]:
    """What the list sends for the rows ticked."""
    return {"_selected_action": [row.pk for row in rows], **more}


@pytest.mark.django_db
def test_many_are_counted_then_done_then_taken_back(
    worker: User, events: list[LegalEducationEvent]
) -> None:
    client, before = page_of(worker), table(LegalEducationEvent, "revision", "updated_at")
    listed = f"{HEAD}?o=1"
    asked = client.post(listed, chosen(*events, action="bulk_hold", index="0"))
    assert (asked.context["good"], asked.context["stayed"]) == (1, 2)
    assert table(LegalEducationEvent, "revision", "updated_at") == before
    assert asked.context["back"] == listed
    done = client.post(asked.context["action"], chosen(*events, sure="1"), follow=True)
    assert (done.context["count"], done.context["stayed"], done.context["back"]) == (1, 2, listed)
    whys = {group["count"] for group in done.context["refused"]}
    assert whys == {1}
    undone = client.post(done.request["PATH_INFO"], follow=True)
    assert [str(message) for message in undone.context["messages"]] == [
        "已撤销，1 条恢复到原来的样子。"
    ]
    assert table(LegalEducationEvent, "revision", "updated_at") == before


@pytest.mark.django_db
def test_a_reason_is_asked_once_and_all_or_nothing_does_nothing(
    worker: User, events: list[LegalEducationEvent]
) -> None:
    client = page_of(worker)
    held = gate.move(events[1], "hold", by=SYSTEM)
    archived = gate.save(new_event(held.venue, code="pf-arc"), by=SYSTEM)
    for verb in ("open", "hold", "archive"):
        archived = gate.move(archived, verb, by=SYSTEM)
    rows = chosen(archived, held, sure="1")
    said = client.post(f"{HEAD}bulk/reopen/", rows)
    assert "需要写明原因" in said.content.decode()
    whole = rows | {"reason": "补录签到表", "policy": "all_or_nothing"}
    said = client.post(f"{HEAD}bulk/reopen/", whole)
    assert "一条也没有办" in said.content.decode()
    archived.refresh_from_db()
    assert archived.status == "archived"
    done = client.post(f"{HEAD}bulk/reopen/", rows | {"reason": "补录签到表"}, follow=True)
    assert (done.context["count"], done.context["stayed"]) == (1, 1)
    assert ChangeSet.objects.latest("pk").reason == "补录签到表"


@pytest.mark.django_db
def test_nobody_does_to_many_what_may_not_be_done_to_one(
    community: Community,
    secretary: User,
    other_worker: User,
    events: list[LegalEducationEvent],
) -> None:
    before = table(LegalEducationEvent)
    rows = chosen(*events, sure="1")
    stranger = page_of(other_worker).post(f"{HEAD}bulk/hold/", rows)
    assert "没有选中记录" in stranger.content.decode()
    office = page_of(user_with_role("office", "office", subdistrict=community.subdistrict))
    assert office.post(f"{HEAD}bulk/hold/", rows).status_code == 403
    # A worker edits events and deletes none; a move that is not offered for many is none here.
    worker = page_of(user_with_role("helper", "worker", community=community))
    assert worker.post(f"{HEAD}bulk/delete/", rows).status_code == 403
    assert worker.post(f"{HEAD}bulk/cancel/", rows).status_code == 403
    assert table(LegalEducationEvent) == before
    # What somebody did is theirs to take back, or the secretary's, who reads the history.
    worker.post(f"{HEAD}bulk/hold/", rows)
    done = f"{HEAD}bulk/done/{ChangeSet.objects.latest('pk').pk}/"
    colleague = page_of(user_with_role("colleague", "worker", community=community))
    assert page_of(other_worker).get(done).status_code == 403
    assert colleague.post(done).status_code == 403
    assert LegalEducationEvent.objects.filter(status="held").count() == 1
    assert page_of(secretary).get(done).status_code == 200
    page_of(secretary).post(done)
    assert not LegalEducationEvent.objects.filter(status="held").exists()


@pytest.mark.django_db
@pytest.mark.parametrize("across", [True, False], ids=["all of the list", "ticked"])
def test_more_than_one_step_takes_are_gone_on_with(
    worker: User, events: list[LegalEducationEvent], monkeypatch: pytest.MonkeyPatch, across: bool
) -> None:
    for module in ("bulk_pages", "many"):
        monkeypatch.setattr(f"backend.core.{module}.MOST_AT_ONCE", 1)
    assert many.MOST_AT_ONCE == 1
    client, listed = page_of(worker), f"{HEAD}?o=1"
    # One is in another state: it is put aside, and nobody looks at it.
    keys = sorted(event.pk for event in events if event.status == "open")
    assert len(keys) == len(events) - 1
    first = chosen(*events, action="bulk_hold", index="0", select_across="1" if across else "0")
    asked = client.post(listed, first)
    seen = []
    # Page after page, as the buttons send it: done where something can be, passed over where not.
    for left in (1, 0):
        seen += [row.pk for row in asked.context["rows"]]
        assert (asked.context["chosen"], asked.context["rest"].left) == (2 * left + 1, left)
        assert ("1 条的状态不能办这一步" in asked.content.decode()) == bool(left)
        assert ("一次办 1 条" in asked.content.decode()) == bool(left)
        if asked.context["good"]:
            asked = client.post(
                asked.context["action"], hidden_of(asked, 'name="sure"'), follow=True
            )
            assert (asked.context["count"], asked.context["rest"].left) == (1, left)
        if left:
            asked = client.post(asked.context["back"], hidden_of(asked, "接着办", "跳过这些"))
    assert seen == keys
    assert LegalEducationEvent.objects.filter(status="held").count() == 1


@pytest.mark.django_db
def test_deleting_many_says_what_cannot_go_and_comes_back(
    community: Community, secretary: User
) -> None:
    free = gate.save(resident(community, "李一"), by=SYSTEM)
    named = gate.save(resident(community, "李二", PHONE), by=SYSTEM)
    held = user_with_role("resident", "resident", community=community)
    named.user = held
    gate.save(named, by=SYSTEM)
    before = table(Resident, "revision", "updated_at")
    client = page_of(secretary)
    head = "/admin/people/resident/"
    asked = client.post(head, chosen(free, named, action="delete_selected", index="0"))
    assert asked.context["good"] + asked.context["stayed"] == 2
    done = client.post(asked.context["action"], chosen(free, sure="1"), follow=True)
    assert done.context["count"] == 1
    assert not Resident.objects.filter(pk=free.pk).exists()
    client.post(done.request["PATH_INFO"])
    assert table(Resident, "revision", "updated_at") == before


# --- every board ---------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.usefixtures("_demo_data")
@pytest.mark.django_db(databases="__all__")
@pytest.mark.parametrize("role", [Role.SECRETARY, Role.STEWARD, Role.OFFICE])
@pytest.mark.parametrize("label", BOARDS)
def test_a_board_offers_the_steps_of_the_records_page(
    label: str, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One card of each state: what the board asks of the table, the page asks of the gate."""
    register = BOARDS[label]
    model = register.model
    row_of(model, HOME)
    if not granted(role, model.action("see")):
        pytest.skip("this role does not see the register")
    monkeypatch.setattr("backend.core.boards.MOST_CARDS", 1)
    monkeypatch.setattr("backend.core.boards.MOST_QUIET", 1)
    client = client_of(role)
    board = client.get(register._url("board"))
    by = Actor.of(board.wsgi_request.user, "test")
    found = steps(board)
    assert found
    for pk, offered in found.items():
        record = model._default_manager.get(pk=pk)
        page = client.get(register._url("change", pk))
        shown = {move["name"] for move in page.context["record_moves"]}
        own = {
            move.name
            for move in model.machine.available(getattr(record, model.machine.field))
            if move.name in register.board.pages and may_write(record, by, move.right)
        }
        assert offered == shown | own, record
