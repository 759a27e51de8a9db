"""预约登记表 that was exported and comes back: each row names its booking by 系统编号.

What became of a booking, and what is thought of it, is taken from the sheet; whom it is for and when
is not: that is changed at the booking, where places and the line are seen to.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.imports.plan import SheetRow
from backend.imports.problems import Level
from backend.people import masked_cells
from backend.services.ledger import Told
from backend.services.models import ServiceBooking
from backend.services.outcomes import outcome_beside, rating_of
from backend.services.periods import period_of

_ELSEWHERE = "和系统里的预约不同。表里只改完成情况、评价和评语；要改这一格，请到“服务预约”里改。"


class BookingsAgain:
    """The rows that have a number, each with its booking and what is told of it."""

    def __init__(self, community_id: int, heading_of: Callable[[str], str | None]) -> None:
        self.community_id = community_id
        self.heading_of: Any = heading_of

    def told(self, rows: Sequence[SheetRow]) -> list[tuple[SheetRow, ServiceBooking, Told]]:
        """What each row comes to; of one that cannot be taken it is said why."""
        keys = {
            row.number: named[1]
            for row in rows
            if (named := masked_cells.key_in(row, ServiceBooking._meta.label)) is not None
        }
        there = ServiceBooking.objects.filter(
            community=self.community_id, pk__among=frozenset(keys.values())
        )
        known = {b.pk: b for b in there.select_related("slot__item")}
        found = []
        for row in rows:
            if row.over or row.number not in keys:
                continue
            booking = known.get(keys[row.number])
            if booking is None:
                masked_cells.say_unknown(row)
                continue
            told = self._told(row, booking)
            if told is not None:
                found.append((row, booking, told))
        return found

    def _told(self, row: SheetRow, booking: ServiceBooking) -> Told | None:
        hidden = masked_cells.take_hidden(row)
        stored = {"address": booking.address, "comment": booking.comment}
        masked_cells.check_hidden(row, hidden, stored, self.heading_of)
        given = row.values
        if not masked_cells.name_agrees(given["name"], booking.name):
            masked_cells.say_other_name(row, self.heading_of("name"))
        for name in self._other(given, booking):
            row.say(self.heading_of(name), "booking_differs", Level.ERROR, _ELSEWHERE)
        outcome = self._read(
            row, "outcome", lambda text: outcome_beside(text, booking.status), booking.status
        )
        if row.over:
            return None
        rating, comment = rating_of(given.get("rating") or "")
        slot = booking.slot
        return Told(
            item=slot.item_id,
            capacity=slot.capacity,
            starts_at=slot.starts_at,
            ends_at=slot.ends_at,
            exact=True,
            outcome=outcome,
            rating=rating,
            comment=(given.get("comment") or comment)[:300],
            helper=slot.helper,
            name=booking.name,
            phone=booking.phone,
            address=booking.address,
            slot=slot.pk,
            resident=booking.resident_id,
            booking=booking.pk,
        )

    def _other(self, given: dict[str, Any], booking: ServiceBooking) -> list[str]:
        """The columns in which a row says something else than is stored."""
        slot = booking.slot
        starts, ends = (timezone.localtime(at) for at in (slot.starts_at, slot.ends_at))
        phone, address = given.get("phone") or "", given.get("address")
        agrees = {
            "item": given["item"].split() == slot.item.title.split(),
            "day": given["day"] == starts.date(),
            "phone": not phone or masked_cells.phone_agrees(phone, booking.phone),
            "address": not address or address.text.split() == booking.address.split(),
            "period": self._is_at(given.get("period") or "", starts, ends),
        }
        return [name for name, fits in agrees.items() if not fits]

    @staticmethod
    def _is_at(text: str, starts: datetime, ends: datetime) -> bool:
        """Whether a period is that of the slot: as it was exported, or as people write it."""
        if text.strip() in ("", f"{starts:%H:%M}-{ends:%H:%M}"):
            return True
        try:
            told = period_of(text)
        except RuleViolation:
            return False
        return [f"{at:%H:%M}" for at in told] == [f"{at:%H:%M}" for at in (starts, ends)]

    def _read(self, row: SheetRow, name: str, read: Callable[[str], str], unsaid: str) -> str:
        text = row.values.get(name) or ""
        if not text.strip():
            return unsaid
        try:
            return read(text)
        except RuleViolation as violation:
            row.say(self.heading_of(name), violation.code, Level.ERROR, violation.message)
            return unsaid
