"""预约登记表: what a row comes to, a booking in a slot that is there, or in one that is made for it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.imports.choices import Outcome
from backend.imports.plan import REPLAY, SheetRow, Write
from backend.imports.problems import Level
from backend.people.matching import Known, Question, Wanted
from backend.people.person_planner import PersonPlanner
from backend.services import rules
from backend.services.bookings_again import BookingsAgain
from backend.services.choices import ACTIVE, TAKING, BookingStatus
from backend.services.ledger import Told
from backend.services.models import ServiceBooking, ServiceItem, Slot
from backend.services.outcomes import outcome_of, rating_of
from backend.services.periods import period_of

Place = tuple[int, datetime]


class BookingPlanner(PersonPlanner):
    """Plans the rows of a ledger of bookings: which slot, whom for, and what became of it."""

    register = "bookings"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        items = ServiceItem.objects.filter(community=self.community).order_by("pk")
        self.items = {item.title: item for item in items}
        self.statuses = {item.pk: item.status for item in self.items.values()}
        # Whoever a row of this file has booked for by item and time, or the key of the booking that it
        # names: the number of that row.
        self.met: dict[Any, int] = {}
        self.slots: dict[Place, Slot] = {}
        # Places that rows of this file take, beyond those taken already.
        self.taken: dict[Place, int] = {}
        self.recorded: dict[tuple[int, Any], ServiceBooking] = {}
        self.again = BookingsAgain(self.community.pk, self.header.heading_of)

    def day_of(self, row: SheetRow) -> date | None:
        """The day of the service: somebody who has moved out since was there all the same."""
        return row.values.get("day")

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """A number names a booking, and is looked up before anybody is looked for."""

    def plan(self, rows: Sequence[SheetRow]) -> None:
        again = [row for row in rows if not row.over and row.values.get("record_number")]
        self._plan_again(again)
        numbers = {row.number for row in again}
        rows = [row for row in rows if row.number not in numbers]
        found: list[tuple[SheetRow, Wanted, Told]] = []
        for row, wanted in self.wanted(rows):
            told = self._told(row)
            if told is not None:
                found.append((row, wanted, told))
        self._load([told for _, _, told in found])
        for row, wanted, told in found:
            person = self.whom(row, wanted)
            if not isinstance(person, Question) and not row.over:
                self._plan_row(row, wanted, person, told)

    def _plan_again(self, rows: Sequence[SheetRow]) -> None:
        for row, booking, told in self.again.told(rows):
            if self._is_met(row, booking.pk):
                continue
            if booking.status in (*ACTIVE, *TAKING):
                # A further row without a number would be about the same booking.
                who: Any = told.resident or (told.name, told.phone)
                self.met.setdefault(((told.item, told.starts_at), who), row.number)
            if self._may_be(row, told):
                self._compare(row, told, booking)

    # --- cells that need the row --------------------------------------------------------------

    def _told(self, row: SheetRow) -> Told | None:
        """What the cells say of slot and outcome; None, and the row rejected, if they do not."""
        given = row.values
        item = self.items.get(" ".join((given.get("item") or "").split()))
        if item is None:
            self._say(
                row,
                "item",
                RuleViolation(
                    "service_unknown", "没有这项服务，请先在“服务项目”里登记，或改成已登记的名称。"
                ),
            )
        period = self._ask(row, "period", period_of)
        outcome = self._ask(row, "outcome", outcome_of)
        if item is None or period is None or outcome is None or row.over:
            return None
        starts, ends = (
            timezone.make_aware(datetime.combine(given["day"], moment)) for moment in period
        )
        rating, comment = rating_of(given.get("rating") or "")
        comment = given.get("comment") or comment
        if not (given.get("period") or "").strip():
            row.say(
                self.header.heading_of("period"),
                "period_inferred",
                Level.NOTE,
                "没有写时段：当天只有一个时段就用它，否则按 9:00-11:00 登记。",
            )
        return Told(
            item=item.pk,
            capacity=item.capacity,
            starts_at=starts,
            ends_at=ends,
            exact=bool((given.get("period") or "").strip()),
            outcome=outcome,
            rating=rating,
            comment=comment[:300],
            helper=given.get("helper") or "",
            name=given["name"],
            phone=given.get("phone") or "",
            address=given["address"].text[:100] if given.get("address") else "",
        )

    def _ask(self, row: SheetRow, attribute: str, read: Any) -> Any:
        try:
            return read(row.values.get(attribute) or "")
        except RuleViolation as violation:
            self._say(row, attribute, violation)
            return None

    def _say(self, row: SheetRow, attribute: str, why: RuleViolation) -> None:
        row.say(self.header.heading_of(attribute), why.code, Level.ERROR, why.message)

    # --- what is there already ----------------------------------------------------------------

    def _load(self, told: Sequence[Told]) -> None:
        if not told:
            return
        first = _midnight(min(one.starts_at for one in told))
        last = _midnight(max(one.starts_at for one in told)) + timedelta(days=1)
        rows = Slot.objects.with_places().filter(
            community=self.community,
            item__among=frozenset(one.item for one in told),
            starts_at__gte=first,
            starts_at__lt=last,
        )
        slots = list(rows.order_by("pk"))
        for slot in slots:
            self.slots.setdefault((slot.item_id, slot.starts_at), slot)
        bookings = ServiceBooking.objects.filter(slot__among=frozenset(s.pk for s in slots))
        # The last one of a person counts: an earlier one was cancelled.
        for booking in bookings.order_by("pk"):
            who = booking.resident_id or (booking.name, booking.phone)
            self.recorded[booking.slot_id, who] = booking

    def _slot_of(self, told: Told) -> Slot | None:
        """The slot that a row means: at its time, or the only one of that day."""
        exact = self.slots.get((told.item, told.starts_at))
        if exact is not None or told.exact:
            return exact
        day = timezone.localdate(told.starts_at)
        of_day = [
            slot
            for (item, starts_at), slot in self.slots.items()
            if item == told.item and timezone.localdate(starts_at) == day
        ]
        return of_day[0] if len(of_day) == 1 else None

    # --- one row ------------------------------------------------------------------------------

    def _plan_row(
        self, row: SheetRow, wanted: Wanted, person: Known | int | None, told: Told
    ) -> None:
        slot = self._slot_of(told)
        if slot is not None:
            told.slot, told.starts_at, told.ends_at = slot.pk, slot.starts_at, slot.ends_at
        if isinstance(person, Known):
            told.resident = person.pk
        who: Any = told.resident or (told.name, told.phone)
        place = (told.item, told.starts_at)
        if self._is_met(row, (place, who)):
            return
        known = self.recorded.get((slot.pk, who)) if slot is not None else None
        if not self._may_be(row, told):
            return
        if known is not None and known.status not in (*ACTIVE, *TAKING):
            known = None if told.outcome != known.status else known
        if known is not None:
            self._compare(row, told, known)
            return
        if not self._may_be_booked(row, slot, told, place):
            return
        row.outcome = Outcome.CREATE
        row.writes.append(Write(REPLAY, told.as_values()))

    def _is_met(self, row: SheetRow, key: Any) -> bool:
        """Whether an earlier row of the file is about the same booking; that is said."""
        earlier = self.met.setdefault(key, row.number)
        if earlier == row.number:
            return False
        self._say(
            row,
            "name",
            RuleViolation(
                "booking_taken", f"与第 {earlier} 行是同一个人、同一时段，请只保留一行。"
            ),
        )
        return True

    def _may_be(self, row: SheetRow, told: Told) -> bool:
        try:
            told.may_be()
        except RuleViolation as violation:
            self._say(row, "outcome" if violation.field == "outcome" else "rating", violation)
            return False
        return True

    def _may_be_booked(self, row: SheetRow, slot: Any, told: Told, place: Place) -> bool:
        """Whether a place can be booked now, where the slot is to come, and is there."""
        if told.ends_at > timezone.now():
            try:
                rules.item_takes_bookings(self.statuses[told.item])
            except RuleViolation as violation:
                self._say(row, "item", violation)
                return False
        if slot is None or told.outcome == BookingStatus.CANCELLED:
            return True
        return self._has_room(row, slot, place)

    def _has_room(self, row: SheetRow, slot: Any, place: Place) -> bool:
        more = self.taken.get(place, 0)
        if slot.places_taken + more >= slot.capacity:
            self._say(
                row,
                "period",
                RuleViolation("slot_full", "这个时段的名额已满。请先在时段页改名额，再导入。"),
            )
            return False
        self.taken[place] = more + 1
        return True

    def _compare(self, row: SheetRow, told: Told, known: ServiceBooking) -> None:
        """What the ledger says more than is known: an outcome, a rating."""
        told.booking = known.pk
        if told.rating is not None and known.rating not in (None, told.rating):
            why = "系统里已有另一个评分，不能从表里改；请恢复这一格，或留空。"
            self._say(row, "rating", RuleViolation("rating_known", why))
            return
        try:
            told.follows(known.status)
        except RuleViolation as violation:
            self._say(row, "outcome", violation)
            return
        was = known.status if known.status != BookingStatus.RATED else BookingStatus.SERVED
        same = told.outcome in (was, BookingStatus.CONFIRMED)
        says_more = (told.rating is not None and known.rating is None) or (
            bool(told.comment) and not known.comment
        )
        if same and not says_more:
            row.outcome = Outcome.UNCHANGED
            return
        row.outcome = Outcome.UPDATE
        row.writes.append(Write(REPLAY, told.as_values()))


def _midnight(moment: datetime) -> datetime:
    return timezone.localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)
