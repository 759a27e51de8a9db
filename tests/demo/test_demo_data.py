"""The demo's data are what contracts.md promises."""

import datetime

import pytest
from django.db.models import Sum
from django.test import Client
from django.utils import timezone

from backend.core.access import scope
from backend.core.indicating import indicator_of, readings
from backend.core.roles import Role
from backend.demands.models import Demand
from backend.demands.queries import figures as demand_figures
from backend.education.models import Attendance, HeadcountEntry, LegalEducationEvent, Venue
from backend.festivals.models import NeighborFestival
from backend.festivals.queries import kinds_by_month
from backend.festivals.rules import next_month
from backend.indicators.models import HotlineMonthlyCount
from backend.meetings.models import ActionItem, JointMeeting, Resolution
from backend.partners.models import CoBuildingAgreement
from backend.partners.queries import defused_at_posts
from backend.people.models import Household, Resident, ResidentPhone, User
from backend.places.models import Building, Community
from backend.stations.models import CoolStation, Refill
from fixtures import demo, demo_events, demo_hotline
from fixtures.accounts import ACCOUNTS

pytestmark = pytest.mark.usefixtures("demo_worker")
ROLES = ("secretary", "worker", "steward", "mediator", "partner", "resident", "office", "admin")


def test_every_promised_account_signs_in_with_its_password() -> None:
    named = {account.username for account in ACCOUNTS}
    assert set(ROLES) <= named
    for name in ROLES:
        assert Client().login(username=name, password=f"demo-{name}"), name


def test_accounts_see_what_their_role_sees() -> None:
    def communities(name: str) -> set[str]:
        user = User.objects.get(username=name)
        return set(Community.objects.visible_to(user).values_list("code", flat=True))

    assert communities("worker") == communities("secretary") == {"xinhe"}
    assert communities("office") == communities("admin") == {"xinhe", "dongfang"}
    assert communities("dongfang-worker") == {"dongfang"}
    steward = scope(User.objects.get(username="steward"), "people.see")
    assert not steward.everywhere
    assert len(steward.estates) == 1
    assert User.objects.get(username="admin").is_superuser
    assert Role.INSTALLATION


def test_the_living_events_are_dated_from_today() -> None:
    event = LegalEducationEvent.objects.get(code="pf-open")
    assert event.community.code == "xinhe"
    assert event.status == "open"
    assert timezone.localtime(event.starts_at).date() == timezone.localdate()
    assert not event.attendances.exists()
    assert LegalEducationEvent.objects.get(code="pf-held").status == "held"


def test_a_small_event_is_full_and_has_a_line() -> None:
    event = LegalEducationEvent.objects.with_places().get(code="pf-small")
    assert (event.status, event.places_left, event.waitlist_count) == ("open", 0, 3)
    # The open event of the contract stays as it was promised.
    open_event = LegalEducationEvent.objects.with_places().get(code="pf-open")
    assert (open_event.capacity, open_event.places_taken) == (60, 0)


def test_the_half_year_is_that_of_the_report() -> None:
    start = timezone.make_aware(datetime.datetime(2025, 1, 1))
    end = timezone.make_aware(datetime.datetime(2025, 9, 1))
    events = LegalEducationEvent.objects.filter(
        community__code="xinhe",
        status__in=("held", "archived"),
        starts_at__gte=start,
        starts_at__lt=end,
    )
    assert events.count() == 33
    assert events.with_heads().aggregate(heads=Sum("heads_total"))["heads"] == 3926


def test_more_than_twenty_issues_were_defused_at_posts_since_the_agreement() -> None:
    """The report's figure: 20余, so 21 to 29, as of the end of August 2025."""
    home = Community.objects.get(code="xinhe")
    agreement = CoBuildingAgreement.objects.get(code="gj-2025-04")
    assert (agreement.signed_on.year, agreement.signed_on.month) == (2025, 4)
    assert str(agreement.partner.organization) == "万达华府诚信行物业"
    as_of = datetime.date(2025, 8, 31)
    counted = defused_at_posts(home.pk, since=agreement.signed_on, as_of=as_of).count()
    assert 21 <= counted <= 29


def test_more_than_180_demands_were_answered_and_98_percent_solved() -> None:
    """The report's figures: 180余 registered, 100 % answered, at least 98 % solved."""
    home = Community.objects.get(code="xinhe")
    found = demand_figures(home.pk, 2025, datetime.date(2025, 8, 31))
    assert 181 <= found["registered"] <= 189
    assert found["answered"] == found["registered"]
    assert found["answered_in_time"] < found["answered"]
    assert 0.98 <= found["solved"] / found["registered"] < 1
    rows = Demand.objects.filter(community=home, year=2025)
    assert rows.count() - rows.counted().count() == 4
    living = Demand.objects.filter(community=home).exclude(year=2025, closed_at__isnull=False)
    assert {"registered", "assigned", "in_progress", "returned", "resolved", "reopened"} <= set(
        living.values_list("status", flat=True)
    )
    assert Demand.objects.filter(community__code="dongfang").count() in (2, 3)


