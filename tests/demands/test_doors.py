"""The staff pages: the window, the board, the pages of the steps, and what a handler sees of whom."""

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from backend.core.access import Actor
from backend.core.desk.waiting import rows_waiting
from backend.core.origins import origin_called
from backend.demands import actions, handling
from backend.demands.models import Demand
from backend.messaging.models import InboxMessage
from backend.people.models import User
from tests.demands.conftest import Hall, ago, fresh, new, registered

pytestmark = pytest.mark.django_db


def signed_in(by: Actor) -> Client:
    client = Client()
    client.force_login(by.user)
    return client


def page(by: Actor, name: str, *args: Any, **query: str) -> str:
    answer = signed_in(by).get(reverse(f"admin:demands_demand_{name}", args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return str(answer.content.decode())


def post(by: Actor, name: str, *args: Any, **given: str) -> Any:
    return signed_in(by).post(reverse(f"admin:demands_demand_{name}", args=args), given)


WINDOW = {
    "content": "楼道灯不亮",
    "reporter_phone": "13900012345",
    "urgency": "ordinary",
    "kind": "complaint",
    "channel": "window",
    "received_at_0": "2025-06-03",
    "received_at_1": "09:30",
}


def test_the_window_needs_few_fields_and_finds_the_resident(hall: Hall) -> None:
    assert "13900012345" not in page(hall.worker, "add")
    answer = post(hall.worker, "add", **WINDOW)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    made = Demand.objects.get()
    assert (made.code, made.resident, made.reporter_name) == (
        "sq-xinhe-2025-0001",
        hall.person,
        "司马青云",
    )
    refused = post(hall.worker, "add", **WINDOW | {"content": ""})
    assert refused.status_code == 200
    assert Demand.objects.count() == 1
    for name, args in (("changelist", ()), ("board", ()), ("change", (made.pk,))):
        shown = page(hall.secretary, name, *args)
        assert made.code in shown or "楼道灯不亮" in shown
        assert "司马青云" not in shown
        assert "13900012345" not in shown
    assert "楼道灯不亮" in page(hall.secretary, "changelist", pressing="overdue")


def test_each_step_has_its_page(hall: Hall) -> None:
    demand = registered(hall, resident=hall.person)
    assert "承办单位" in page(hall.worker, "assign", demand.pk)
    assert post(hall.worker, "assign", demand.pk, organization="").status_code == 200
    post(hall.worker, "assign", demand.pk, organization=str(hall.company.pk))
    assert fresh(demand).assigned_to == hall.company
    # Their contact is told, and so was the resident, each of what had happened.
    told = dict(InboxMessage.objects.values_list("template", "user"))
    assert told == {
        "demand_assigned": hall.contact.user.pk,
        "demand_registered": hall.resident.user.pk,
    }
    post(hall.contact, "move", demand.pk, "take_up")
    post(hall.contact, "respond", demand.pk, text="今天去看")
    post(hall.worker, "extend", demand.pk, days="99", reason="等料")
    assert fresh(demand).extended_days == 0
    post(hall.worker, "extend", demand.pk, days="2", reason="等料")
    post(hall.contact, "move", demand.pk, "resolve", reason="灯已换好")
    post(hall.secretary, "confirm", demand.pk, satisfied="yes")
    post(hall.worker, "move", demand.pk, "close")
    done = fresh(demand)
    assert (done.status, done.satisfied, done.extended_days) == ("closed", True, 2)
    assert done.response == "今天去看"
    shown = page(hall.worker, "change", demand.pk)
    assert "灯已换好" in shown
    other, third = registered(hall), registered(hall)
    wrong = post(hall.secretary, "mark_duplicate", other.pk, original="sq-none", reason="同一件")
    assert "没有这个编号" in wrong.content.decode()
    post(hall.secretary, "mark_duplicate", other.pk, original=third.code, reason="同一件")
    assert fresh(other).duplicate_of == third


def test_a_handler_sees_the_own_ones_and_not_who_asked_to_be_hidden(hall: Hall) -> None:
    open_one, hidden = (
        registered(hall, resident=hall.person, reporter_hidden=hide) for hide in (False, True)
    )
    registered(hall, content="另一家的事")
    for demand in (open_one, hidden):
        handling.assign(demand, hall.company, by=hall.worker)
    shown = page(hall.contact, "changelist")
    assert open_one.code in shown
    assert "另一家的事" not in shown
    columns = {"cols": "code,reporter_name"}
    assert page(hall.contact, "changelist", **columns).count("司*") == 1
    assert page(hall.worker, "changelist", **columns).count("司*") == 2
    assert "司*" in page(hall.contact, "change", open_one.pk)
    told = page(hall.contact, "change", hidden.pk)
    assert "司*" not in told
    assert "司马" not in told
    assert "****2345" not in told
    # Staff see the mask, and the other company nothing.
    assert "司*" in page(hall.worker, "change", hidden.pk)
    away = signed_in(hall.other_contact).get(
        reverse("admin:demands_demand_change", args=[hidden.pk])
    )
    assert away.status_code in (302, 403, 404)
    # Of its work the contact's day tells: to answer and to solve what is the own body's.
    waits = rows_waiting("demands_to_solve", hall.contact.user)
    assert {row.pk for row in waits} == {open_one.pk, hidden.pk}
    assert not rows_waiting("demands_to_solve", hall.other_contact.user).exists()


def test_a_history_names_no_reporter_who_asked_to_be_hidden(hall: Hall) -> None:
    """Who brings a matter forward by the own account acts on it, and so stands in its history."""
    User.objects.filter(pk=hall.resident.user.pk).update(first_name="司马青云")
    hide, show = (
        actions.register_own(new(hall, reporter_hidden=hidden), by=hall.resident)
        for hidden in (True, False)
    )
    for demand in (hide, show):
        handling.assign(demand, hall.company, by=hall.worker)
        handling.move(demand, "take_up", by=hall.contact)
        handling.move(demand, "resolve", by=hall.contact, reason="灯已换好")
        # By their own account: the last move, and so the first line.
        handling.move(demand, "reopen", by=hall.resident, reason="还是不亮")
    for name in ("change", "history"):
        told = page(hall.contact, name, hide.pk)
        assert "反映人" in told
        assert "neighbour" not in told
        assert "司马" not in told
        # The control: who asks for nothing is named, and staff know everybody.
        assert "neighbour" in page(hall.contact, name, show.pk)
        assert "neighbour" in page(hall.worker, name, hide.pk)


def test_a_steward_registers_and_works_in_the_own_estate(hall: Hall) -> None:
    answer = post(hall.steward, "add", **WINDOW | {"estate": str(hall.estate.pk)})
    assert answer.status_code == 302
    made = Demand.objects.get()
    assert made.estate == hall.estate
    assert rows_waiting("demands_to_assign", hall.steward.user).get() == made
    assert "马上办" in page(hall.steward, "board")
    post(hall.steward, "move", made.pk, "resolve_on_the_spot", reason="已换灯")
    assert fresh(made).status == "resolved"
    elsewhere = registered(hall, estate=None)
    assert not rows_waiting("demands_to_assign", hall.steward.user).exists()
    refused = post(hall.steward, "move", elsewhere.pk, "resolve_on_the_spot", reason="办")
    assert refused.status_code in (302, 403)
    assert fresh(elsewhere).status == "registered"


def test_what_waits_too_long_is_put_before_a_meeting_and_names_nobody(hall: Hall) -> None:
    origin = origin_called("demand")
    assert origin is not None
    late = registered(hall, received_at=ago(days=30), content="司马青云反映路灯不亮")
    plain = registered(hall, received_at=ago(days=30), content="路灯不亮")
    registered(hall)
    solved = registered(hall, received_at=ago(days=30))
    actions.DEMAND_VERBS["resolve_on_the_spot"](solved, by=hall.worker, reason="好了")
    found = list(origin.candidates(hall.secretary.user, hall.community.pk))
    assert found == [late, plain]
    texts = [origin.title(row) + origin.text(row) for row in found]
    assert not any("司马" in text for text in texts)
    assert "路灯不亮" in texts[1]
    assert late.code in texts[0]


def test_settings_and_categories_are_the_communitys(hall: Hall) -> None:
    from_page = signed_in(hall.secretary)
    for name in ("demandsettings", "demandcategory"):
        for view in ("changelist", "add"):
            assert from_page.get(reverse(f"admin:demands_{name}_{view}")).status_code == 200
    given = {
        "urgent_hours": "12",
        "ordinary_days": "3",
        "response_days": "0",
        "extension_days": "5",
        "return_days": "1",
        "old_days": "7",
    }
    answer = from_page.post(reverse("admin:demands_demandsettings_add"), given)
    assert answer.status_code == 302
    made = registered(hall, urgency="urgent", received_at=ago(hours=1))
    assert made.due_at is not None
    assert (made.due_at - made.received_at).total_seconds() == 12 * 3600
    zero = from_page.post(
        reverse("admin:demands_demandsettings_add"), given | {"ordinary_days": "0"}
    )
    assert zero.status_code == 200


def test_on_a_phone_the_resident_brings_it_forward_and_the_handler_works_on_it(hall: Hall) -> None:
    mine, theirs = signed_in(hall.resident), signed_in(hall.contact)
    mine.post("/demands/", {"content": "", "address": ""})
    assert not Demand.objects.exists()
    mine.post("/demands/", {"content": "单元门关不上", "hidden": "1"})
    demand = Demand.objects.get()
    assert (demand.resident, demand.channel, demand.reporter_hidden) == (hall.person, "app", True)
    here = f"/demands/{demand.code}/"
    assert theirs.get(here).status_code == 404
    handling.assign(demand, hall.company, by=hall.worker)
    assert "单元门关不上" in theirs.get("/demands/").content.decode()
    shown = theirs.get(here).content.decode()
    assert "匿名" in shown
    assert "司" not in shown
    # Neither does somebody else's word.
    assert theirs.post(here, {"do": "confirm"}).status_code == 404
    for step, text in (("take_up", ""), ("respond", "今天去"), ("resolve", "换了闭门器")):
        theirs.post(here, {"do": step, "text": text})
    assert fresh(demand).status == "resolved"
    mine.post(here, {"do": "reopen", "text": "又坏了"})
    theirs.post(here, {"do": "take_up"})
    theirs.post(here, {"do": "resolve", "text": "换了新的"})
    mine.post(here, {"do": "confirm"})
    done = fresh(demand)
    assert (done.status, done.satisfied, done.response) == ("confirmed", True, "今天去")
    other = registered(hall)
    handling.assign(other, hall.company, by=hall.worker)
    gone = theirs.post(f"/demands/{other.code}/", {"do": "give_back", "text": "不归我们"})
    assert gone.status_code == 302
    assert fresh(other).status == "returned"
    assert "/demands/" in mine.get("/accounts/").content.decode()


def test_the_page_offers_one_next_step_and_says_what_one_may_not_do_oneself(hall: Hall) -> None:
    demand = registered(hall)
    shown = page(hall.worker, "change", demand.pk)
    # The number was given once, and is no field; no days were added, which is nothing to tell.
    assert 'name="code"' not in shown
    assert "field-extended_days" not in shown
    (first,) = re.findall(r'<a class="ll-button ll-button--primary" href="([^"]+)"', shown)
    assert f"/{demand.pk}/assign/" in first
    post(hall.worker, "assign", demand.pk, organization=str(hall.company.pk))
    post(hall.worker, "move", demand.pk, "take_up")
    asked = page(hall.worker, "move", demand.pk, "resolve")
    assert "怎样解决的（必填）" in asked
    refused = post(hall.worker, "move", demand.pk, "resolve", reason=" ")
    assert "登记解决需要写明怎样解决的" in refused.content.decode()
    post(hall.worker, "move", demand.pk, "resolve", reason="灯已换好")
    # Who solved it confirms it not: the button is there, with the reason, and leads nowhere.
    own = page(hall.worker, "change", demand.pk)
    assert "现在不能“登记确认”" in own
    assert f"/{demand.pk}/confirm/" not in own
    assert f"/{demand.pk}/confirm/" in page(hall.secretary, "change", demand.pk)
    # What a form points at is deleted on its own page alone.
    assert "delete_id_" not in page(hall.secretary, "add")
    # One who has registered it is told the same of its duplicates.
    assert "现在不能“标为重复”" in page(hall.worker, "change", registered(hall).pk)
