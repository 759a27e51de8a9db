"""A monthly haircut from the rule to the day: set up, booked by phone for an old neighbour, served.

A worker at a desk, the hairdresser's contact on a phone of 390 pixels, in Chromium.
"""

import datetime
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import Disclosure
from backend.people.models import Organization, Resident, User
from backend.places.models import Building, Community, Estate, HolidayOverride, Subdistrict
from backend.services.models import ServiceBooking, ServiceCategory, ServiceItem, Slot, SlotRule
from tests.browser.conftest import keep_picture
from tests.browser.test_meeting_journey import _press, _sign_in
from tests.browser.test_owner_vote import _fits, _look
from tests.conftest import user_with_role
from tests.services.test_day_sheet import contact_of

pytestmark = pytest.mark.slow
DAYS = ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"]
PHONE = 390


@pytest.fixture
def hall(transactional_db: None) -> Community:
    """A community with a kind of help, a hairdresser and an old neighbour; nobody offers anything yet."""
    subdistrict = gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)
    community = gate.save(
        Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM
    )
    estate = gate.save(Estate(community=community, name="万达华府"), by=SYSTEM)
    building = gate.save(Building(community=community, estate=estate, name="3"), by=SYSTEM)
    gate.save(
        Resident(
            community=community,
            name="孙奶奶",
            phone="13900000031",
            building=building,
            unit="2",
            room="501",
        ),
        by=SYSTEM,
    )
    gate.save(ServiceCategory(community=community, name="助老", code="zhu-lao"), by=SYSTEM)
    shop = Organization(community=community, code="barber", name="巷口理发店", kind="merchant")
    gate.save(shop, by=SYSTEM)
    user_with_role("worker", "worker", community=community)
    User.objects.filter(pk=contact_of(shop, "barber").pk).update(is_staff=False)
    return community


def _choose(page: Page, field: str, text: str, shown: str = "") -> None:
    """Looks a record up by typing, as the admin's fields have it."""
    page.locator(f"#id_{field} + .select2").click()
    page.locator(".select2-search__field").last.fill(text)
    page.locator(".select2-results__option", has_text=shown or text).first.click()


def _save(page: Page, label: str = "保存") -> None:
    page.get_by_role("button", name=label, exact=True).click()
    page.wait_for_load_state()


def _third(day: datetime.date) -> datetime.date:
    """The same weekday, as the third of the next month: the rule's second occurrence."""
    first = (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)
    return first + datetime.timedelta(days=(day.weekday() - first.weekday()) % 7 + 14)


