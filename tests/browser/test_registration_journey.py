"""The evening in a browser: a call at the desk, a poster, a phone, and the list at the door."""

import datetime
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education import actions
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Registration
from backend.education.tickets import poster_token
from backend.people.models import CommunityRole, Resident, User
from tests.browser.conftest import keep_picture

pytestmark = [pytest.mark.slow, pytest.mark.once]

PHONE = {"width": 390, "height": 844}


def sign_in(page: Page, name: str) -> None:
    page.goto("/admin/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", f"demo-{name}")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")


def neighbour(event: LegalEducationEvent) -> User:
    """A resident with an account."""
    user = User.objects.create_user("zhang", password="demo-zhang")
    term = {"community": event.community, "valid_from": datetime.date(2025, 1, 1)}
    gate.save(CommunityRole(user=user, role="resident", **term), by=SYSTEM)
    person = Resident.objects.get(name="张安然")
    person.user = user
    gate.save(person, by=SYSTEM)
    return user


def test_from_the_call_at_the_desk_to_the_door(
    page: Page, neighbourhood: LegalEducationEvent
) -> None:
    event = LegalEducationEvent.objects.get(pk=neighbourhood.pk)
    event.capacity = 2
    event = actions.save_event(event, by=SYSTEM)
    neighbour(event)
    sign_in(page, "worker")
    change = f"/admin/education/legaleducationevent/{event.pk}/change/"

    # An old man calls, and the worker enters him: name and phone, for he is not on the roster.
    page.goto(change)
    page.click("text=登记报名")
    page.fill("input[name=name]", "冯老伯")
    page.fill("input[name=phone]", "13912345678")
    page.select_option("select[name=source]", "phone")
    page.click("button[name=_save]")
    expect(page.locator("body")).to_contain_text("冯*")
    assert Registration.objects.get().status == "confirmed"

    page.goto(change)
    expect(page.locator(".ll-actions").first).to_contain_text("报名 1/2")
    page.goto(f"/admin/education/registration/?event__id__exact={event.pk}")

    # The poster for the notice board.
    page.goto(f"/admin/education/legaleducationevent/{event.pk}/poster/")
    expect(page.locator(".po-code svg")).to_be_visible()
    keep_picture(page, "poster")

    # At the door, on a phone.
    page.set_viewport_size(PHONE)
    page.goto(f"/admin/education/legaleducationevent/{event.pk}/door/")
    expect(page.locator(".dr-row")).to_contain_text("尾号 5678")
    page.click(".dr-row button:has-text('签到')")
    expect(page.locator(".dr-row--here")).to_have_count(1)
    page.fill(".dr-walkin input[name=name]", "路过的邻居")
    page.fill(".dr-walkin input[name=companions]", "2")
    page.click(".dr-walkin button")
    expect(page.locator(".dr-row--here")).to_have_count(2)
    expect(page.locator("[data-net]")).to_be_hidden()
    expect(page.locator(".dr-heads")).to_contain_text("已到 4 人")
    assert Attendance.objects.count() == 2
    assert CheckIn.objects.filter(success=True).count() == 2


def test_a_resident_scans_the_poster(page: Page, neighbourhood: LegalEducationEvent) -> None:
    event = LegalEducationEvent.objects.get(pk=neighbourhood.pk)
    event.capacity = 3
    event = actions.save_event(event, by=SYSTEM)
    neighbour(event)
    poster = f"/e/{poster_token(event)}/"
    page.set_viewport_size(PHONE)
    page.goto(poster)
    expect(page.locator("body")).to_contain_text("还剩 3 个")
    expect(page.locator("body")).to_contain_text("登录后报名")
    # The admin's page lets only staff in: the session is made as an app would.
    page.context.add_cookies([_session(page, "zhang")])
    page.goto(poster)
    page.select_option("select[name=size]", "3")
    keep_picture(page, "event-phone")
    page.click("button[value=register]")
    expect(page.locator("body")).to_contain_text("报名成功")
    expect(page.locator("body")).to_contain_text("还剩 0 个")
    page.click("text=出示报名码")
    expect(page.locator(".ev-code svg")).to_be_visible()
    keep_picture(page, "ticket-phone")
    page.goto(poster)
    page.click("text=取消报名")
    expect(page.locator("body")).to_contain_text("还剩 3 个")
    assert Registration.objects.get().status == "withdrawn"


def _session(page: Page, name: str) -> Any:
    client = Client()
    client.force_login(User.objects.get(username=name))
    value = client.cookies["sessionid"].value
    return {"name": "sessionid", "value": value, "url": page.context.pages[0].url}
