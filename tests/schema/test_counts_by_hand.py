"""The figures of every register that can be counted, against a count of the demo's rows by hand."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from typing import Any

import pytest
from django.utils import timezone
from strawberry.utils.str_converters import to_camel_case

from backend.core import gate
from backend.core.access import SYSTEM
from backend.demands.models import Demand
from backend.imports.models import ImportBatch
from backend.indicators.models import HotlineMonthlyCount
from backend.meetings.models import ActionItem, JointMeeting, Resolution
from backend.places.models import Community
from backend.services import booking
from backend.services.models import ServiceBooking, Slot
from backend.volunteers.models import ServiceRecord
from schema.main.counted import COUNTED
from tests.access.service_verbs import begun
from tests.access.world import ELSEWHERE, HOME, client_of
from tests.schema.asking import data

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]
# A slot's places are gone for these bookings, whatever became of them.
HOLDS_A_PLACE = {"booked", "confirmed", "offered", "served", "rated", "no_show"}
Read = Callable[[Any], Any]


@dataclass(frozen=True)
class ByHand:
    """How a person with the register before them would count it."""

    model: Any
    when: Read
    kinds: dict[str, Read]
    figures: dict[str, Read] = field(default_factory=dict)


def _teams(record: Any) -> list[str]:
    """Who belongs to no team stands under none."""
    return [one.team.code for one in record.volunteer.memberships.all()] or [""]


def _taken(slot: Any) -> int:
    return sum(one.status in HOLDS_A_PLACE for one in slot.bookings.all())


REGISTERS = {
    "serviceBookingCounts": ByHand(
        ServiceBooking,
        lambda row: row.slot.starts_at,
        {
            "CATEGORY": lambda row: row.slot.item.category.code,
            "ITEM": lambda row: row.slot.item.code,
            "SOURCE": lambda row: row.source,
            "STATUS": lambda row: row.status,
        },
        {
            "served": lambda row: row.status in ("served", "rated"),
            "noShow": lambda row: row.status == "no_show",
        },
    ),
    "slotCounts": ByHand(
        Slot,
        lambda row: row.starts_at,
        {
            "CATEGORY": lambda row: row.item.category.code,
            "ITEM": lambda row: row.item.code,
            "STATUS": lambda row: row.status,
        },
        {"capacity": lambda row: row.capacity, "placesTaken": _taken},
    ),
    "demandCounts": ByHand(
        Demand,
        lambda row: row.received_at,
        {
            "KIND": lambda row: row.kind,
            "CHANNEL": lambda row: row.channel,
            "CATEGORY": lambda row: row.category.code if row.category else "",
            "URGENCY": lambda row: row.urgency,
            "ESTATE": lambda row: row.estate.code if row.estate else "",
            "STATUS": lambda row: row.status,
        },
        {
            "resolved": lambda row: row.status in ("resolved", "confirmed", "closed"),
            "overdue": lambda row: row.is_late,
        },
    ),
    "hotlineCallCounts": ByHand(
        HotlineMonthlyCount,
        lambda row: row.ended_on,
        {"CATEGORY": lambda row: row.category.code},
        {"calls": lambda row: row.count},
    ),
    "serviceRecordCounts": ByHand(
        ServiceRecord,
        lambda row: row.starts_at,
        {"TEAM": _teams, "SOURCE": lambda row: row.source, "STATUS": lambda row: row.status},
        {"minutes": lambda row: row.minutes},
    ),
    "jointMeetingCounts": ByHand(
        JointMeeting, lambda row: row.starts_at, {"STATUS": lambda row: row.status}
    ),
    "resolutionCounts": ByHand(
        Resolution, lambda row: row.meeting.starts_at, {"KIND": lambda row: row.kind}
    ),
    "actionItemCounts": ByHand(
        ActionItem,
        lambda row: row.due_on,
        {
            "STATUS": lambda row: row.status,
            "ORGANIZATION": lambda row: row.organization.code if row.organization else "",
        },
    ),
    "importBatchCounts": ByHand(
        ImportBatch,
        lambda row: row.created_at,
        {"REGISTER": lambda row: row.register, "STATUS": lambda row: row.status},
        {"rowsRead": lambda row: row.read, "rejected": lambda row: row.reject},
    ),
}


def _month(moment: Any) -> str:
    """On the community's clock."""
    day = timezone.localtime(moment) if hasattr(moment, "hour") else moment
    return f"{day:%Y-%m}"


def _keys(told: Any) -> Iterable[str]:
    return told if isinstance(told, list) else [str(told or "")]


def by_hand(register: ByHand, by: list[str]) -> dict[tuple[str, ...], list[int]]:
    """Group -> how many rows, and the sum of each figure."""
    read = register.kinds | {
        "MONTH": lambda row: _month(register.when(row)),
        "COMMUNITY": lambda row: row.community.code,
    }
    found: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0] * (1 + len(register.figures)))
    for row in register.model.objects.filter(community__code=HOME):
        figures = [1, *(int(one(row)) for one in register.figures.values())]
        for group in product(*(_keys(read[name](row)) for name in by)):
            found[group] = [a + b for a, b in zip(found[group], figures, strict=True)]
    return dict(found)


@pytest.fixture
def _more() -> None:
    """What the demo has none of: somebody served, somebody who stayed away, and imports, of which
    one is the neighbours'.
    """
    for mark in (booking.mark_served, booking.mark_no_show):
        begun()
        mark(ServiceBooking.objects.order_by("-pk")[0], by=SYSTEM)
    for code, name, read, reject in (
        (HOME, "residents", 40, 3),
        (HOME, "residents", 7, 0),
        (HOME, "bookings", 12, 12),
        (ELSEWHERE, "residents", 500, 50),
    ):
        batch = ImportBatch(
            community=Community.objects.get(code=code),
            register=name,
            file_name="表.xlsx",
            read=read,
            reject=reject,
        )
        gate.save(batch, by=SYSTEM)


@pytest.mark.usefixtures("_more")
@pytest.mark.parametrize("root", sorted(REGISTERS))
def test_a_register_is_counted_as_by_hand(root: str) -> None:
    register = REGISTERS[root]
    kinds = [*register.kinds, "COMMUNITY"]
    asked = [[], ["MONTH"], *([kind] for kind in kinds), *([kind, "MONTH"] for kind in kinds)]
    figures = " ".join(register.figures)
    aliases = " ".join(
        f"a{place}: {root}(by: [{', '.join(by)}]) {{ keys count {figures} }}"
        for place, by in enumerate(asked)
    )
    answer = data(client_of("secretary"), f"{{ {aliases} }}")
    for place, by in enumerate(asked):
        told = {
            tuple(one["keys"]): [one["count"], *(one[name] for name in register.figures)]
            for one in answer[f"a{place}"]
        }
        assert told == by_hand(register, by), by
    whole = by_hand(register, [])[()]
    assert whole[0] > 1, "there is something to count"
    assert all(whole), "and every figure is one"
    assert max(len(by_hand(register, by)) for by in asked) > 1, "and groups are told apart"


def test_each_register_is_here_or_in_the_other_file() -> None:
    every = {to_camel_case(root.field) for root in COUNTED}
    assert every - set(REGISTERS) == {"legalEducationEventCounts"}
    for root in COUNTED:
        register = REGISTERS.get(to_camel_case(root.field))
        if register is not None:
            named = {one.name.upper() for one in root.counted.dimensions}
            assert named == {*register.kinds, "COMMUNITY"}
            assert [*register.figures] == [to_camel_case(m.name) for m in root.counted.measures]
