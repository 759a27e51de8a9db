"""What every sheet that names people does first: whom does a row mean?"""

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.imports.choices import Outcome
from backend.imports.plan import SheetRow
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner
from backend.people import masked_cells, rules
from backend.people.matching import (
    NOWHERE,
    Addresses,
    Known,
    Placed,
    Question,
    Roster,
    Wanted,
    known_by_key,
)
from backend.people.models import Resident, ResidentPhone
from backend.people.more_phones import PhonesBeside
from backend.people.numbers import NUMBER_OF_PERSON, Numbers


class PersonPlanner(PhonesBeside, RowPlanner):
    """What every sheet that names people does first: whom does a row mean?"""

    # Whose sheet it is: which columns a community may turn on.
    register: ClassVar[str] = ""
    # Whether what the sheet says of somebody may take the place of what the roster says.
    overwrites: ClassVar[bool] = False

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.addresses = Addresses(self.community.pk)
        self.roster = Roster(
            self.community.pk, labels=self.addresses.labels, overwrites=self.overwrites
        )
        self.today = timezone.localdate()
        self.numbers = Numbers(self.community.pk, self.register, self.header)
        self.owners: dict[int, Known] = {}
        # (person, phone) of the further phones that rows of this file have brought.
        self.brought_phones: set[tuple[int, str]] = set()
        self.doors = masked_cells.Doors(self.community.pk)
        # Of the rows at hand, by number: which cells are hidden, and whom their 系统编号 names.
        self.hidden: dict[int, frozenset[str]] = {}
        self.by_number: dict[int, Known | None] = {}
        self.known_further: set[tuple[int, str]] = set()

    def wanted(self, rows: Sequence[SheetRow]) -> list[tuple[SheetRow, Wanted]]:
        """The rows still standing, each with whom it names; addresses looked up, roster loaded."""
        found = []
        self.hidden = {row.number: some for row in rows if (some := masked_cells.take_hidden(row))}
        self.know_by_number(rows)
        for row in rows:
            self._check_birth(row)
            if row.over:
                continue
            if row.number not in self.by_number and masked_cells.refuse_masked_name(
                row, self.header.heading_of("name")
            ):
                continue
            # A remark that is too long: known before anybody is brought in by the row.
            self.with_remark(row)
            if row.rejected:
                continue
            placed = self._placed(row)
            if placed is None:
                continue
            if placed.text:
                row.say(
                    self.header.heading_of("address"),
                    "address_unplaced",
                    Level.NOTE,
                    "住址对不上本社区的楼栋，按原文保存。",
                )
            found.append(
                (
                    row,
                    Wanted(
                        row.number,
                        row.values["name"],
                        row.values.get("phone") or "",
                        placed,
                        self.day_of(row),
                        row.values.get("further_phone") or "",
                        number=row.values.get(NUMBER_OF_PERSON),
                    ),
                )
            )
        self.roster.load(wanted for row, wanted in found if row.number not in self.by_number)
        if self.numbers.model:
            owners = (self.numbers.owner(wanted.number) for _, wanted in found)
            self.owners = self.roster.by_key(pk for pk in owners if pk is not None and pk > 0)
        return found

    def _check_birth(self, row: SheetRow) -> None:
        try:
            rules.born_by_now(row.values.get("birth_month") or "", self.today)
        except RuleViolation as violation:
            shown = self.header.heading_of("birth_month")
            row.say(shown, violation.code, Level.ERROR, violation.message)

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """Looks up whom the rows with a 系统编号 mean; what is wrong with one is said."""
        self.by_number = {}
        keys = {
            row.number: named[1]
            for row in rows
            if not row.over
            and row.values.get("record_number")
            and (named := masked_cells.key_in(row, Resident._meta.label)) is not None
        }
        if not keys:
            return
        known = known_by_key(self.community.pk, keys.values())
        self.known_further = masked_cells.further_phones(known)
        for row in rows:
            if row.number in keys:
                self.is_known(row, known.get(keys[row.number]))

    def is_known(self, row: SheetRow, known: Known | None, name: str | None = None) -> None:
        """Takes a row for one about `known`, if the name agrees."""
        name = name or (known.name if known is not None else None)
        if name is None:
            masked_cells.say_unknown(row)
        elif not masked_cells.name_agrees(row.values["name"], name):
            masked_cells.say_other_name(row, self.header.heading_of("name"))
        else:
            row.values["name"] = name
            self.by_number[row.number] = known

    def check_masks(self, row: SheetRow, known: Known | None, phone: str, **own: Any) -> None:
        """Says which masks of a row are not those of what is stored of the person, or in `own`."""
        hidden = self.hidden.get(row.number)
        if hidden:
            stored = (masked_cells.hidden_of(known) if known is not None else {}) | own
            masked_cells.check_hidden(row, hidden, stored, self.header.heading_of)
        if not masked_cells.is_masked_phone(phone):
            return
        if not masked_cells.phone_agrees(phone, known.phone if known is not None else ""):
            shown = self.header.heading_of("phone")
            problem = masked_cells.mask_mismatch(shown)
            row.say(shown, problem.code, problem.level, problem.message)

    def lives_there(self, row: SheetRow, known: Known) -> bool:
        """Whether the row's address is where the person is known to live, word for word."""
        address = row.values.get("address")
        return address is not None and self.doors.is_home_of(known, address.text)

    def _placed(self, row: SheetRow) -> Placed | None:
        """Where the row's address is; None, and the row asked, if nobody has said which."""
        known = self.by_number.get(row.number)
        if known is not None and self.lives_there(row, known):
            # As an export writes it: nothing new, and nothing to look up.
            return NOWHERE
        placed = self.addresses.place(row.values.get("address"))
        if not isinstance(placed, Question):
            return placed
        answer = self.ask(row, placed)
        if answer is None or row.over:
            return None
        return placed.places[answer.partition(":")[2]]

    def whom(self, row: SheetRow, wanted: Wanted) -> Known | int | Question | None:
        """Whom a row means, as staff have answered where it is a question; the question itself
        while they have not, or where the row is to be left out.
        """
        if row.number in self.by_number:
            return self.by_number[row.number]
        found = self._found(wanted)
        while isinstance(found, Question):
            answer = self.ask(row, found)
            if answer is None or row.over:
                return found
            was, found = found, self.roster.settled(found, answer, wanted)
            if isinstance(found, Known) and was.about != NUMBER_OF_PERSON:
                found = self._checked(found, wanted)
        return found

    def _found(self, wanted: Wanted) -> Known | int | Question | None:
        """By the identity number, where there is one that is known; else as `Roster.find`."""
        owner = self.numbers.owner(wanted.number)
        person = self.owners.get(owner) if owner is not None and owner > 0 else owner
        if person is None:
            found = self.roster.find(wanted)
            return self._checked(found, wanted) if isinstance(found, Known) else found
        name = person.name if isinstance(person, Known) else self.numbers.names[-person]
        if name != wanted.name:
            return self.roster.about_name(person)
        if isinstance(person, Known) and self._has_other_phone(person, wanted):
            return self.roster.about_phone(person, wanted)
        return person

    def _checked(self, known: Known, wanted: Wanted) -> Known | Question:
        """Whom name and phone, or door, have found, unless their identity number is another one."""
        if self.numbers.differs(known.pk, wanted.number):
            return self.roster.about_number(known, wanted)
        return known

    def _has_other_phone(self, known: Known, wanted: Wanted) -> bool:
        if not wanted.phone or "*" in wanted.phone or not known.phone:
            return False
        further = ResidentPhone.objects.filter(resident=known.pk, phone=wanted.phone)
        return known.phone != wanted.phone and not further.exists()

    def bring(self, wanted: Wanted) -> int:
        """Takes note of a person whom this row brings; answers the reference to them."""
        self.numbers.bring(wanted)
        return self.roster.bring(wanted)

    def add_number(self, row: SheetRow, wanted: Wanted, person: Known | int | None) -> None:
        """Lets a row write the identity number that it tells of somebody."""
        write = self.numbers.write(wanted, person)
        if write is not None:
            row.writes.append(write)
            if row.outcome == Outcome.UNCHANGED:
                row.outcome = Outcome.UPDATE

    def day_of(self, row: SheetRow) -> date | None:
        """The day that a row tells of; None for today."""
        return None

    def ask(self, row: SheetRow, question: Question) -> str | None:
        """Puts a question to the row: unanswered, it rejects it. The answer, if there is one."""
        shown = self.header.heading_of(question.about)
        return self.decide(row, shown, question.code, question.message, question.choices)

    @staticmethod
    def person(row: SheetRow, wanted: Wanted) -> dict[str, Any]:
        """The values of a resident whom this row brings."""
        phone = "" if wanted.shares else wanted.phone
        values = {"name": wanted.name, "phone": phone} | wanted.placed.values()
        for name in ("gender", "birth_month"):
            if row.values.get(name):
                values[name] = row.values[name]
        return values

    @staticmethod
    def blanks(row: SheetRow, known: Known, wanted: Wanted) -> dict[str, Any]:
        """What a row knows of a resident that the roster does not: blanks alone, nothing else."""
        filled: dict[str, Any] = {}
        placed, phone = wanted.placed, "" if wanted.shares else wanted.phone
        if wanted.new_phone == "replace" or (
            phone and not known.phone and "*" not in phone and phone != known.further
        ):
            filled["phone"] = phone
        if known.building_id is None and not known.address:
            filled |= placed.values()
        for name in ("gender", "birth_month"):
            if row.values.get(name) and not getattr(known, name):
                filled[name] = row.values[name]
        return filled


def says_less(placed: Placed, known: Known) -> bool:
    """Whether an address is the roster's own, only less complete."""
    return (
        placed.building_id is not None
        and placed.building_id == known.building_id
        and placed.unit in ("", known.unit)
        and placed.room in ("", known.room)
    )
