"""What was exported and comes back unchanged is no work: masked and whole, as list, ledger and CSV."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import Attendance, Venue
from backend.people.models import Resident, User
from backend.places.models import Building, Community
from tests.conftest import new_event
from tests.imports.round_trips import (
    FORMS,
    NAMES,
    PHONES,
    PLACES,
    TEXTS,
    WAYS,
    World,
    assert_nothing_to_do,
    import_rows,
    made_world,
)

ATTENDANCE_ROWS = st.lists(
    st.tuples(
        st.sampled_from(["pf-open", "pf-second"]),
        st.sampled_from(NAMES),
        st.sampled_from(["男", "女", ""]),
        st.sampled_from(["65", "0", ""]),
        st.sampled_from(PHONES),
        st.sampled_from(PLACES),
        st.sampled_from(["", "9:05", "2025-04-01 14:30:59"]),
        st.sampled_from(["√", "否", ""]),
        st.sampled_from(["", "0", "2"]),
        TEXTS,
    ),
    min_size=1,
    max_size=8,
)
HEADER = ("活动编号", "姓名", "性别", "年龄", "联系电话", "住址", "签到时间", "签名", "同来人数")


@pytest.fixture
def world(worker: User, community: Community, venue: Venue, building: Building) -> World:
    return made_world(worker, community, venue, building)


def test_sign_ins_come_back_as_they_left(world: World) -> None:
    made = {"create": 0}

    @given(rows=ATTENDANCE_ROWS)
    def holds(rows: list[tuple[Any, ...]]) -> None:
        with transaction.atomic():
            made["create"] += import_rows("attendance", [(*HEADER, "备注"), *rows])["create"]
            if Attendance.objects.exists():
                for form, whole in WAYS:
                    assert_nothing_to_do(world, "attendance", form, whole=whole)
            transaction.set_rollback(True)

    holds()
    assert made["create"] > 10


def test_residents_come_back_as_they_left(world: World) -> None:
    made = {"create": 0}
    rows_of = st.lists(
        st.tuples(
            st.sampled_from(NAMES),
            st.sampled_from(["男", "女", ""]),
            st.sampled_from(["1958-03", "1960年4月", ""]),
            st.sampled_from(PHONES),
            st.sampled_from(PLACES),
            TEXTS,
        ),
        min_size=1,
        max_size=8,
    )

    @given(rows=rows_of)
    def holds(rows: list[tuple[Any, ...]]) -> None:
        header = ("姓名", "性别", "出生年月", "联系电话", "住址", "备注")
        with transaction.atomic():
            made["create"] += import_rows("residents", [header, *rows])["create"]
            if Resident.objects.exists():
                for form, whole in WAYS:
                    assert_nothing_to_do(world, "residents", form, whole=whole)
            transaction.set_rollback(True)

    holds()
    assert made["create"] > 10


def test_events_come_back_as_they_left(world: World, venue: Venue) -> None:
    texts = TEXTS.map(str.strip)
    start = datetime.datetime(2025, 4, 1, 9, 30, 15, 250_000, tzinfo=datetime.UTC)
    # A title that says nothing (-) no sheet brings.
    filled = st.text(alphabet="张=+-@'\"甲1", max_size=9).map(lambda text: f"{text}甲")

    @given(
        title=filled,
        topic=texts,
        speaker=texts,
        summary=texts,
        capacity=st.sampled_from([None, 30]),
    )
    def holds(**values: Any) -> None:
        with transaction.atomic():
            event = new_event(
                venue, starts_at=start, ends_at=start + datetime.timedelta(hours=1), **values
            )
            gate.save(event, by=SYSTEM)
            for form in FORMS:
                assert_nothing_to_do(world, "legal_education_events", form, whole=False)
            transaction.set_rollback(True)

    holds()


# --- one by one ------------------------------------------------------------------------------------
