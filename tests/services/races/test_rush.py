"""200 callers, 10 places, several processes with threads: each place is given once.

The naive booking beside it is the control: it must sell more than there are.
"""

import json
import time
from collections import Counter

import pytest

from tests.imports.races.databases import Database
from tests.imports.races.processes import Process
from tests.services.races.sizes import CALLERS, HELD, MIXED, NAIVE, PLACES, PROCESSES, RUSH

pytestmark = pytest.mark.slow

_SHARE = CALLERS // PROCESSES
_OF = "FROM services_servicebooking b JOIN services_slot s ON s.id = b.slot_id WHERE s.code = '{}'"
_ROWS = f"SELECT b.status, b.queue_number {_OF} ORDER BY b.id"
_SEATS = (
    "SELECT s.capacity, count(b.id) FROM services_slot s LEFT JOIN services_servicebooking b "
    "ON b.slot_id = s.id AND b.status IN "
    "('booked', 'confirmed', 'offered', 'served', 'rated', 'no_show') "
    "WHERE s.code = '{}' GROUP BY s.capacity"
)
_TWICE = (
    f"SELECT b.account_id, count(*) {_OF} AND b.status IN "
    "('booked', 'confirmed', 'waitlisted', 'offered') GROUP BY 1 HAVING count(*) > 1"
)


def all_call(
    database: Database,
    verb: str,
    slot: str,
    *more: str,
    watch: list[tuple[int, int]] | None = None,
) -> Counter[str]:
    """What the callers were answered, all processes let go together; `watch` collects the seats."""
    racers = [
        Process(
            database,
            *(verb, slot, str(number * _SHARE), str(_SHARE), *more),
            hold=["ready"],
            runner="tests.services.races.runner",
        )
        for number in range(PROCESSES)
    ]
    for racer in racers:
        assert racer.reaches("ready"), racer.finish()
    for racer in racers:
        racer.let_go()
    while watch is not None and any(racer.runs for racer in racers):
        watch.extend(database.ask(_SEATS.format(slot)))
        time.sleep(0.01)
    outcomes = [racer.finish() for racer in racers]
    assert [(o.status, o.complained) for o in outcomes] == [(0, "")] * PROCESSES
    return Counter(said for o in outcomes for said in json.loads(o.said))


def test_ten_have_a_place_and_the_others_stand_in_line(database: Database) -> None:
    said = all_call(database, "rush", RUSH)
    # No lock error, no deadlock: nobody was answered anything else.
    assert said == {"CONFIRMED": PLACES, "WAITLISTED": CALLERS - PLACES}
    rows = database.ask(_ROWS.format(RUSH))
    assert [status for status, _ in rows].count("confirmed") == PLACES
    # In the order in which they came, without a gap.
    turns = [turn for status, turn in rows if status == "waitlisted"]
    assert turns == list(range(1, CALLERS - PLACES + 1))


def test_control_the_naive_booking_oversells(database: Database) -> None:
    said = all_call(database, "naive", NAIVE)
    ((_, taken),) = database.ask(_SEATS.format(NAIVE))
    assert taken > PLACES, said


@pytest.mark.parametrize("slot", [MIXED, HELD])
def test_whatever_happens_at_the_same_time_nobody_sits_on_anothers_chair(
    database: Database, slot: str
) -> None:
    seen: list[tuple[int, int]] = []
    for round_ in range(2):
        said = all_call(database, "mixed", slot, f"{slot}-{round_}", watch=seen)
        allowed = {"confirmed", "waitlisted", "cancelled", "lapsed", "changed", "nothing"}
        # Of two that came in between: the line was empty, the capacity in use, the slot or the
        # booking changed by another.
        allowed |= {"places_free", "capacity_below_booked", "changed_meanwhile", "slot_full"}
        allowed |= {"wrong_state", "offer_lapsed", "booking_taken"}
        assert set(said) <= allowed, said
    assert len(seen) > 20
    assert [(capacity, taken) for capacity, taken in seen if taken > capacity] == []
    assert database.ask(_TWICE.format(slot)) == []
    rows = database.ask(_ROWS.format(slot))
    turns = [turn for _, turn in rows if turn is not None]
    assert turns == sorted(set(turns))
    ((capacity, taken),) = database.ask(_SEATS.format(slot))
    waiting = [turn for status, turn in rows if status == "waitlisted"]
    assert taken == capacity or not waiting, "a place that nobody has while somebody waits"