def test_the_figures_of_the_report_come_out() -> None:
    """domain.md, part 3: those whose registers there are, as of the end of August 2025."""
    home = Community.objects.get(code="xinhe")
    told = {one.indicator.code: one for one in readings(home.pk, datetime.date(2025, 8, 31))}
    value = {code: one.measured.value for code, one in told.items()}
    yoy = told["hotline_yoy"]
    assert (yoy.measured.part, yoy.measured.base, value["hotline_yoy"]) == (-42, 200, -0.21)
    assert (str(yoy.window.first), str(yoy.window.last)) == ("2025-01-01", "2025-06-30")
    assert 21 <= value["incipient_defused"] <= 29
    assert 31 <= value["education_events"] <= 39
    assert 3901 <= value["education_heads"] <= 3999
    assert 11 <= value["festival_stalls"] <= 19
    assert 181 <= value["demands_registered"] <= 189
    assert 241 <= value["digests_published"] <= 249
    assert value["coverage_rate"] == 1
    assert (value["response_rate"], 0.98 <= value["resolution_rate"] < 1) == (1, True)
    assert (value["services_active"], value["resident_groups"]) == (34, 49)
    # Each figure that counts its rows opens as many.
    for code in (
        "demands_registered",
        "digests_published",
        "incipient_defused",
        "education_events",
        "services_active",
        "resident_groups",
    ):
        indicator = told[code].indicator
        assert indicator.rows(home.pk, datetime.date(2025, 8, 31)).count() == value[code], code
    calls = indicator_of("hotline_yoy").rows(home.pk, datetime.date(2025, 8, 31))
    assert sum(row.count for row in calls) == 158


def test_the_hotline_has_every_month_up_to_the_last() -> None:
    last = timezone.localdate().replace(day=1) - datetime.timedelta(days=1)
    # As it was loaded, though midnight may have passed since.
    HotlineMonthlyCount.objects.filter(ended_on__gt=datetime.date(2025, 8, 31)).delete()
    for code in ("xinhe", "dongfang"):
        rows = HotlineMonthlyCount.objects.filter(community__code=code)
        assert rows.filter(year=2025, month=8).exists()
        assert rows.filter(ended_on=last).count() == 0
    demo_hotline.refresh_living()
    demo_hotline.refresh_living()
    for code, categories in (("xinhe", 5), ("dongfang", 3)):
        rows = HotlineMonthlyCount.objects.filter(community__code=code)
        assert rows.filter(ended_on=last).count() == categories
        months = {(row.year, row.month) for row in rows}
        assert len(months) * categories == rows.count()


def test_every_month_has_more_than_ten_kinds_of_stalls() -> None:
    community = Community.objects.get(code="xinhe")
    first, last = datetime.date(2025, 1, 1), datetime.date(2025, 8, 31)
    kinds = kinds_by_month(community.pk, first, last)
    assert len(kinds) == 8
    assert 11 <= min(kinds.values()) <= max(kinds.values()) <= 19
    planned = NeighborFestival.objects.get(code="llj-next")
    assert (planned.status, planned.month) == ("planned", next_month(timezone.localdate()))


def test_three_stations_have_stock_and_one_waits_to_be_refilled() -> None:
    stations = CoolStation.objects.filter(community__code="xinhe").with_open()
    assert [bool(row.stocks.count()) for row in stations] == [True] * 3
    assert any(row.open_today for row in stations)
    (refill,) = Refill.objects.filter(community__code="xinhe", status="open")
    assert (refill.stock.station.code, refill.assignee.username) == ("yz-wanda", "partner")


def test_venues_bear_the_names_of_the_report() -> None:
    names = set(Venue.objects.filter(community__code="xinhe").values_list("name", flat=True))
    assert {"小马扎剧场", "全龄课堂", "百姓舞台", "云课堂"} <= names


def test_phones_are_in_the_range_kept_for_invented_people() -> None:
    phones = [int(p) for p in Resident.objects.exclude(phone="").values_list("phone", flat=True)]
    assert phones
    assert all(13900000000 <= phone <= 13900099999 for phone in phones)


def test_a_building_number_says_which_building() -> None:
    for community in Community.objects.all():
        numbers = list(Building.objects.filter(community=community).values_list("name", flat=True))
        assert len(numbers) == len(set(numbers))


def test_a_second_start_keeps_the_data_and_moves_what_is_living() -> None:
    people = set(Resident.objects.values_list("pk", "revision"))
    rows = Attendance.objects.count(), HeadcountEntry.objects.count()
    assert demo.load() is False
    later = timezone.now() + datetime.timedelta(days=9)
    demo_events.refresh_living(later)
    event = LegalEducationEvent.objects.get(code="pf-open")
    assert timezone.localtime(event.starts_at).date() == timezone.localtime(later).date()
    assert event.status == "open"
    assert set(Resident.objects.values_list("pk", "revision")) == people
    assert (Attendance.objects.count(), HeadcountEntry.objects.count()) == rows


def test_lives_have_begun() -> None:
    for community in Community.objects.all():
        people = Resident.objects.filter(community=community)
        assert people.whose_residence_is("moved_out").count() == 1
        assert people.whose_residence_is("deceased").count() == 1
        houses = Household.objects.filter(community=community)
        assert not houses.filter(head__isnull=True).exclude(members=None).exists()
        assert not people.present().filter(household__isnull=True).exists()
    further = [int(p) for p in ResidentPhone.objects.values_list("phone", flat=True)]
    assert further
    assert all(13900000000 <= phone <= 13900099999 for phone in further)


def test_what_a_joint_meeting_says_of_the_property_company_is_plainly_invented() -> None:
    texts = [
        *JointMeeting.objects.values_list("title", flat=True),
        *Resolution.objects.values_list("text", flat=True),
        *ActionItem.objects.values_list("title", flat=True),
    ]
    assert len(texts) > 20
    assert [text for text in texts if "虚构" not in text] == []
