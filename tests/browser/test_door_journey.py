"""A steward at the door with a tablet: the network goes, the page is reloaded, everything arrives once."""

import datetime
import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page, expect

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education.arriving import Scan, check_in
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Registration
from backend.education.registering import register, withdraw_registration
from backend.education.tickets import ticket_token
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Building
from tests.browser.cable import Cable
from tests.browser.conftest import PATIENCE_MS, keep_picture, started_chromium

pytestmark = [
    pytest.mark.slow,
    pytest.mark.once,
    pytest.mark.django_db(transaction=True, databases="__all__"),
]

PHONE = {"width": 390, "height": 844}
PEOPLE = (("冯知秋", "13900000011"), ("陈若水", "13900000012"), ("褚明理", "13900000013"))


@pytest.fixture
def evening(neighbourhood: LegalEducationEvent) -> LegalEducationEvent:
    """An event of now, to which three neighbours are coming, and a steward of their estate."""
    event = LegalEducationEvent.objects.get(pk=neighbourhood.pk)
    event.starts_at = timezone.now() - datetime.timedelta(minutes=30)
    event.ends_at = event.starts_at + datetime.timedelta(hours=2)
    event = gate.save(event, by=SYSTEM)
    house = Building.objects.get(name="3")
    for number, (name, phone) in enumerate(PEOPLE):
        person = Resident(
            community=event.community, name=name, phone=phone, building=house, room=f"50{number}"
        )
        register(event, by=SYSTEM, resident=gate.save(person, by=SYSTEM), size=number + 1)
    steward = User.objects.create_user("steward", password="demo-steward", is_staff=True)
    role = CommunityRole(
        user=steward,
        role="steward",
        community=event.community,
        estate=house.estate,
        valid_from=datetime.date(2025, 1, 1),
    )
    gate.save(role, by=SYSTEM)
    return event


@pytest.fixture
def cable(live_server: Any) -> Iterator[Cable]:
    line = Cable(live_server.url)
    yield line
    line.close()


@pytest.fixture
def tablet(cable: Cable) -> Iterator[BrowserContext]:
    """A phone's browser behind the cable."""
    with started_chromium() as browser:
        context = browser.new_context(
            viewport=PHONE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=cable.url
        )
        context.set_default_timeout(PATIENCE_MS)
        yield context


def at_the_door(tablet: BrowserContext, event: LegalEducationEvent, keeps: bool = True) -> Page:
    """The page, from the sign-in on, when it is ready for the time without a network."""
    page = tablet.new_page()
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.goto("/admin/")
    page.fill("input[name=login]", "steward")
    page.fill("input[name=password]", "demo-steward")
    page.click("button[type=submit]")
    page.wait_for_url("**/admin/")
    page.goto(f"/admin/education/legaleducationevent/{event.pk}/change/")
    page.get_by_role("link", name="现场签到").click()
    expect(row(page, "冯*")).to_contain_text("尾号 0011")
    if keeps:
        expect(page.get_by_text("没有网也能用")).to_be_visible()
    is_kept(page)
    assert wrong == []
    return page


