"""诉求台账: what a row comes to: a new demand with its history, or a known one that went on."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.core.models import Transition
from backend.demands import ledger_words as words
from backend.demands.again import DemandsAgain
from backend.demands.choices import Channel, DemandStatus
from backend.demands.ledger import ENTERED, later_of, steps_to
from backend.demands.models import Demand, DemandCategory
from backend.demands.replaying import Told
from backend.imports.choices import Outcome
from backend.imports.kept import with_kept
from backend.imports.plan import REPLAY, SheetRow, Write
from backend.imports.problems import Level
from backend.people import masked_cells
from backend.people.choices import OrganizationKind
from backend.people.matching import Known, Placed, Question
from backend.people.models import Organization
from backend.people.person_planner import PersonPlanner
from backend.places.models import ResidentGroup

# Where a ledger gives only the day: when the window opens, and noon for what was done.
OPENS, NOON = time(9, 0), time(12, 0)
Key = tuple[date, str, str]


class DemandPlanner(PersonPlanner):
    """Plans the rows of a ledger of demands."""

    register = "demands"

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        here = self.community.pk
        self.categories = dict(
            DemandCategory.objects.filter(community=here).values_list("name", "pk")
        )
        self.groups = dict(ResidentGroup.objects.filter(community=here).values_list("name", "pk"))
        self.bodies: dict[str, int] = {}
        self.committee: int | None = None
        for pk, name, short, kind in Organization.objects.filter(community=here).values_list(
            "pk", "name", "short_name", "kind"
        ):
            self.bodies[name] = pk
            if short:
                self.bodies.setdefault(short, pk)
            if kind == OrganizationKind.RESIDENTS_COMMITTEE:
                self.committee = pk
        # Whatever a row of this file has told of already: the number of that row.
        self.met: dict[Any, int] = {}
        self.recorded: dict[Key, Demand] = {}
        self.again = DemandsAgain(here, self.header.heading_of, self.bodies)

    def day_of(self, row: SheetRow) -> date | None:
        """The day it was brought forward: somebody who has moved out since was there then."""
        return row.values.get("day")

    def know_by_number(self, rows: Sequence[SheetRow]) -> None:
        """A number names a demand, and is looked up before anybody is looked for."""

    def plan(self, rows: Sequence[SheetRow]) -> None:
        self.by_number = {}
        numbered = [row for row in rows if not row.over and row.values.get("record_number")]
        for row, demand in self.again.known(numbered):
            self._plan_known(row, demand, demand.pk)
        left = [row for row in rows if not row.over and not row.values.get("record_number")]
        named = [row for row in left if row.values.get("name")]
        found: list[tuple[SheetRow, int | None, Placed]] = []
        for row, wanted in self.wanted(named):
            person = self.whom(row, wanted)
            if not isinstance(person, Question) and not row.over:
                found.append((row, person.pk if isinstance(person, Known) else None, wanted.placed))
        for row in left:
            if row.values.get("name") or row.over:
                continue
            self.hidden[row.number] = masked_cells.take_hidden(row)
            placed = self._placed(row)
            if placed is not None and not row.over:
                found.append((row, None, placed))
        self._load([row for row, _, _ in found])
        for row, resident, placed in sorted(found, key=lambda one: one[0].number):
            self._plan_row(row, resident, placed)

    # --- one row ------------------------------------------------------------------------------

    def _plan_row(self, row: SheetRow, resident: int | None, placed: Placed) -> None:
        # What is hidden hides nothing of a demand that nobody has named.
        masked_cells.check_hidden(row, self.hidden.get(row.number, ()), {}, self.header.heading_of)
        if masked_cells.is_masked_phone(row.values.get("phone") or ""):
            problem = masked_cells.mask_mismatch(self.header.heading_of("phone") or "")
            row.say(self.header.heading_of("phone"), problem.code, problem.level, problem.message)
        if row.over or self._is_met(row, self._key(row)):
            return
        known = self.recorded.get(self._key(row))
        if known is not None:
            self._plan_known(row, known, None)
            return
        values = self._values(row, resident, placed)
        told = self._steps(row, None, values["received_at"])
        if told is None or row.over:
            return
        row.outcome = Outcome.CREATE
        row.writes.append(Write(REPLAY, Told(told, values).as_values()))

    def _plan_known(self, row: SheetRow, demand: Demand, key: Any) -> None:
        if row.over or (key is not None and self._is_met(row, key)):
            return
        if key is not None:
            # A further row without a number would be about the same demand.
            self.met.setdefault(_key_of(demand), row.number)
            if self.again.says_nothing_new(row, demand):
                row.outcome = Outcome.UNCHANGED
                return
        start = later_of(demand.received_at, demand.assigned_at, demand.resolved_at)
        told = self._steps(row, demand, start)
        if told is None or row.over:
            return
        if not told:
            row.outcome = Outcome.UNCHANGED
            return
        row.outcome = Outcome.UPDATE
        row.writes.append(Write(REPLAY, Told(told, demand=demand.pk).as_values()))

    def _is_met(self, row: SheetRow, key: Any) -> bool:
        """Whether an earlier row of the file is about the same demand; that is said."""
        earlier = self.met.setdefault(key, row.number)
        if earlier == row.number:
            return False
        self._say(
            row,
            RuleViolation(
                "demand_twice",
                f"与第 {earlier} 行是同一天、同一个人反映的同一件事，请只保留一行。",
                field="content",
            ),
        )
        return True

    def _say(self, row: SheetRow, why: RuleViolation) -> None:
        row.say(self.header.heading_of(why.field or "content"), why.code, Level.ERROR, why.message)

    def _note(self, row: SheetRow, attribute: str, code: str, message: str) -> None:
        row.say(self.header.heading_of(attribute), code, Level.NOTE, message)

    # --- what the cells say -------------------------------------------------------------------

    def _values(self, row: SheetRow, resident: int | None, placed: Placed) -> dict[str, Any]:
        """The values of a new demand; words that match nothing are kept in the remark, and noted."""
        given, beside = row.values, {}
        channel = words.channel_of(given.get("channel") or "")
        group = self.groups.get(" ".join((given.get("channel") or "").split()))
        if group is not None:
            channel = Channel.WECHAT_GROUP
        if channel is None:
            beside["来源"] = given["channel"]
            self._note(
                row, "channel", "channel_unknown", "看不懂来源，按“诉求窗口”登记，原文记在备注里。"
            )
        kind, category = self._about(row, beside)
        remark = self.with_remark(row).get("remark") or ""
        if beside:
            remark = with_kept(remark, beside)[: self.longest_remark]
        values: dict[str, Any] = {
            "received_at": self._moment(given["day"], OPENS),
            "content": given["content"],
            "channel": channel or Channel.WINDOW,
            "group_id": group,
            "category_id": category,
            "reporter_name": given.get("name") or "",
            "reporter_phone": given.get("phone") or "",
            "resident_id": resident,
            "building_id": placed.building_id,
            "unit": placed.unit,
            "room": placed.room,
            "address": placed.text,
            "first_contact": given.get("first_contact") or "",
            "remark": remark,
        }
        return values | ({"kind": kind} if kind is not None else {})

    def _about(self, row: SheetRow, beside: dict[str, str]) -> tuple[str | None, int | None]:
        """Kind and category of a row; and its handler, if nobody knows that body."""
        text = " ".join((row.values.get("category") or "").split())
        kind = words.kind_of(text) if text else None
        category = self.categories.get(text)
        if text and kind is None and category is None:
            beside["类别"] = text
            self._note(
                row,
                "category",
                "category_unknown",
                "本社区没有这个诉求类别，原文记在备注里；要能统计，请先在“诉求类别”里加上再导入。",
            )
        handler = " ".join((row.values.get("handler") or "").split())
        if handler and handler not in self.bodies:
            beside["承办"] = handler
            self._note(
                row,
                "handler",
                "handler_unknown",
                "“单位”里没有这个承办单位，原文记在备注里；要能派单和统计，请先登记单位再导入。",
            )
        return kind, category

    def _steps(self, row: SheetRow, demand: Demand | None, start: datetime) -> Any:
        """The steps that a row tells of; None, and the row rejected, if it contradicts itself."""
        given = row.values
        closed, result = given.get("closed_on"), (given.get("outcome") or "").strip()
        body = self.bodies.get(" ".join((given.get("handler") or "").split()))
        try:
            outcome = words.outcome_of(result, closed is not None)
            satisfied = words.satisfied_of(given.get("satisfied") or "")
            self._is_in_order(given["day"], closed)
            if satisfied is not None and outcome != words.RESOLVED:
                raise RuleViolation(
                    "satisfied_too_early",
                    "还没有解决，不能写是否满意，请留空。",
                    field="satisfied",
                )
            if outcome == words.EXPLAINED and body is None and self.committee is not None:
                body = self.committee
                self._note(row, "handler", "handler_inferred", "没有写承办单位，按居委会办理登记。")
            done = self._done(row, closed, outcome, start, demand)
            return steps_to(
                demand.status if demand is not None else DemandStatus.REGISTERED,
                outcome,
                received=start,
                done=done,
                result=result[:500] or ENTERED,
                organization=body,
                satisfied=satisfied,
            )
        except RuleViolation as violation:
            self._say(row, violation)
            return None

    @staticmethod
    def _is_in_order(day: date, closed: date | None) -> None:
        today = timezone.localdate()
        if day > today:
            raise RuleViolation("received_in_future", "日期还没有到，请核对。", field="day")
        if closed is not None and closed < day:
            raise RuleViolation(
                "closed_before_received", "办结时间早于登记日期，请核对。", field="closed_on"
            )
        if closed is not None and closed > today:
            raise RuleViolation(
                "occurred_in_future", "办结时间还没有到，请核对。", field="closed_on"
            )

    def _done(
        self,
        row: SheetRow,
        closed: date | None,
        outcome: str,
        start: datetime,
        demand: Demand | None,
    ) -> datetime:
        """When it was done: noon of the day that is told, the day itself of the one that is not."""
        if closed is None:
            if outcome in (words.RESOLVED, words.EXPLAINED) and (
                demand is None or demand.resolved_at is None
            ):
                self._note(
                    row, "closed_on", "closed_on_inferred", "没有写办结时间，按登记当天办结登记。"
                )
            return start
        return max(self._moment(closed, NOON), start)

    @staticmethod
    def _moment(day: date, clock: time) -> datetime:
        """That hour of a day, or now if it is still to come."""
        return min(timezone.make_aware(datetime.combine(day, clock)), timezone.now())

    # --- what is there already ----------------------------------------------------------------

    def _key(self, row: SheetRow) -> Key:
        given = row.values
        return (given["day"], "".join(given["content"].split()), given.get("name") or "")

    def _load(self, rows: Sequence[SheetRow]) -> None:
        days = [row.values["day"] for row in rows]
        if not days:
            return
        first = timezone.make_aware(datetime.combine(min(days), time.min))
        last = timezone.make_aware(datetime.combine(max(days) + timedelta(days=1), time.min))
        known = Demand.objects.filter(
            community=self.community, received_at__gte=first, received_at__lt=last
        )
        # Those that an import brought, and that were taken back with it, are told anew.
        voided = Transition.objects.filter(model=Demand._meta.label, move="void")
        known = known.exclude(pk__in=voided.values("object_id"))
        for demand in known.order_by("-pk"):
            self.recorded[_key_of(demand)] = demand


def _key_of(demand: Demand) -> Key:
    day = timezone.localdate(demand.received_at)
    return (day, "".join(demand.content.split()), demand.reporter_name)
