"""志愿者花名册: what a row comes to, a volunteer and perhaps a resident."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.masking import ANONYMOUS
from backend.imports.asking import BLANK, LAST, LEAVE_OUT, question
from backend.imports.choices import Outcome
from backend.imports.directions import Choice
from backend.imports.plan import REPLAY, Plan, Problem, SheetRow, Write
from backend.imports.problems import Level
from backend.imports.unchanged import says_the_same
from backend.people import masked_cells
from backend.people.matching import Known, Question, Wanted, known_by_key
from backend.people.models import Resident
from backend.people.person_planner import PersonPlanner
from backend.volunteers import rules
from backend.volunteers.choices import VolunteerStatus
from backend.volunteers.models import Volunteer
from backend.volunteers.roster_known import (
    KnownVolunteer,
    by_resident,
    known_volunteers,
    teams_by_name,
)
from backend.volunteers.roster_told import Told, teams_in

RESIDENT, PHONES = 0, 1
SOURCE = "志愿者花名册（导入）"
LEFT = question("volunteer_left_before", "以前退出过的志愿者")
TEAM_UNKNOWN = question("team_unknown", "没有登记过的服务队")
HOURS = question("hours_beside_verified", "系统里已有核实的时长，花名册又写了累计时长")
question("person_twice", "同一个人写了两行，内容不同")
ANEW = Choice("anew", "重新加入：新登记一次")
CREATE = Choice("create", "新建这支服务队")
BEFORE = Choice("before", "是启用系统以前的时长，全部作为结转")
INCLUDED = Choice("included", "已包含系统里核实的时长，差额作为结转")
# So many teams are offered for a name that none has.
MOST_OFFERED = 12
LONGEST_TEAM = 40
_OWN = ("skills", "remark", "political_status")


class VolunteerPlanner(PersonPlanner):
    """Plans the rows of a roster of volunteers: whom it names, and what the register learns.

    Of the person it fills blanks, as a sign-in sheet does; of the volunteer what it says counts.
    """

    register = "volunteers"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.teams = teams_by_name(self.community.pk)
        # Person -> the row of this file that told of them.
        self.met: dict[int, int] = {}
        self.made_teams: set[str] = set()
        self.known: dict[int, KnownVolunteer] = {}
        # Of the rows at hand: whom their number names as a volunteer.
        self.numbered: dict[int, KnownVolunteer] = {}

    def before(self, plan: Plan) -> None:
        # Said once, of everybody who is new: on each row it would hide the questions.
        note = Problem(
            None,
            None,
            "joined_inferred",
            Level.NOTE,
            "花名册没有写申请和通过的日期：新登记的人都按导入当天申请、当天通过，并注明是推定。",
        )
        plan.file_problems.append(note)

    def plan(self, rows: Sequence[SheetRow]) -> None:
        people: list[tuple[SheetRow, Wanted, Known | int]] = []
        for row, wanted in self.wanted(rows):
            person = self._person_of(row, wanted)
            if person is not None and self._counts(row, person):
                people.append((row, wanted, person))
        residents = frozenset(p.pk for _, _, p in people if isinstance(p, Known))
        self.known = by_resident(
            known_volunteers(self.community.pk, resident__among=residents) if residents else ()
        )
        phones = self.further_phones(people)
        for row, wanted, person in people:
            self._plan_row(row, wanted, person)
            if not row.over:
                self.add_phones(row, phones.get(row.number, ()), PHONES)

    # --- whom a row names -----------------------------------------------------------------------

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """A row's number is that of a volunteer, or of a resident of the roster."""
        self.by_number, self.numbered = {}, {}
        own, roster = Volunteer._meta.label, Resident._meta.label
        named = {
            row.number: found
            for row in rows
            if not row.over
            and row.values.get("record_number")
            and (found := masked_cells.key_in(row, own, roster)) is not None
        }
        if not named:
            return
        keys = frozenset(pk for label, pk in named.values() if label == own)
        volunteers = {one.pk: one for one in known_volunteers(self.community.pk, pk__among=keys)}
        residents = {pk for label, pk in named.values() if label == roster}
        residents |= {v.resident_id for v in volunteers.values() if v.resident_id is not None}
        known = known_by_key(self.community.pk, residents)
        self.known_further = masked_cells.further_phones(known)
        for row in rows:
            label, pk = named.get(row.number, ("", 0))
            if label == roster:
                self.is_known(row, known.get(pk))
            elif label == own:
                self._is_volunteer(row, volunteers.get(pk), known)

    def _is_volunteer(
        self, row: SheetRow, one: KnownVolunteer | None, known: dict[int, Known]
    ) -> None:
        if one is None:
            masked_cells.say_unknown(row)
        elif one.resident_id is None:
            # Erased: the row names nobody any more, and nothing can be said of nobody.
            self.is_known(row, None, ANONYMOUS)
            self.numbered[row.number] = one
        else:
            self.is_known(row, known.get(one.resident_id))
            self.numbered[row.number] = one

    def _person_of(self, row: SheetRow, wanted: Wanted) -> Known | int | None:
        """The resident, or the reference to one whom the row brings; None where it is settled."""
        if not wanted.phone and row.number not in self.by_number:
            shown = self.header.heading_of("phone")
            row.say(shown, "required", Level.ERROR, f"没有填“{shown}”，请补上。")
            return None
        person = self.whom(row, wanted)
        if isinstance(person, Question) or row.over:
            return None
        if person is None and row.number in self.by_number:
            row.outcome = Outcome.UNCHANGED
            return None
        return self.bring(wanted) if person is None else person

    def _counts(self, row: SheetRow, person: Known | int) -> bool:
        """Whether the row is to stand for somebody whom an earlier one may have told of."""
        key = person.pk if isinstance(person, Known) else person
        if row.number in self.numbered and self.numbered[row.number].has_left:
            # An old row of theirs, beside the one that serves.
            return True
        earlier = self.met.setdefault(key, row.number)
        if earlier == row.number:
            return True
        answer = self.which_of_two(
            row,
            earlier,
            "person_twice",
            f"与第 {earlier} 行是同一个人，但内容不同。请只保留一行。",
            self.header.heading_of("name"),
        )
        if answer == LAST.value:
            self.met[key] = row.number
        return False

    # --- one row ----------------------------------------------------------------------------------

    def _plan_row(self, row: SheetRow, wanted: Wanted, person: Known | int) -> None:
        known = person if isinstance(person, Known) else None
        one = self.numbered.get(row.number)
        if one is None and known is not None:
            one = self.known.get(known.pk)
        own = {"remark": one.remark, "political_status": one.political_status} if one else {}
        self.check_masks(row, known, wanted.phone, **own)
        if not row.over:
            self._check_phone(row, known, wanted)
        if row.over:
            return
        asks_anew = one is not None and one.has_left and row.number not in self.numbered
        if asks_anew:
            if not self._joins_again(row):
                return
            one = None
        told = self._told(row, person, one)
        if told is None or row.over:
            return
        if one is None:
            self._new(row, wanted, person, told)
        else:
            self._change(row, one, told)
        if row.over:
            return
        self._write(row, wanted, person, told)

    def _check_phone(self, row: SheetRow, known: Known | None, wanted: Wanted) -> None:
        """Who is known by the row's number has the roster's phone: it is changed there."""
        phone = wanted.phone
        if row.number not in self.by_number or known is None or not phone or not known.phone:
            return
        if masked_cells.phone_agrees(phone, known.phone):
            return
        if (known.pk, phone) not in self.known_further:
            row.say(
                self.header.heading_of("phone"),
                "phone_of_roster",
                Level.ERROR,
                "电话和居民花名册里的不同。志愿者表不改居民花名册：请先在花名册里换号，或恢复这一格。",
            )

    def _joins_again(self, row: SheetRow) -> bool:
        answer = self.decide(
            row,
            self.header.heading_of("name"),
            LEFT,
            "这位以前是志愿者，已退出。请核对是重新加入，还是花名册没有更新。",
            (ANEW, LEAVE_OUT),
        )
        return answer == ANEW.value

    def _told(self, row: SheetRow, person: Known | int, one: KnownVolunteer | None) -> Told | None:
        told = Told(person.pk if isinstance(person, Known) else person)
        if one is not None:
            told.volunteer, told.revision = one.pk, one.revision
        given = self.with_remark(row, one.remark if one is not None else "")
        if row.rejected:
            return None
        for name in _OWN:
            value = given.get(name)
            if value and not says_the_same(value, getattr(one, name) if one is not None else ""):
                told.values[name] = value
        if not self._add_hours(row, one, told) or not self._add_teams(row, one, told):
            return None
        return told

    def _add_hours(self, row: SheetRow, one: KnownVolunteer | None, told: Told) -> bool:
        """Puts the hours of the cell into what is told; False, and the row said or asked, if not."""
        minutes = row.values.get("hours")
        if minutes is None:
            return True
        if one is not None and minutes in (one.total, one.carried_minutes or 0):
            return True
        shown = self.header.heading_of("hours")
        if one is not None and one.carried_minutes is not None and one.verified:
            row.say(
                shown,
                "carried_hours_stand",
                Level.ERROR,
                "累计时长和系统里的不同。系统里已有核实的时长，花名册不能再改结转：少了的请补登服务记录，"
                "结转写错了的请到志愿者页面改。",
            )
            return False
        if one is not None and one.verified:
            return self._beside_verified(row, one, minutes, told)
        self._carry(told, minutes)
        return True

    def _beside_verified(
        self, row: SheetRow, one: KnownVolunteer, minutes: int, told: Told
    ) -> bool:
        more = (INCLUDED,) if minutes > one.verified else ()
        answer = self.decide(
            row,
            self.header.heading_of("hours"),
            HOURS,
            "系统里已有这位志愿者核实的时长。请核对：花名册的累计时长是以前的，还是已包含系统里的？",
            (BEFORE, *more, BLANK, LEAVE_OUT),
        )
        if answer == BEFORE.value:
            self._carry(told, minutes)
        elif answer == INCLUDED.value:
            self._carry(told, minutes - one.verified)
        return answer is not None and not row.over

    def _carry(self, told: Told, minutes: int) -> None:
        told.values |= {
            "carried_minutes": minutes,
            "carried_as_of": self._as_of().isoformat(),
            "carried_source": SOURCE,
        }

    def _as_of(self) -> date:
        """The day that the sheet's own title names, if it has come; else today."""
        day = self.titles.day
        return day if day is not None and day <= self.today else self.today

    def _add_teams(self, row: SheetRow, one: KnownVolunteer | None, told: Told) -> bool:
        """Puts the teams of the cell into what is told; False while one of them is asked about."""
        there = one.teams if one is not None else set()
        for name in teams_in(row.values.get("teams") or ""):
            if name in self.teams:
                if self.teams[name] not in there:
                    told.teams.append(self.teams[name])
            elif name in self.made_teams:
                told.new_teams.append(name)
            elif not self._unknown_team(row, name, there, told):
                return False
        return True

    def _unknown_team(self, row: SheetRow, name: str, there: set[int], told: Told) -> bool:
        shown = self.header.heading_of("teams")
        if len(name) > LONGEST_TEAM:
            row.say(
                shown, "too_long", Level.ERROR, f"服务队的名称超过 {LONGEST_TEAM} 个字，请核对。"
            )
            return False
        each = tuple(
            Choice(f"is:{pk}", f"就是“{known}”", alike=False)
            for known, pk in list(self.teams.items())[:MOST_OFFERED]
        )
        answer = self.decide(
            row,
            shown,
            TEAM_UNKNOWN,
            f"没有叫“{name}”的服务队。请核对是新的队，还是已登记的队写法不同。",
            (CREATE, *each, BLANK, LEAVE_OUT),
        )
        if answer is None or row.over:
            return False
        if answer == CREATE.value:
            self.made_teams.add(name)
            told.new_teams.append(name)
        elif answer.startswith("is:") and (key := int(answer[3:])) not in there:
            told.teams.append(key)
        return True

    def _new(self, row: SheetRow, wanted: Wanted, person: Known | int, told: Told) -> None:
        birth = row.values.get("birth_month") or ""
        if isinstance(person, Known):
            birth = person.birth_month or birth
        try:
            rules.minor_has_guardian(birth, self.today, "", "")
        except RuleViolation as violation:
            row.say(
                self.header.heading_of("name"),
                violation.code,
                Level.ERROR,
                "未满 18 周岁的要有监护人同意，花名册没有这一项。请在志愿者页面登记这一位。",
            )
            return
        row.outcome = Outcome.CREATE

    def _change(self, row: SheetRow, one: KnownVolunteer, told: Told) -> None:
        if one.has_left:
            if told.changes:
                row.say(
                    self.header.heading_of("name"),
                    "volunteer_left",
                    Level.ERROR,
                    "这位志愿者已退出，这一行不能再改。要再参加，请把系统编号留空后导入。",
                )
            else:
                row.outcome = Outcome.UNCHANGED
            return
        if one.status == VolunteerStatus.APPLIED:
            told.approves = True
            row.say(
                None,
                "application_approved",
                Level.NOTE,
                "这位已申请、还没通过；花名册里有，按通过登记。",
            )
        row.outcome = Outcome.UPDATE if told.changes else Outcome.UNCHANGED

    def _write(self, row: SheetRow, wanted: Wanted, person: Known | int, told: Told) -> None:
        if person == -row.number:
            values = self.person(row, wanted)
            row.writes.append(Write(RESIDENT, values))
        elif isinstance(person, Known) and self.met.get(person.pk, row.number) == row.number:
            filled = self.blanks(row, person, wanted)
            if filled:
                row.writes.append(Write(RESIDENT, filled, person.pk, person.revision))
                if row.outcome == Outcome.UNCHANGED:
                    row.outcome = Outcome.UPDATE
        if told.changes and row.outcome in (Outcome.CREATE, Outcome.UPDATE):
            row.writes.append(Write(REPLAY, told.as_values()))