def is_kept(page: Page) -> None:
    """Waits until the page could be reloaded without a network: it is kept last, after its files."""
    asked = """async () => Boolean(navigator.serviceWorker.controller
        && await caches.match(location.pathname))"""
    for _ in range(PATIENCE_MS // 100):
        if page.evaluate(asked):
            return
        page.wait_for_timeout(100)
    raise AssertionError("the page is not kept")


def row(page: Page, name: str) -> Any:
    return page.locator("[data-rows] .dr-row", has_text=name)


def press(page: Page, name: str, button: str) -> None:
    row(page, name).get_by_role("button", name=button).click()


def arrive(page: Page, **wanted: Any) -> None:
    """Waits until there is one such line, and the tablet knows of it."""
    for _ in range(PATIENCE_MS // 100):
        if CheckIn.objects.filter(**wanted).count() == 1:
            break
        page.wait_for_timeout(100)
    assert CheckIn.objects.filter(**wanted).count() == 1
    all_sent(page)


def no_network(page: Page, cable: Cable) -> None:
    cable.pull()
    page.context.set_offline(True)


def network(page: Page, cable: Cable) -> None:
    cable.plug_in()
    page.context.set_offline(False)


def all_sent(page: Page) -> None:
    expect(page.locator("[data-net]")).to_be_hidden()


def kept_on_the_tablet(page: Page) -> Any:
    """Everything that this page's browser holds of the event."""
    return page.evaluate(
        """async () => {
          const done = (asked) => new Promise((yes, no) => {
            asked.onsuccess = () => yes(asked.result); asked.onerror = () => no(asked.error);
          });
          const names = (await indexedDB.databases()).map((one) => one.name);
          const cached = [];
          for (const name of await caches.keys()) {
            const cache = await caches.open(name);
            for (const one of await cache.keys()) cached.push(await (await cache.match(one)).text());
          }
          if (!names.includes("linli-door")) return { lists: [], taps: [], cached };
          const database = await done(indexedDB.open("linli-door"));
          const all = (store) => done(database.transaction(store).objectStore(store).getAll());
          const kept = { lists: await all("lists"), taps: await all("taps"), cached };
          database.close();
          return kept;
        }"""
    )


def test_offline_in_the_middle_and_everything_arrives_once(
    tablet: BrowserContext, cable: Cable, evening: LegalEducationEvent
) -> None:
    page = at_the_door(tablet, evening)
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 390
    keep_picture(page, "door-phone", full_page=False)
    press(page, "冯*", "签到")
    arrive(page, success=True)

    # The network goes; two are let in, one of them with fewer people, and one who did not register.
    no_network(page, cable)
    press(page, "陈*", "少一人")
    press(page, "陈*", "签到")
    press(page, "褚*", "签到")
    page.fill(".dr-walkin input[name=name]", "路过的邻居")
    page.fill(".dr-walkin input[name=companions]", "1")
    page.click(".dr-walkin button")
    expect(page.locator("[data-net]")).to_contain_text("待上传 3 条")
    expect(page.locator(".dr-heads")).to_contain_text("已到 7 人")
    # Somebody who was not meant: gone before anybody heard of it.
    page.locator("[data-toast] button").click()
    expect(page.locator("[data-net]")).to_contain_text("待上传 2 条")
    page.fill(".dr-walkin input[name=name]", "来听课的人")
    page.click(".dr-walkin button")
    expect(page.locator("[data-net]")).to_contain_text("待上传 3 条")
    keep_picture(page, "door-offline-phone", full_page=False)
    assert CheckIn.objects.count() == 1

    # The tablet is restarted without a network: the page, the list and the taps are there.
    page.reload()
    expect(page.locator("[data-net]")).to_contain_text("没有网")
    expect(page.locator("[data-net]")).to_contain_text("待上传 3 条")
    expect(row(page, "陈*")).to_contain_text("已签到")
    expect(page.locator("[data-walk-ins]")).to_contain_text("来*")
    press(page, "冯*", "签错了")

    # What lies on it names nobody: but for the one name that was typed here and is not sent yet.
    kept = kept_on_the_tablet(page)
    held = json.dumps(kept, ensure_ascii=False)
    assert len(kept["lists"]) == 1
    for name, phone in PEOPLE:
        assert name not in held
        assert phone not in held
    assert held.count("来听课的人") == 1

    # Meanwhile a colleague let one of them in by hand.
    registered = {one.name: one for one in Registration.objects.all()}
    colleague = Actor.of(User.objects.get(username="worker"), "admin")
    check_in(evening, Scan("by-hand", registration=registered["褚明理"]), by=colleague)

    network(page, cable)
    all_sent(page)
    settle = page.locator("[data-settle]")
    expect(settle).to_contain_text("褚*")
    expect(settle).to_contain_text("已经签到过了")
    page.evaluate("window.scrollTo(0, 0)")
    keep_picture(page, "door-conflict-phone", full_page=False)
    settle.get_by_role("button", name="知道了").click()
    expect(settle).to_be_hidden()
    all_sent(page)

    lines = CheckIn.objects.exclude(idempotency_key="by-hand").order_by("pk")
    assert [(line.name, line.kind, line.success, line.source) for line in lines] == [
        ("冯知秋", "in", True, "list"),
        ("陈若水", "in", True, "list"),
        ("褚明理", "in", False, "list"),
        ("来听课的人", "in", True, "manual"),
        ("冯知秋", "void", True, "list"),
    ]
    assert {line.account.username for line in lines} == {"steward"}
    came = {one.name: one.companions for one in Attendance.objects.all()}
    assert came == {"陈若水": 0, "褚明理": 2, "来听课的人": 0}
    assert kept_on_the_tablet(page)["taps"] == []
    expect(page.locator(".dr-heads")).to_contain_text("已到 5 人")
    # And the interface tells the same; of lines it shows a steward those of the own estate.
    query = (
        '{ legalEducationEvent(code: "pf-open") { headsTotal } checkIns(first: 9) { totalCount } }'
    )
    token = next(one["value"] for one in tablet.cookies() if one["name"] == "csrftoken")
    said = tablet.request.post(
        "/graphql/", data={"query": query}, headers={"X-CSRFToken": token, "Origin": cable.url}
    )
    assert said.json()["data"] == {
        "legalEducationEvent": {"headsTotal": 5},
        "checkIns": {"totalCount": 5},
    }


def test_an_answer_that_is_lost_makes_no_second_line(
    tablet: BrowserContext, cable: Cable, evening: LegalEducationEvent
) -> None:
    page = at_the_door(tablet, evening)
    cable.lose_answers()
    press(page, "冯*", "签到")
    press(page, "陈*", "签到")
    expect(page.locator("[data-net]")).to_contain_text("待上传")
    for _ in range(PATIENCE_MS // 100):
        if CheckIn.objects.exists():
            break
        page.wait_for_timeout(100)
    assert CheckIn.objects.exists(), "it arrived, and the tablet does not know"
    cable.plug_in()
    arrive(page, name="陈若水")
    assert sorted(CheckIn.objects.values_list("name", "success")) == [
        ("冯知秋", True),
        ("陈若水", True),
    ]
    expect(page.locator("[data-settle]")).to_be_hidden()


def test_without_the_queue_the_taps_are_lost(
    tablet: BrowserContext, cable: Cable, evening: LegalEducationEvent
) -> None:
    """The control: the same evening with a page that keeps nothing."""
    tablet.add_init_script("Object.defineProperty(window, 'indexedDB', {value: undefined})")
    page = at_the_door(tablet, evening, keeps=False)
    expect(page.get_by_text("没有网也能用")).to_be_hidden()
    expect(page.locator("[data-trouble]")).to_contain_text("不能保存签到")
    no_network(page, cable)
    press(page, "冯*", "签到")
    expect(page.locator("[data-net]")).to_contain_text("待上传 1 条")
    page.reload()
    network(page, cable)
    expect(row(page, "冯*")).to_be_visible()
    page.wait_for_timeout(5000)
    assert not CheckIn.objects.exists()


def test_search_ticket_waitlist_and_signing_out(
    tablet: BrowserContext, cable: Cable, evening: LegalEducationEvent
) -> None:
    event = LegalEducationEvent.objects.get(pk=evening.pk)
    stranger = register(event, by=SYSTEM, name="卫远山", phone="13900000099")
    estate = Building.objects.get(name="4")
    home = Resident(
        community=event.community, name="沈知行", phone="13900000031", building=estate, room="302"
    )
    gate.save(home, by=SYSTEM)
    ticket = f"{cable.url}/t/{ticket_token(stranger)}/"
    # A camera that sees one code, where the browser of the test has none.
    tablet.add_init_script(
        f"""window.BarcodeDetector = class {{ async detect() {{ return [{{rawValue: "{ticket}"}}]; }} }};
        navigator.mediaDevices.getUserMedia = async () => {{
          const picture = document.createElement("canvas");
          picture.getContext("2d").fillRect(0, 0, 9, 9);
          return picture.captureStream(5);
        }};"""
    )
    page = at_the_door(tablet, event)
    # The steward's list holds the own estate; who is tied to nobody there is let in by the ticket.
    expect(row(page, "卫*")).to_have_count(0)
    search = page.get_by_role("searchbox")
    for typed, seen in (("fzq", "冯*"), ("0012", "陈*"), ("502", "褚*"), ("3-501", "陈*")):
        search.fill(typed)
        expect(page.locator("[data-rows] .dr-row")).to_have_count(1)
        expect(row(page, seen)).to_be_visible()
    search.fill("szx")
    people = page.locator("[data-people]")
    expect(people).to_contain_text("尾号 0031")
    people.get_by_role("button", name="签到").click()
    search.fill("")
    page.get_by_role("button", name="扫报名码").click()
    expect(page.locator("[data-toast]")).to_contain_text(stranger.code)
    page.get_by_role("button", name="关闭摄像头").click()
    arrive(page, source="qr")
    assert sorted(Attendance.objects.values_list("resident__name", flat=True), key=str) == [
        None,
        "沈知行",
    ]
    assert sorted(CheckIn.objects.values_list("source", flat=True)) == ["manual", "qr"]

    # Others' check-ins are seen, and what is undone here is undone there.
    first = Registration.objects.get(name="冯知秋")
    check_in(event, Scan("elsewhere", registration=first), by=SYSTEM)
    expect(row(page, "冯*")).to_contain_text("已签到")
    press(page, "冯*", "签错了")
    arrive(page, kind="void", success=True)

    # Signing out leaves nothing on the tablet.
    page.get_by_role("link", name="返回活动").click()
    page.wait_for_url("**/change/")
    page.evaluate("document.querySelector('#logout-form').requestSubmit()")
    page.wait_for_url("**/logout/**")
    kept = kept_on_the_tablet(page)
    assert kept == {"lists": [], "taps": [], "cached": []}


def test_who_waits_is_let_in_with_a_reason_after_the_network_is_back(
    tablet: BrowserContext, cable: Cable, evening: LegalEducationEvent
) -> None:
    event = LegalEducationEvent.objects.get(pk=evening.pk)
    page = at_the_door(tablet, event)
    no_network(page, cable)
    press(page, "冯*", "签到")
    expect(page.locator("[data-net]")).to_contain_text("待上传 1 条")
    # Its registration is taken back meanwhile, and the place given away.
    withdraw_registration(Registration.objects.get(name="冯知秋"), by=SYSTEM, reason="来电取消")
    network(page, cable)
    settle = page.locator("[data-settle]")
    expect(settle).to_contain_text("报名没有通过或已取消")
    settle.get_by_placeholder("放行的原因").fill("本人到场，座位有余")
    settle.get_by_role("button", name="放行").click()
    arrive(page, success=True)
    expect(settle).to_be_hidden()
    line = CheckIn.objects.get(success=True)
    assert (line.forced, line.reason) == (True, "本人到场，座位有余")
    assert CheckIn.objects.filter(success=False).get().occurred_at == line.occurred_at
