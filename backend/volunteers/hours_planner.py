"""志愿服务记录表: what a row comes to, hours that wait for somebody to verify them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.masking import ANONYMOUS
from backend.imports.choices import Outcome
from backend.imports.plan import SheetRow, Write
from backend.imports.problems import Level
from backend.imports.unchanged import says_the_same
from backend.people import masked_cells
from backend.people.matching import Known, Question, Wanted, known_by_key
from backend.people.models import Resident
from backend.people.person_planner import PersonPlanner
from backend.volunteers.choices import STANDING_RECORDS, RecordSource, RecordStatus
from backend.volunteers.models import ServiceRecord
from backend.volunteers.roster_known import KnownVolunteer, by_resident, known_volunteers

RECORD = 0
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Times:
    """When a row says that somebody served, and how many minutes of it do not count."""

    starts_at: datetime
    ends_at: datetime
    excluded: int

    @property
    def minutes(self) -> int:
        """What counts."""
        return int((self.ends_at - self.starts_at).total_seconds()) // 60 - self.excluded


Found = tuple[SheetRow, KnownVolunteer, Times]


class HoursPlanner(PersonPlanner):
    """Plans the rows of a list of hours: whose they are, and whether they are told already."""

    register = "service_records"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        # Of the rows at hand: which record their number names.
        self.numbered: dict[int, ServiceRecord] = {}

    def day_of(self, row: SheetRow) -> date | None:
        """The day of the service: somebody who has moved out since served all the same."""
        return row.values.get("day")

    def plan(self, rows: Sequence[SheetRow]) -> None:
        people: list[tuple[SheetRow, Known, Times]] = []
        for row, wanted in self.wanted(rows):
            person = self._person_of(row, wanted)
            times = self._times(row) if not row.over and person is not None else None
            if person is not None and times is not None:
                people.append((row, person, times))
        residents = frozenset(person.pk for _, person, _ in people)
        known = known_volunteers(self.community.pk, resident__among=residents) if residents else ()
        volunteers = by_resident(known)
        found: list[Found] = []
        for row, person, times in people:
            one = volunteers.get(person.pk)
            if row.number not in self.numbered and (one is None or one.has_left):
                self._say(
                    row,
                    "name",
                    "volunteer_unknown",
                    "不是在册的志愿者，不能登记时长。请先登记或导入志愿者花名册。",
                )
            elif one is not None:
                found.append((row, one, times))
        self._judge(found)

    # --- whom and when ----------------------------------------------------------------------------

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """A row's number is that of a record, or of a resident of the roster."""
        self.by_number, self.numbered = {}, {}
        own, roster = ServiceRecord._meta.label, Resident._meta.label
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
        there = ServiceRecord.objects.filter(community=self.community, pk__among=keys)
        records = {record.pk: record for record in there.select_related("volunteer")}
        residents = {pk for label, pk in named.values() if label == roster}
        residents |= {pk for one in records.values() if (pk := one.volunteer.resident_id)}
        known = known_by_key(self.community.pk, residents)
        self.known_further = masked_cells.further_phones(known)
        for row in rows:
            label, pk = named.get(row.number, ("", 0))
            if label == roster:
                self.is_known(row, known.get(pk))
            elif label == own:
                record = records.get(pk)
                if record is None:
                    masked_cells.say_unknown(row)
                    continue
                resident = record.volunteer.resident_id
                person = known.get(resident or 0)
                self.is_known(row, person, ANONYMOUS if resident is None else None)
                self.numbered[row.number] = record

    def _person_of(self, row: SheetRow, wanted: Wanted) -> Known | None:
        person = self.whom(row, wanted)
        if isinstance(person, Question) or row.over:
            return None
        if person is None and row.number in self.by_number:
            row.outcome = Outcome.UNCHANGED
            return None
        if not isinstance(person, Known):
            self._say(
                row,
                "name",
                "volunteer_unknown",
                "不是在册的志愿者，不能登记时长。请先登记或导入志愿者花名册。",
            )
            return None
        self.check_masks(row, person, wanted.phone)
        return None if row.over else person

    def _times(self, row: SheetRow) -> Times | None:
        """The interval that a row tells; None, and the row said, where it tells none."""
        given = row.values
        start, end, minutes = given.get("start"), given.get("end"), given.get("minutes")
        if start is None:
            self._say(row, "start", "start_missing", "没有写开始时间，请写成 9:05 这样。")
            return None
        if end is None and not minutes:
            self._say(row, "end", "end_missing", "没有写结束时间，也没有写时长，请补上一样。")
            return None
        starts_at = _moment(given["day"], start)
        ends_at = starts_at + timedelta(minutes=minutes or 0)
        if end is not None:
            ends_at = _moment(given["day"], end)
            # Over midnight: a night's watch. The rules say how long one may be.
            ends_at += _ONE_DAY if ends_at <= starts_at else timedelta()
        whole = int((ends_at - starts_at).total_seconds()) // 60
        if minutes and minutes > whole:
            self._say(
                row, "minutes", "duration_too_long", "时长比开始到结束还长，请核对时间和时长。"
            )
            return None
        return Times(starts_at, ends_at, whole - minutes if minutes else 0)

    def _say(self, row: SheetRow, attribute: str, code: str, message: str) -> None:
        row.say(self.header.heading_of(attribute), code, Level.ERROR, message)

    # --- what is there already --------------------------------------------------------------------

    def _judge(self, found: Sequence[Found]) -> None:
        told = self._told_already([one for one in found if one[0].number not in self.numbered])
        asked: list[tuple[SheetRow, ServiceRecord, dict[str, Any]]] = []
        for row, one, times in found:
            record = self.numbered.get(row.number) or told.get((one.pk, times.starts_at))
            if record is not None:
                change = self._compare(row, record, times)
                if change:
                    asked.append((row, record, change))
                continue
            values = {
                "volunteer_id": one.pk,
                "starts_at": times.starts_at,
                "ends_at": times.ends_at,
                "excluded_minutes": times.excluded,
                "content": row.values.get("content") or "",
                "source": str(RecordSource.ROSTER_SHEET),
            }
            made = ServiceRecord(community_id=self.community.pk, **values)
            asked.append((row, made, values))
        self._ask_the_gate(asked)

    def _told_already(self, found: Sequence[Found]) -> dict[tuple[int, datetime], ServiceRecord]:
        """The standing records that begin when rows do, by volunteer and minute."""
        if not found:
            return {}
        starts = [times.starts_at for _, _, times in found]
        rows = ServiceRecord.objects.filter(
            volunteer__among=frozenset(one.pk for _, one, _ in found),
            status__in=STANDING_RECORDS,
            starts_at__gte=min(starts),
            starts_at__lt=max(starts) + timedelta(minutes=1),
        )
        return {(row.volunteer_id, _to_the_minute(row.starts_at)): row for row in rows}

    def _compare(self, row: SheetRow, record: ServiceRecord, times: Times) -> dict[str, Any]:
        """What a row says otherwise of a record; nothing, and the row said, where it may not."""
        changed: dict[str, Any] = {}
        content = row.values.get("content")
        if content and not says_the_same(content, record.content):
            changed["content"] = content
        began, ended = _to_the_minute(record.starts_at), _to_the_minute(record.ends_at)
        same = (began, ended, record.minutes) == (times.starts_at, times.ends_at, times.minutes)
        if not same:
            changed |= {
                "starts_at": times.starts_at,
                "ends_at": times.ends_at,
                "excluded_minutes": times.excluded,
            }
        if changed and record.status != RecordStatus.SUBMITTED:
            self._say(
                row,
                "day",
                "hours_are_fixed",
                "这条时长已核实、未通过或已撤销，不能由表格改；请在服务记录页面办理。",
            )
            return {}
        row.outcome = Outcome.UPDATE if changed else Outcome.UNCHANGED
        return changed

    def _ask_the_gate(self, asked: list[tuple[SheetRow, ServiceRecord, dict[str, Any]]]) -> None:
        """The gate's verdict, asked now so that the preview can show it: an overlap, a future day."""
        if not asked:
            return
        revisions = [record.revision for _, record, _ in asked]
        for _, record, change in asked:
            for name, value in change.items():
                setattr(record, name, value)
        refused = gate.check_many([record for _, record, _ in asked])
        for index, (row, record, change) in enumerate(asked):
            violation = refused.get(index)
            if violation is not None:
                shown = self.header.heading_of(_COLUMN.get(violation.field or "", "day"))
                row.say(shown, violation.code, Level.ERROR, violation.message)
                continue
            new = record.pk is None
            row.outcome = Outcome.CREATE if new else Outcome.UPDATE
            row.writes.append(Write(RECORD, change, record.pk, None if new else revisions[index]))


# Fields of a record, and the columns that tell them.
_COLUMN = {"starts_at": "start", "ends_at": "end", "content": "content", "volunteer": "name"}


def _moment(day: date, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at.replace(second=0, microsecond=0)))


def _to_the_minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
