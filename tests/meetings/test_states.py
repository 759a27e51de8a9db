"""The tables of states, and that no sequence of verbs leads anywhere else."""

import datetime
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from backend.core.access import SYSTEM, Actor
from backend.core.errors import ManyViolations, RuleViolation
from backend.core.models import Transition
from backend.meetings import actions, working
from backend.meetings.choices import ActionStatus, ItemStatus, MeetingStatus, VoteStatus
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting, Vote
from backend.meetings.states import (
    ACTION_MACHINE,
    ITEM_MACHINE,
    MEETING_MACHINE,
    VOTE_MACHINE,
)
from backend.people.models import User
from tests.meetings.world import Town, new_meeting

pytestmark = pytest.mark.django_db

# domain.md, system 1; and what docs/staff/meetings.md adds to it.
MEETING = {
    "draft": {"notice": "noticed", "cancel": "cancelled"},
    "noticed": {"postpone": "postponed", "open": "in_session", "cancel": "cancelled"},
    "postponed": {"reconvene": "noticed", "cancel": "cancelled"},
    "in_session": {"declare_inquorate": "inquorate", "close": "minutes_draft"},
    "inquorate": {"reconvene": "noticed", "cancel": "cancelled"},
    "minutes_draft": {"confirm": "confirmed", "void": "void"},
    "confirmed": {"publish": "published", "reopen_minutes": "minutes_draft", "void": "void"},
    "published": {"withdraw": "confirmed"},
    "cancelled": {},
    "void": {},
}
ACTION = {
    "open": {"start": "in_progress"},
    "in_progress": {"finish": "done"},
    "done": {"verify": "verified", "reopen": "open"},
    "verified": {},
}
MACHINES = {
    "meetings.JointMeeting": MEETING_MACHINE,
    "meetings.AgendaItem": ITEM_MACHINE,
    "meetings.Vote": VOTE_MACHINE,
    "meetings.ActionItem": ACTION_MACHINE,
}


@pytest.mark.parametrize(
    ("machine", "states", "expected"),
    [(MEETING_MACHINE, MeetingStatus, MEETING), (ACTION_MACHINE, ActionStatus, ACTION)],
)
def test_the_table_is_the_domains(machine: Any, states: Any, expected: Any) -> None:
    assert {
        str(state): {move.name: str(move.target) for move in machine.available(state)}
        for state in states
    } == expected


def test_every_move_has_a_verb() -> None:
    assert set(actions.MEETING_VERBS) == {move.name for move in MEETING_MACHINE.moves}
    assert set(actions.ACTION_VERBS) == {move.name for move in ACTION_MACHINE.moves}


class Journey:
    """A meeting under any verbs, each tried whatever came before."""

    def __init__(self, town: Town, people: list[Actor]) -> None:
        self.town, self.people = town, people
        self.at = timezone.now() - datetime.timedelta(days=8)
        meeting = new_meeting(town, days=0, items=2)
        JointMeeting.objects.filter(pk=meeting.pk).update(
            starts_at=timezone.now() - datetime.timedelta(days=3)
        )
        self.pk = meeting.pk

    @property
    def meeting(self) -> JointMeeting:
        return JointMeeting.objects.get(pk=self.pk)

    def later(self) -> datetime.datetime:
        """Time goes on a little with each verb."""
        self.at += datetime.timedelta(minutes=30)
        return min(self.at, timezone.now())

    def do(self, verb: str, choice: int) -> None:
        """One verb. Raises: RuleViolation where it is not its time."""
        by = self.people[choice % len(self.people)]
        meeting, at = self.meeting, self.later()
        item = meeting.items.order_by("position")[choice % 2]
        action = ActionItem.objects.filter(meeting=meeting).order_by("pk").first()
        vote = Vote.objects.filter(item__meeting=meeting).order_by("-pk").first()
        resolution = meeting.resolutions.first()
        town = self.town
        match verb:
            case "notice":
                actions.notice(meeting, by=by, occurred_at=at)
            case "reconvene":
                when = timezone.now() - datetime.timedelta(days=1)
                self.at = timezone.now() - datetime.timedelta(days=5)
                actions.reconvene(meeting, by=by, starts_at=when, occurred_at=self.at)
            case "open":
                self.at = max(self.at, meeting.starts_at)
                actions.open_meeting(meeting, by=by, occurred_at=self.at)
            case "everybody":
                actions.call_roll(meeting, town.everybody(), by=by, occurred_at=at)
            case "leave":
                name = list(town.seats)[choice % 6]
                actions.call_roll(meeting, [town.call(name, "left")], by=by, occurred_at=at)
            case "start item":
                actions.start_item(item, by=by, occurred_at=at)
            case "finish item":
                actions.finish_item(item, by=by, occurred_at=at)
            case "defer item":
                actions.defer_item(item, by=by, occurred_at=at)
            case "vote":
                actions.call_vote(item, "同意", by=by, occurred_at=at)
            case "count" if vote is not None:
                choices = {b.seat_id: ("for", "against")[choice > 7] for b in vote.ballots.all()}
                actions.cast(vote, choices, by=by)
                actions.count(vote, by=by, occurred_at=at)
            case "void" if vote is not None:
                actions.void_vote(vote, by=by, reason="重来")
            case "resolve":
                actions.resolve(item, "照办", by=by)
            case "act" if resolution is not None:
                due = timezone.localdate() + datetime.timedelta(days=choice)
                actions.add_action(resolution, town.bodies["物业"], "去办", due, by=by)
            case "revise":
                actions.revise_minutes(meeting, f"第{choice}种", choice % 3, by=by)
            case "report" if action is not None:
                working.report(action, "办了", by=by)
            case "action" if action is not None:
                name = sorted(actions.ACTION_VERBS)[choice % 4]
                actions.ACTION_VERBS[name](action, by=by, reason="因故")
            case _ if verb in actions.MEETING_VERBS:
                actions.MEETING_VERBS[verb](meeting, by=by, reason="因故")