def test_a_monthly_haircut_from_the_rule_to_the_day_sheet(
    page: Page, hall: Community, tmp_path: Path
) -> None:
    today = timezone.localdate()
    coming = _third(today)
    after = _third(coming)

    # The worker says what is offered, by whom, on what terms.
    _sign_in(page, "worker", "/admin/services/serviceitem/add/")
    _choose(page, "category", "助老")
    page.locator("#id_title").fill("便民理发")
    page.locator("#id_place").fill("社区党群服务中心一楼")
    _choose(page, "provider", "巷口理发店")
    page.locator("#id_days_ahead").fill("90")
    _save(page, "保存并继续编辑")
    item = ServiceItem.objects.get()
    assert (item.provider.code, item.days_ahead) == ("barber", 90)

    # Every third such weekday of the month; the one after next is a holiday here.
    gate.save(HolidayOverride(community=hall, day=after, works=False, note="社区日"), by=SYSTEM)
    page.get_by_role("link", name="按规则排时段").click()
    page.locator("#id_frequency").select_option("monthly", force=True)
    page.locator("#id_weekday").select_option(label=DAYS[today.weekday()], force=True)
    page.locator("#id_nth").select_option("3", force=True)
    page.locator("#id_starts").fill("09:00")
    page.locator("#id_ends").fill("11:00")
    page.locator("#id_valid_from").fill(f"{today + datetime.timedelta(days=1):%Y-%m-%d}")
    page.locator("#id_on_holiday").select_option("next", force=True)
    _save(page, "保存并继续编辑")
    expect(page.get_by_text("个时段。")).to_be_visible()
    rule = SlotRule.objects.get()
    days = {slot.rule_day: timezone.localdate(slot.starts_at) for slot in Slot.objects.all()}
    assert days[coming] >= coming
    assert days[after] > after, "put off to the next working day"

    # An exception: the second one does not take place either.
    page.locator("#id_exceptions-0-day").fill(f"{after:%Y-%m-%d}")
    page.locator("#id_exceptions-0-kind").select_option("skip", force=True)
    page.locator("#id_exceptions-0-reason").fill("理发师傅外出")
    _save(page, "保存并继续编辑")
    expect(page.get_by_text("个时段不再开")).to_be_visible()
    assert Slot.objects.get(rule=rule, rule_day=after).status == "cancelled"

    # A neighbour calls for her: booked by proxy, at the desk.
    slot = Slot.objects.get(rule_day=coming)
    page.goto(f"/admin/services/slot/{slot.pk}/change/")
    page.get_by_role("link", name="登记预约").click()
    _choose(page, "resident", "孙奶奶", shown="孙*")
    page.locator("#id_source").select_option("phone", force=True)
    page.locator("#id_proxy_name").fill("李大姐")
    page.locator("#id_proxy_phone").fill("13900000032")
    page.locator("#id_note").fill("腿脚不便，请留靠门的位子")
    _save(page)
    booked = ServiceBooking.objects.get()
    assert (booked.name, booked.proxy_name, booked.source, booked.status) == (
        "孙奶奶",
        "李大姐",
        "phone",
        "confirmed",
    )
    assert booked.slot_id == slot.pk
    # And somebody whom the roster does not know; the same twice is refused in words.
    for _ in range(2):
        page.goto(f"/admin/services/servicebooking/add/?slot={slot.pk}")
        page.locator("#id_name").fill("钱若水")
        page.locator("#id_phone").fill("13900000033")
        _save(page)
    expect(page.get_by_text("已经约了这个时段").first).to_be_visible()
    assert ServiceBooking.objects.count() == 2

    # The day has come.
    start = timezone.now() - datetime.timedelta(minutes=30)
    Slot.objects.filter(pk=slot.pk).update(
        starts_at=start, ends_at=start + datetime.timedelta(hours=2)
    )
    day = f"{timezone.localtime(start):%Y-%m-%d}"

    # The hairdresser's contact, on a phone.
    page.set_viewport_size({"width": PHONE, "height": 844})
    _sign_in(page, "barber", "/accounts/")
    page.get_by_role("link", name="当天服务单").click()
    page.goto(f"/services/day/?on={day}")
    expect(page.locator(".ds-row")).to_have_count(2)
    expect(page.locator("body")).not_to_contain_text("孙奶奶")
    _look(page, "day-phone")
    _fits(page)
    keep_picture(page, "service-day-phone")

    # On paper, with the names, for a reason that is kept.
    page.get_by_role("link", name="打印").click()
    expect(page.locator("main")).to_contain_text("孙*")
    page.get_by_label("原因").fill("上午理发核对来人")
    page.get_by_role("button", name="印上完整的姓名、电话和住址").click()
    page.wait_for_load_state()
    for text in ("孙奶奶", "13900000031", "代约人 李大姐", "靠门的位子"):
        expect(page.locator("main")).to_contain_text(text)
    paper = page.pdf(format="A4", prefer_css_page_size=True)
    assert paper.startswith(b"%PDF")
    assert paper.count(b"/Type /Page\n") == 1, "one page"
    kept = Disclosure.objects.get(kind="export")
    assert (kept.user.username, kept.rows, kept.whole) == ("barber", 2, True)
    _look(page, "day-paper")

    # One came and one did not; a slip of the thumb is put right.
    page.get_by_role("link", name="返回").click()
    grandmother, other = (page.locator(".ds-row", has_text=name) for name in ("孙*", "钱*"))
    _press(page, "未到", grandmother)
    expect(grandmother).to_contain_text("未到")
    _press(page, "已服务", grandmother)
    expect(grandmother.locator(".ds-state")).to_have_text("已服务")
    _press(page, "未到", other)
    expect(page.get_by_text("没有待记的结果")).to_be_visible()
    assert list(ServiceBooking.objects.order_by("pk").values_list("status", flat=True)) == [
        "served",
        "no_show",
    ]
    # Nothing but the own work: the desk's pages and other bookings are closed.
    page.goto("/admin/services/servicebooking/")
    expect(page).not_to_have_url("/admin/services/servicebooking/")
