"""From rules to slots: made once, called off by exceptions and closures, and who is told."""

import datetime

import pytest
from django.utils import timezone

from backend.core.access import SYSTEM
from backend.services import booking
from backend.services.choices import ExceptionKind, OnHoliday
from backend.services.models import Closure, ServiceItem, Slot, SlotException, SlotRule
from backend.services.scheduling import (
    apply_rule,
    close,
    except_day,
    save_rule,
    take_back_exception,
)
from backend.services.tasks import make_slots_ahead
from tests.services.counter import neighbours, told

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def rule(item: ServiceItem) -> SlotRule:
    """Every week, on the weekday of the day after tomorrow, from then on."""
    day = timezone.localdate() + 2 * DAY
    made = SlotRule(
        community=item.community,
        item=item,
        weekday=day.weekday(),
        starts=datetime.time(9),
        ends=datetime.time(11),
        capacity=3,
        valid_from=day,
        on_holiday=OnHoliday.KEEP,
    )
    save_rule(made, by=SYSTEM)
    return made


def exception(rule: SlotRule, day: datetime.date, kind: str, reason: str = "") -> SlotException:
    return SlotException(
        community_id=rule.community_id, rule=rule, day=day, kind=kind, reason=reason
    )


def days(rule: SlotRule, status: str = "open") -> list[datetime.date]:
    rows = Slot.objects.filter(rule=rule, status=status).order_by("rule_day")
    return [day for day in rows.values_list("rule_day", flat=True) if day is not None]


def test_a_rule_makes_its_slots_once(rule: SlotRule) -> None:
    first = timezone.localdate() + 2 * DAY
    assert days(rule) == [first + n * 7 * DAY for n in range(len(days(rule)))]
    assert len(days(rule)) == 4, "fourteen days ahead, and fourteen more"
    slot = Slot.objects.filter(rule=rule).order_by("starts_at")[0]
    assert timezone.localtime(slot.starts_at).time() == datetime.time(9)
    assert make_slots_ahead.func() == 0


def test_more_are_made_as_time_goes_on(rule: SlotRule) -> None:
    before = days(rule)
    later = timezone.localdate() + 7 * DAY
    made = apply_rule(rule, by=SYSTEM, today=later)
    assert [slot.rule_day for slot in made.made] == [before[-1] + 7 * DAY]


def test_an_exception_calls_off_and_tells(rule: SlotRule) -> None:
    day = days(rule)[1]
    slot = Slot.objects.get(rule=rule, rule_day=day)
    (one,) = neighbours(rule.community, 1)
    booking.place_booking(slot, by=one)
    skipped = exception(rule, day, ExceptionKind.SKIP, reason="师傅请假")
    made = except_day(skipped, by=SYSTEM)
    assert ([one.pk for one in made.called_off], made.booked) == ([slot.pk], {slot.pk: 1})
    assert days(rule, "cancelled") == [day]
    assert told(one)[-1] == "service_slot_cancelled"
    assert make_slots_ahead.func() == 0, "what was called off is not made anew"


def test_one_more_takes_place(rule: SlotRule) -> None:
    day = days(rule)[0] + DAY
    more = exception(rule, day, ExceptionKind.EXTRA)
    except_day(more, by=SYSTEM)
    assert day in days(rule)
    taken_back = take_back_exception(more, by=SYSTEM)
    assert [slot.rule_day for slot in taken_back.called_off] == [day]
    assert day not in days(rule)


def test_a_closure_hits_what_falls_into_it_and_what_is_made_later(rule: SlotRule) -> None:
    first, second, *_ = days(rule)
    closure = Closure(
        community=rule.community, first_day=first - DAY, last_day=first + DAY, reason="停电检修"
    )
    called_off = close(closure, by=SYSTEM).called_off
    assert [slot.rule_day for slot in called_off] == [first]
    beyond = days(rule)[-1] + 7 * DAY
    later = Closure(
        community=rule.community,
        first_day=beyond,
        last_day=beyond,
        reason="停电检修",
        item=rule.item,
    )
    assert close(later, by=SYSTEM).called_off == []
    made = apply_rule(rule, by=SYSTEM, today=timezone.localdate() + 7 * DAY)
    assert made.made == []
    assert second in days(rule)


def test_a_changed_rule_leaves_what_is_booked_and_says_so(rule: SlotRule) -> None:
    first = Slot.objects.get(rule=rule, rule_day=days(rule)[0])
    (one,) = neighbours(rule.community, 1)
    booking.place_booking(first, by=one)
    rule = SlotRule.objects.get(pk=rule.pk)
    rule.weekday = (rule.weekday + 1) % 7
    made = save_rule(rule, by=SYSTEM)
    assert [slot.pk for slot in made.left] == [first.pk]
    assert len(made.called_off) == 3
    assert {slot.rule_day.weekday() for slot in made.made if slot.rule_day} == {rule.weekday}
    assert told(one) == ["service_booked"]