_VERBS = sorted(
    set(actions.MEETING_VERBS)
    | {"everybody", "leave", "start item", "finish item", "defer item", "vote", "count", "void"}
    | {"resolve", "act", "revise", "report", "action"}
)
# Random verbs seldom get far: most sequences begin as meetings do, and then go astray.
_USUAL = [
    "notice", "open", "everybody", "start item", "vote", "count", "resolve", "act",
    "close", "confirm", "publish", "report", "action", "action",
]  # fmt: skip
_STEPS = st.tuples(st.sampled_from(_VERBS), st.integers(0, 11))
_JOURNEYS = st.tuples(
    st.integers(0, len(_USUAL)), st.lists(_STEPS, max_size=14), st.lists(_STEPS, max_size=4)
)


def _is_consistent(journey: Journey) -> None:
    """The state is the table's, the log leads to it, and what the state promises is so."""
    for label, machine in MACHINES.items():
        for row in Transition.objects.filter(model=label):
            step = machine.move(row.move)
            assert row.source in step.sources, (label, row.move)
            assert row.target == step.target
    meeting = journey.meeting
    moves = list(
        Transition.objects.filter(model="meetings.JointMeeting", object_id=meeting.pk).order_by(
            "pk"
        )
    )
    chain = ["draft", *(row.target for row in moves)]
    assert [row.source for row in moves] == chain[:-1]
    assert meeting.status == chain[-1]
    assert (meeting.number is None) == ("noticed" not in chain)
    items = AgendaItem.objects.filter(meeting=meeting)
    if meeting.status != MeetingStatus.IN_SESSION:
        assert not items.filter(status=ItemStatus.ACTIVE).exists()
        votes = Vote.objects.filter(item__meeting=meeting)
        assert not votes.filter(status=VoteStatus.OPEN).exists()
    assert items.filter(status=ItemStatus.ACTIVE).count() <= 1
    if meeting.status in (MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED):
        assert not meeting.resolutions.filter(action_items=None).exists()
        assert meeting.minutes.filter(number=meeting.current_minutes, set_aside=False).exists()
    if meeting.status in ("minutes_draft", "confirmed", "published"):
        assert meeting.quorum_words.startswith("已达法定人数")
    for action in ActionItem.objects.filter(meeting=meeting):
        assert (action.done_by_id is None) or action.status != ActionStatus.OPEN or moves


@given(_JOURNEYS)
def test_no_sequence_of_verbs_leads_to_a_state_the_table_lacks(
    town: Town, secretary: User, worker: User, journey: Any
) -> None:
    begun, wild, last = journey
    people = [SYSTEM, Actor.of(secretary, "test"), Actor.of(worker, "test")]
    with transaction.atomic():
        walk = Journey(town, people)
        usual = [(verb, 0 if n else 1) for n, verb in enumerate(_USUAL[:begun])]
        for verb, choice in [*usual, *wild, *last]:
            try:
                with transaction.atomic():
                    walk.do(verb, choice)
            except (RuleViolation, ManyViolations):
                pass
            _is_consistent(walk)
        transaction.set_rollback(True)


def test_the_usual_sequence_reaches_the_end(town: Town, secretary: User) -> None:
    """Else the walks above would try little."""
    walk = Journey(town, [SYSTEM, Actor.of(secretary, "test"), SYSTEM])
    for verb in _USUAL[:12]:
        walk.do(verb, 0)
        _is_consistent(walk)
    assert walk.meeting.status == "published"
    assert ActionItem.objects.get().status == "in_progress"
