"""签到表: what a row comes to, an attendance and perhaps a resident."""

from collections.abc import Sequence
from typing import Any

from backend.education.event_rows import EventRows
from backend.education.models import Attendance, LegalEducationEvent
from backend.imports.asking import LAST, question
from backend.imports.choices import Outcome
from backend.imports.directions import Choice
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.unchanged import says_the_same
from backend.people import masked_cells
from backend.people.matching import Known, Question, Wanted, known_by_key
from backend.people.models import Resident

RESIDENT, ATTENDANCE, PHONES = 0, 1, 2
TWO_PEOPLE = Choice("two", "是两个人：各登记一条")

question("name_twice", "同名写了两行，都没有电话和住址")
_OWN = ("gender", "age", "signed", "remark", "signed_in_at", "companions")


class AttendancePlanner(EventRows):
    """Plans sign-in rows: who is it, have they been recorded, does the roster learn anything?"""

    register = "attendance"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Event -> person or name -> the row of this file that recorded it. One within the other: a
        # key of two for each of 100 000 rows would be 5 MB.
        self.met: dict[int, dict[Any, int]] = {}
        self.filled: dict[int, int] = {}
        self.recorded: dict[tuple[int, Any], tuple[Any, ...]] = {}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        self.load_events(rows)
        found = [(row, wanted) for row, wanted in self.wanted(rows) if self.event_fits(row)]
        people: list[tuple[SheetRow, Wanted, Known | int | None]] = []
        for row, wanted in found:
            person = self.whom(row, wanted)
            if isinstance(person, Question):
                continue
            new = person is None and row.number not in self.by_number
            if new and wanted.identified:
                people.append((row, wanted, self.bring(wanted)))
            else:
                people.append((row, wanted, person))
        self._load_recorded(people)
        phones = self.further_phones(people)
        for row, wanted, person in people:
            self._plan_row(row, wanted, person)
            if not row.over:
                self.add_phones(row, phones.get(row.number, ()), PHONES)
                self.add_number(row, wanted, person)

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """A row's number is that of a sign-in, or of a resident of the roster."""
        self.by_number, self.attended, self.namesakes = {}, {}, {}
        own, roster = Attendance._meta.label, Resident._meta.label
        named = {
            row.number: found
            for row in rows
            if not row.over
            and row.values.get("record_number")
            and (found := masked_cells.key_in(row, own, roster)) is not None
        }
        if not named:
            return
        signed = {pk for label, pk in named.values() if label == own}
        there = Attendance.objects.filter(community=self.community, pk__among=signed).order_by()
        rows_there = there.values_list("pk", "event_id", "resident_id", "name", "namesake")
        attended: dict[int, tuple[int, int | None, str | None, int]] = {
            pk: (event, resident, name, which) for pk, event, resident, name, which in rows_there
        }
        residents = {pk for label, pk in named.values() if label == roster}
        residents |= {resident for _, resident, *_ in attended.values() if resident is not None}
        known = known_by_key(self.community.pk, residents)
        self.known_further = masked_cells.further_phones(known)
        for row in rows:
            label, pk = named.get(row.number, ("", 0))
            if label == roster:
                self.is_known(row, known.get(pk))
            elif label == own:
                event, resident, name, which = attended.get(pk, (0, 0, None, 1))
                if resident is not None and resident not in known:
                    masked_cells.say_unknown(row)
                    continue
                self.is_known(row, known.get(resident or 0), name)
                self.attended[row.number], self.namesakes[row.number] = event, which

    def _load_recorded(self, people: Sequence[tuple[SheetRow, Wanted, Known | int | None]]) -> None:
        residents = {p.pk for _, _, p in people if isinstance(p, Known)}
        names = {w.name for _, w, p in people if p is None}
        events = {event.pk for row, _, _ in people if (event := self.event_of(row))}
        rows = Attendance.objects.order_by().values_list(
            "event_id", "resident_id", "name", "pk", "revision", *_OWN
        )
        # One event as an equation: else SQLite takes the wrong index.
        rows = (
            rows.filter(event=events.pop()) if len(events) == 1 else rows.filter(event__in=events)
        )
        self.recorded = {}
        for event, resident, _, *rest in (
            rows.filter(resident_id__among=residents) if residents else ()
        ):
            self.recorded[event, resident] = tuple(rest)
        if names:
            bare = rows.filter(resident__isnull=True, name__among=names)
            fields = ("event_id", "name", "namesake", "pk", "revision", *_OWN)
            for event, name, which, *rest in bare.values_list(*fields):
                self.recorded[event, _called(name, which)] = tuple(rest)

    def _plan_row(self, row: SheetRow, wanted: Wanted, person: Known | int | None) -> None:
        event = self.event_of(row)
        assert event is not None
        who: Any = person.pk if isinstance(person, Known) else person
        who = who or _called(wanted.name, self.namesakes.get(row.number, 1))
        met = self.met.setdefault(event.pk, {})
        if who in met:
            answer = self._met_twice(row, person, met[who])
            if answer == LAST.value:
                met[who] = row.number
            if answer != TWO_PEOPLE.value:
                return
            who = self._namesake(event, wanted)
        met[who] = row.number
        recorded = self.recorded.get((event.pk, who))
        self._check_personal(row, wanted, person, recorded)
        if row.over:
            return
        if person is None and row.number not in self.attended:
            row.say(
                None,
                "unlinked",
                Level.NOTE,
                "没有电话和住址，只按姓名登记，不对应花名册里的居民。",
            )
        if recorded is None:
            self._record(row, wanted, person, event, who)
        else:
            self._complete(row, recorded)
        if (
            not row.rejected
            and isinstance(person, Known)
            and self.filled.setdefault(person.pk, row.number) == row.number
        ):
            filled = self.blanks(row, person, wanted)
            if filled:
                row.writes.insert(0, Write(RESIDENT, filled, person.pk, person.revision))
                if row.outcome == Outcome.UNCHANGED:
                    row.outcome = Outcome.UPDATE
        if row.writes and row.number in self.attended:
            # Nothing new may be said of an event that is over; what is said already may.
            self.check_status(row, event)

    def _check_personal(
        self,
        row: SheetRow,
        wanted: Wanted,
        person: Known | int | None,
        recorded: tuple[Any, ...] | None,
    ) -> None:
        """Masks agree with what is stored; what a sign-in cannot change of the roster is said."""
        known = person if isinstance(person, Known) else None
        remark = recorded[2 + _OWN.index("remark")] if recorded is not None else ""
        self.check_masks(row, known, wanted.phone, remark=remark)
        if row.number not in self.attended or row.over:
            return
        phone = wanted.phone
        if known is None:
            if phone or wanted.placed.key is not None:
                row.say(
                    self.header.heading_of("phone" if phone else "address"),
                    "unlinked_contact",
                    Level.ERROR,
                    "这条签到没有对应花名册里的居民，电话和住址不能从这里补。"
                    "请先在签到记录页面选好居民，再到花名册里填。",
                )
        elif (
            phone
            and known.phone
            and not masked_cells.phone_agrees(phone, known.phone)
            and (known.pk, phone) not in self.known_further
        ):
            row.say(
                self.header.heading_of("phone"),
                "phone_of_roster",
                Level.ERROR,
                "电话和花名册里的不同。签到表不改花名册：请先在花名册里换号，或恢复这一格。",
            )

    def _met_twice(self, row: SheetRow, person: Known | int | None, earlier: int) -> str | None:
        more: tuple[Choice, ...] = ()
        if person is None:
            code, message = (
                "name_twice",
                f"与第 {earlier} 行同名，两行都没有电话和住址，不能确认是不是同一个人。请补上电话或住址。",
            )
            more = (TWO_PEOPLE,)
        else:
            code, message = (
                "person_twice",
                f"与第 {earlier} 行是同一个人，但内容不同。请只保留一行。",
            )
        return self.which_of_two(row, earlier, code, message, self.header.heading_of("name"), more)

    def _namesake(self, event: LegalEducationEvent, wanted: Wanted) -> Any:
        """As which of its name a further person is recorded: the next one that no row has taken."""
        met, number = self.met[event.pk], 2
        while _called(wanted.name, number) in met:
            number += 1
        return _called(wanted.name, number)

    def _record(
        self,
        row: SheetRow,
        wanted: Wanted,
        person: Known | int | None,
        event: LegalEducationEvent,
        who: Any,
    ) -> None:
        values: dict[str, Any] = {"event_id": event.pk, "name": wanted.name}
        if isinstance(who, tuple):
            values["namesake"] = who[1]
        if person is not None:
            values["resident_id"] = person.pk if isinstance(person, Known) else person
        given = self.with_remark(row)
        for name in _OWN:
            if given.get(name) is not None:
                values[name] = given[name]
        row.outcome = Outcome.CREATE
        if person == -row.number:
            row.writes.append(Write(RESIDENT, self.person(row, wanted)))
        row.writes.append(Write(ATTENDANCE, values))

    def _complete(self, row: SheetRow, recorded: tuple[Any, ...]) -> None:
        pk, revision, *stored = recorded
        given = self.with_remark(row, stored[_OWN.index("remark")])
        if row.rejected:
            return
        changed = {
            name: given[name]
            for name, was in zip(_OWN, stored, strict=True)
            if given.get(name) is not None and not says_the_same(given[name], was)
        }
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        if changed:
            row.writes.append(Write(ATTENDANCE, changed, pk, revision))


def _called(name: str, which: int) -> str | tuple[str, int]:
    """By what a person is known whom only a name tells: the name, with a number from the second on."""
    return name if which == 1 else (name, which)
