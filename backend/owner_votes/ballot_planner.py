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
from backend.owner_votes.models import BasisHead, OwnerBallot, OwnerVote
from backend.owner_votes.room_planner import parts_of

TWICE = question("ballot_twice", "同一户写了两行，意见不同")
DIFFERS = question("ballot_differs", "这一户已登记的意见和表里的不同")
KEEP = Choice("keep", "以已登记的为准，这一行不导入")
TAKE = Choice("take", "以这一行为准，更正已登记的选票")


class _Box:
    """One vote, as the rows of a file find it: its basis, and the ballots that are in."""

    def __init__(self, vote: OwnerVote) -> None:
        self.vote = vote
        self.places = BasisPlaces(vote)
        self.heads = BasisHead.objects.filter(vote=vote).in_bulk()
        self.known = {ballot.head_id: ballot for ballot in OwnerBallot.objects.filter(vote=vote)}
        # head -> the row of this file that gave its ballot, and what it said.
        self.met: dict[int, tuple[int, str]] = {}
        self.papers: dict[str, int] = {}


class BallotPlanner(RowPlanner):
    """Plans ballots: of the vote that the file goes into, or that each row names."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.boxes: dict[str, _Box | RuleViolation] = {}
        # Ballots of the rows at hand: the gate is asked about them all at once.
        self.asked: list[tuple[SheetRow, OwnerBallot, Write]] = []

    def before(self, plan: Plan) -> None:
        by_row = any(c.attribute == "vote_code" for c in self.header.columns.values())
        if self.target is None and not by_row:
            plan.refuse(
                "vote_missing",
                "没有指明是哪一次投票。请在上传页选择投票，或在表中加一列“投票编号”。",
                Level.QUESTION,
            )
        elif self.target is not None:
            box = self._box(self.target.code)
            if isinstance(box, RuleViolation):
                plan.refuse(box.code, box.message)

    def _box(self, code: str) -> "_Box | RuleViolation":
        if code not in self.boxes:
            self.boxes[code] = self._opened(code)
        return self.boxes[code]

    def _opened(self, code: str) -> "_Box | RuleViolation":
        rows = OwnerVote.objects.filter(community=self.community).select_related("estate")
        vote = rows.filter(code=code).first()
        if vote is None:
            return RuleViolation("vote_unknown", "没有这个投票编号，请核对。")
        try:
            rules.vote_takes_ballots(vote.status)
        except RuleViolation as violation:
            return violation
        return _Box(vote)

    def plan(self, rows: Sequence[SheetRow]) -> None:
        for row in rows:
            if row.over:
                continue
            opinion = row.values.get("opinion")
            if opinion is None:
                row.say(None, "ballot_not_given", Level.NOTE, "没有填意见，当作没有收回，不导入。")
                row.outcome = Outcome.SKIP
                continue
            box = self._of(row)
            if box is None:
                continue
            head = self._head(row, box)
            if head is not None and self._is_first(row, box, head, opinion):
                self._plan_row(row, box, head, opinion)
        self._ask_the_gate()

    def _of(self, row: SheetRow) -> _Box | None:
        """The vote of a row; none, and it is said, where it names no other than the file's."""
        code = row.values.get("vote_code") or (self.target.code if self.target else "")
        column = self.header.heading_of("vote_code") if row.values.get("vote_code") else None
        if not code:
            row.say(column, "vote_missing", Level.ERROR, "没有写投票编号，不知道是哪一次投票。")
            return None
        if self.target is not None and code != self.target.code:
            row.say(column, "vote_differs", Level.ERROR, "投票编号和所选的投票不同，请核对。")
            return None
        box = self._box(code)
        if isinstance(box, RuleViolation):
            row.say(column, box.code, Level.ERROR, box.message)
            return None
        return box

    def _head(self, row: SheetRow, box: _Box) -> int | None:
        building, unit, room, estate = parts_of(row.values)
        try:
            return box.places.find(building, unit, room, estate)
        except RuleViolation as violation:
            row.say(self.header.heading_of("room"), violation.code, Level.ERROR, violation.message)
            return None

    def _is_first(self, row: SheetRow, box: _Box, head: int, opinion: str) -> bool:
        """Whether this row gives the buyer's ballot: one buyer, one ballot, however many rooms."""
        if head not in box.met:
            box.met[head] = (row.number, opinion)
            return True
        earlier, said = box.met[head]
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
            box.met[head] = (row.number, opinion)
        return False

    def _plan_row(self, row: SheetRow, box: _Box, head: int, opinion: str) -> None:
        values = row.values
        paper, day = values.get("paper_number") or "", values.get("given_on")
        ballot = box.known.get(head)
        if ballot is not None:
            self._again(row, box, ballot, opinion, paper)
            return
        try:
            day = rules.day_of_ballot(day, box.vote.ends_on, timezone.localdate())
        except RuleViolation as violation:
            self._refuse(row, violation)
            return
        made = {"opinion": opinion, "paper_number": paper, "given_on": day}
        record = OwnerBallot(
            community_id=box.vote.community_id, vote=box.vote, head=box.heads[head], **made
        )
        refer = {"vote_id": box.vote.pk, "head_id": head}
        write = Write(0, refer | made | {"given_on": day.isoformat()})
        self._put(row, box, record, write)

    def _again(
        self, row: SheetRow, box: _Box, ballot: OwnerBallot, opinion: str, paper: str
    ) -> None:
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
        self._put(row, box, ballot, Write(0, changed, ballot.pk, revision))

    def _put(self, row: SheetRow, box: _Box, record: OwnerBallot, write: Write) -> None:
        paper = write.values.get("paper_number")
        earlier = box.papers.setdefault(paper, row.number) if paper else row.number
        if earlier != row.number:
            row.say(
                self.header.heading_of("paper_number"),
                "paper_number_taken",
                Level.ERROR,
                f"选票编号与第 {earlier} 行相同，请核对编号。",
            )
            return
        self.asked.append((row, record, write))

    def _ask_the_gate(self) -> None:
        """The gate's verdict, asked now so that the preview can show it."""
        asked, self.asked = self.asked, []
        refused = gate.check_many([record for _, record, _ in asked]) if asked else {}
        for at, (row, _, write) in enumerate(asked):
            if at in refused:
                self._refuse(row, refused[at])
                continue
            row.outcome = Outcome.CREATE if write.pk is None else Outcome.UPDATE
            row.writes.append(write)

    def _refuse(self, row: SheetRow, violation: RuleViolation) -> None:
        known = violation.field in ("opinion", "paper_number", "given_on")
        column = self.header.heading_of(violation.field) if known else None
        row.say(column, violation.code, Level.ERROR, violation.message)
