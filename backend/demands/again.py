"""诉求台账 that was exported and comes back: each row names its demand by 系统编号.

What became of a demand is taken from the sheet; what was brought forward, and by whom, is not: that is
changed at the demand, where it is asked about.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese
from backend.demands import ledger_words as words
from backend.demands.choices import Channel
from backend.demands.models import Demand
from backend.imports.plan import SheetRow
from backend.imports.problems import Level
from backend.people import masked_cells
from backend.people.door_text import door_text

_ELSEWHERE = (
    "和系统里的诉求不同。表里只改承办、办结时间、结果和是否满意；要改这一格，请到“诉求”里改。"
)


class DemandsAgain:
    """The rows that have a number, each with its demand."""

    def __init__(
        self,
        community_id: int,
        heading_of: Callable[[str], str | None],
        bodies: Mapping[str, int],
    ) -> None:
        self.community_id = community_id
        self.heading_of: Any = heading_of
        self.bodies = bodies

    def known(self, rows: Sequence[SheetRow]) -> list[tuple[SheetRow, Demand]]:
        """The rows whose demand is there, and of which nothing else is said than is known."""
        keys = {
            row.number: named[1]
            for row in rows
            if (named := masked_cells.key_in(row, Demand._meta.label)) is not None
        }
        there = Demand.objects.filter(
            community=self.community_id, pk__among=frozenset(keys.values())
        ).select_related("category", "group", "building__estate", "assigned_to")
        by_key = {demand.pk: demand for demand in there}
        found = []
        for row in rows:
            if row.over or row.number not in keys:
                continue
            demand = by_key.get(keys[row.number])
            if demand is None:
                masked_cells.say_unknown(row)
                continue
            self._compare(row, demand)
            if not row.over:
                found.append((row, demand))
        return found

    def says_nothing_new(self, row: SheetRow, demand: Demand) -> bool:
        """Whether what became of it stands in the row as an export writes it."""
        given = row.values
        told = words.told_of(demand.status, demand.result, demand.resolved_at is not None)
        closed = timezone.localdate(demand.closed_at) if demand.closed_at is not None else None
        try:
            satisfied = words.satisfied_of(given.get("satisfied") or "")
        except RuleViolation:
            return False
        handler = " ".join((given.get("handler") or "").split())
        return (
            "".join((given.get("outcome") or "").split()) in ("", "".join(told.split()))
            and given.get("closed_on") in (None, closed)
            and satisfied in (None, demand.satisfied)
            and (not handler or self.bodies.get(handler) == demand.assigned_to_id)
        )

    def _compare(self, row: SheetRow, demand: Demand) -> None:
        hidden = masked_cells.take_hidden(row)
        stored = {"address": _where(demand), "remark": demand.remark}
        masked_cells.check_hidden(row, hidden, stored, self.heading_of)
        given = row.values
        name, phone = given.get("name") or "", given.get("phone") or ""
        if name and not masked_cells.name_agrees(name, demand.reporter_name):
            masked_cells.say_other_name(row, self.heading_of("name"))
        contact = given.get("first_contact") or ""
        address, channel = given.get("address"), given.get("channel") or ""
        category = given.get("category") or ""
        agrees = {
            "day": given["day"] == timezone.localdate(demand.received_at),
            "content": given["content"].split() == demand.content.split(),
            "phone": not phone or masked_cells.phone_agrees(phone, demand.reporter_phone),
            "address": not address or address.text.split() == _where(demand).split(),
            "channel": not channel or channel in _channels(demand),
            "category": not category or category == str(demand.category or ""),
            "first_contact": not contact or masked_cells.name_agrees(contact, demand.first_contact),
        }
        for attribute in (attribute for attribute, fits in agrees.items() if not fits):
            row.say(self.heading_of(attribute), "demand_differs", Level.ERROR, _ELSEWHERE)


def _channels(demand: Demand) -> tuple[str, ...]:
    named = (in_chinese(Channel(demand.channel).label), demand.channel)
    return (*named, str(demand.group)) if demand.group is not None else named


def _where(demand: Demand) -> str:
    """The place as an export writes it."""
    building = demand.building
    if building is None:
        return demand.address
    return door_text(building.estate.name, building.name, demand.unit, demand.room)
