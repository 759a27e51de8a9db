"""Days of which a community, or the installation, says something else than the table."""

from datetime import date

import pytest

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.errors import RuleViolation
from backend.people.models import User
from backend.places.models import Community, HolidayOverride
from backend.places.queries import day_overrides
from tests.schema.asking import caller

DAY = date(2025, 10, 1)


def _said(community: Community | None, works: bool, day: date = DAY) -> HolidayOverride:
    return HolidayOverride(community=community, day=day, works=works, note="值班")


def test_the_communitys_word_counts_more(community: Community, other_community: Community) -> None:
    for row in (_said(None, False), _said(community, True), _said(None, True, date(2025, 10, 2))):
        gate.save(row, by=SYSTEM)
    assert day_overrides(community.pk) == {DAY: True, date(2025, 10, 2): True}
    assert day_overrides(other_community.pk) == {DAY: False, date(2025, 10, 2): True}


@pytest.mark.parametrize("everywhere", [True, False])
def test_one_day_is_said_once(community: Community, everywhere: bool) -> None:
    place = None if everywhere else community
    gate.save(_said(place, True), by=SYSTEM)
    with pytest.raises(RuleViolation) as refused:
        gate.save(_said(place, False), by=SYSTEM)
    assert refused.value.code == "day_taken"
    assert HolidayOverride.objects.count() == 1


def test_what_holds_everywhere_is_for_the_installation(
    community: Community, worker: User, other_worker: User, admin_user: User
) -> None:
    by = Actor.of(worker, "test")
    gate.save(_said(community, True), by=by)
    for row, who in ((_said(None, True), worker), (_said(community, True, DAY), other_worker)):
        with pytest.raises(RuleViolation) as refused:
            gate.save(row, by=Actor.of(who, "test"))
        assert refused.value.code == "not_allowed"
    gate.save(_said(None, True), by=Actor.of(admin_user, "test"))
    assert HolidayOverride.objects.visible_to(other_worker).count() == 1
    assert HolidayOverride.objects.visible_to(worker).count() == 2


def test_the_page_says_of_which_year_no_holidays_are_known(
    worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.places.admin.timezone.localdate", lambda: date(2031, 3, 1))
    page = caller(worker).get("/admin/places/holidayoverride/").content.decode()
    assert "2031 年的放假安排" in page
