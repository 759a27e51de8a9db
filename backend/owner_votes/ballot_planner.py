"""选票汇总表: what a row comes to, one ballot of the owners of a room."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.errors import RuleViolation
from backend.imports.asking import LAST, LEAVE_OUT, question
from backend.imports.choices import Outcome
from backend.imports.directions import Choice
from backend.imports.plan import Plan, SheetRow, Write
from backend.imports.problems import Level
from backend.imports.sheet import RowPlanner
from backend.owner_votes import rules
from backend.owner_votes.choices import Opinion
from backend.owner_votes.finding import BasisPlaces
from backend.owner_votes.models import BasisHead, OwnerBallot
from backend.owner_votes.room_planner import parts_of

TWICE = question("ballot_twice", "同一户写了两行，意见不同")
DIFFERS = question("ballot_differs", "这一户已登记的意见和表里的不同")
KEEP = Choice("keep", "以已登记的为准，这一行不导入")
TAKE = Choice("take", "以这一行为准，更正已登记的选票")


class BallotPlanner(RowPlanner):
    """Plans the ballots of one vote."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.vote = self.target
        # head -> the row of this file that gave its ballot, and what it said.
        self.met: dict[int, tuple[int, str]] = {}
        self.papers: dict[str, int] = {}

    def before(self, plan: Plan) -> None:
        if self.vote is None:
            plan.refuse(
                "vote_missing",
                "没有指明是哪一次投票。请在上传页选择投票，或用那次投票的模板。",
                Level.QUESTION,
            )
            return
        try:
            rules.vote_takes_ballots(self.vote.status)
        except RuleViolation as violation:
            plan.refuse(violation.code, violation.message)
            return
        self.places = BasisPlaces(self.vote)
        self.heads = BasisHead.objects.filter(vote=self.vote).in_bulk()
        ballots = OwnerBallot.objects.filter(vote=self.vote)
        self.known = {ballot.head_id: ballot for ballot in ballots}

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if row.over:
                continue
            opinion = row.values.get("opinion")
            if opinion is None:
                row.say(None, "ballot_not_given", Level.NOTE, "没有填意见，当作没有收回，不导入。")
                row.outcome = Outcome.SKIP
                continue
            head = self._head(row)
            if head is not None and self._is_first(row, head, opinion):
                self._plan_row(row, head, opinion)

    def _head(self, row: SheetRow) -> int | None:
        building, unit, room, estate = parts_of(row.values)
        try:
            return self.places.find(building, unit, room, estate)
        except RuleViolation as violation:
            row.say(self.header.heading_of("room"), violation.code, Level.ERROR, violation.message)
            return None

    def _is_first(self, row: SheetRow, head: int, opinion: str) -> bool:
        """Whether this row gives the buyer's ballot: one buyer, one ballot, however many rooms."""
        if head not in self.met:
            self.met[head] = (row.number, opinion)
            return True
        earlier, said = self.met[head]
        if said == opinion:
            row.say(
                None,
                "buyer_counted",
                Level.NOTE,
                f"与第 {earlier} 行是同一户（同一业主或共有人的几套房），一户一票，不重复登记。",
            )
            row.outcome = Outcome.SKIP
            return False
        answer = self.which_of_two(
            row,
            earlier,
            TWICE,
            f"与第 {earlier} 行是同一户，意见却不同。请核对纸质选票，只留一张。",
            self.header.heading_of("opinion"),
        )
        if answer == LAST.value:
            self.met[head] = (row.number, opinion)
        return False

    def _plan_row(self, row: SheetRow, head: int, opinion: str) -> None:
        values = row.values
        paper, day = values.get("paper_number") or "", values.get("given_on")
        ballot = self.known.get(head)
        if ballot is not None:
            self._again(row, ballot, opinion, paper)
            return
        try:
            day = rules.day_of_ballot(day, self.vote.ends_on, timezone.localdate())
        except RuleViolation as violation:
            self._refuse(row, violation)
            return
        made = {"opinion": opinion, "paper_number": paper, "given_on": day}
        record = OwnerBallot(
            community_id=self.vote.community_id, vote=self.vote, head=self.heads[head], **made
        )
        if self._stands(row, record, paper):
            row.outcome = Outcome.CREATE
            refer = {"vote_id": self.vote.pk, "head_id": head}
            row.writes.append(Write(0, refer | made | {"given_on": day.isoformat()}))

    def _again(self, row: SheetRow, ballot: OwnerBallot, opinion: str, paper: str) -> None:
        changed: dict[str, Any] = {}
        if ballot.opinion != opinion:
            said = Opinion(ballot.opinion).label
            answer = self.decide(
                row,
                self.header.heading_of("opinion"),
                DIFFERS,
                f"这一户已登记的是“{said}”，和表里的不同。请核对纸质选票。",
                (KEEP, TAKE, LEAVE_OUT),
            )
            if answer == KEEP.value:
                row.leave_out()
            if answer != TAKE.value:
                return
            changed["opinion"] = opinion
        if paper and paper != ballot.paper_number:
            changed["paper_number"] = paper
        if not changed:
            return
        revision = ballot.revision
        for name, value in changed.items():
            setattr(ballot, name, value)
        if self._stands(row, ballot, paper):
            row.outcome = Outcome.UPDATE
            row.writes.append(Write(0, changed, ballot.pk, revision))

    def _stands(self, row: SheetRow, record: OwnerBallot, paper: str) -> bool:
        """Asks the gate now, so that the preview can show its verdict."""
        earlier = self.papers.setdefault(paper, row.number) if paper else row.number
        if earlier != row.number:
            row.say(
                self.header.heading_of("paper_number"),
                "paper_number_taken",
                Level.ERROR,
                f"选票编号与第 {earlier} 行相同，请核对编号。",
            )
            return False
        for violation in gate.check_many([record]).values():
            self._refuse(row, violation)
            return False
        return True

    def _refuse(self, row: SheetRow, violation: RuleViolation) -> None:
        known = violation.field in ("opinion", "paper_number", "given_on")
        column = self.header.heading_of(violation.field) if known else None
        row.say(column, violation.code, Level.ERROR, violation.message)
