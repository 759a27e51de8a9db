"""`__among` is `__in` with one parameter."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident
from backend.places.models import Building, Community


@pytest.mark.django_db
def test_finds_what_in_finds_by_text_key_day_and_foreign_key(
    community: Community, building: Building
) -> None:
    awkward = ['"', "'", "\\", "甲,乙", "{丙}", "NULL", "5", ""]
    people = [
        Resident(community=community, name=name or "空", remark=name, building=building)
        for name in awkward
    ]
    gate.save_many(people, by=SYSTEM)
    rows = Resident.objects.order_by("pk")

    @given(st.sets(st.sampled_from([*awkward, "戊", "null"])))
    def by_text(wanted: set[str]) -> None:
        assert list(rows.filter(remark__among=wanted)) == list(rows.filter(remark__in=wanted))

    @given(st.sets(st.integers(0, people[-1].pk + 2)))
    def by_key(wanted: set[int]) -> None:
        assert list(rows.filter(pk__among=wanted)) == list(rows.filter(pk__in=wanted))

    days = [date(2020, 1, 1), date(2021, 12, 31), date(2022, 2, 28)]
    for person, day in zip(people, days, strict=False):
        person.moved_out_on = day
    gate.save_many(people[:3], by=SYSTEM)

    @given(st.sets(st.sampled_from([*days, date(2023, 3, 3)])))
    def by_day(wanted: set[date]) -> None:
        assert list(rows.filter(moved_out_on__among=wanted)) == list(
            rows.filter(moved_out_on__in=wanted)
        )

    by_text()
    by_key()
    by_day()
    assert rows.filter(building_id__among={building.pk}).count() == len(awkward)


@pytest.mark.django_db
def test_takes_one_parameter_however_many_there_are(community: Community) -> None:
    many = set(range(50_000))
    with CaptureQueriesContext(connection) as captured:
        assert list(Resident.objects.filter(pk__among=many)) == []
    assert captured[0]["sql"].count("IN (") <= 1
