"""The further phones that rows of a sheet tell of."""

from collections.abc import Iterable, Sequence
from typing import Any

from backend.imports.choices import Outcome
from backend.imports.plan import SheetRow, Write
from backend.people.choices import PhoneKind
from backend.people.matching import Known, Roster, Wanted
from backend.people.models import ResidentPhone


class PhonesBeside:
    """Part of a planner of people: phones that do not stand on the resident's own row."""

    roster: Roster
    # (person, phone) of those that rows of this file have brought.
    brought_phones: set[tuple[int, str]]

    def further_phones(
        self, people: Sequence[tuple[SheetRow, Wanted, Known | int | None]]
    ) -> dict[int, list[dict[str, Any]]]:
        """The further phones that rows bring, by the number of the row."""
        asking = [p for p in people if p[1].further or p[1].shares or p[1].new_phone]
        known = frozenset(p.pk for _, _, p in asking if isinstance(p, Known))
        stored = set(self.brought_phones)
        if known:
            phones = ResidentPhone.objects.filter(resident__among=known).order_by()
            stored |= set(phones.values_list("resident_id", "phone"))
        found: dict[int, list[dict[str, Any]]] = {}
        for row, wanted, person in asking:
            if person is None:
                continue
            key = person.pk if isinstance(person, Known) else person
            for phone, kind in self._phones_beside(wanted, person):
                if (key, phone) not in stored:
                    stored.add((key, phone))
                    self.brought_phones.add((key, phone))
                    values = {"resident_id": key, "phone": phone, "kind": str(kind)}
                    found.setdefault(row.number, []).append(values)
        return found

    def _phones_beside(self, wanted: Wanted, person: Known | int) -> list[tuple[str, PhoneKind]]:
        """The phones that a row tells of, but for the one on the resident's own row."""
        own, family = PhoneKind.OWN, PhoneKind.FAMILY
        first = person.phone if isinstance(person, Known) else wanted.phone
        told = [(wanted.phone, family if wanted.shares else own)]
        if wanted.further:
            another = self.roster.phone_of_another(wanted.further, wanted.name)
            told.append((wanted.further, family if another else own))
        if wanted.new_phone == "replace":
            told, first = [*told, (first, own)], wanted.phone
        elif isinstance(person, Known) and not first and not wanted.shares:
            first = wanted.phone  # It fills the blank.
        return [(p, k) for p, k in told if p and "*" not in p and (p != first or k == family)]

    @staticmethod
    def add_phones(row: SheetRow, phones: Iterable[dict[str, Any]], model: int) -> None:
        """Lets a row write further phones, to the register's model at that position."""
        for values in phones:
            row.writes.append(Write(model, values))
            if row.outcome == Outcome.UNCHANGED:
                row.outcome = Outcome.UPDATE
