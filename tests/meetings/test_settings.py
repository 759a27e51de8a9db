"""Whatever a community settles later, what was decided stays decided as it was."""

from typing import Any

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from backend.core import gate
from backend.core.access import SYSTEM
from backend.meetings import actions
from backend.meetings.choices import Denominator, MajorityRule, VoteMethod
from backend.meetings.models import JointMeeting, MeetingSettings, Seat, Vote
from backend.meetings.presence import room_of
from tests.meetings.world import Town, in_session

pytestmark = pytest.mark.django_db

_SETTINGS = st.fixed_dictionaries(
    {
        "notice_days": st.integers(0, 30),
        "core_required": st.booleans(),
        "tripartite_least": st.integers(0, 3),
        "over_denominator": st.integers(2, 9),
        "proxies_most": st.integers(0, 3),
        "majority": st.sampled_from(MajorityRule.values),
        "denominator": st.sampled_from(Denominator.values),
        "method": st.sampled_from(VoteMethod.values),
        "action_days": st.integers(1, 60),
        "seat_term_months": st.integers(1, 60),
    }
)


@pytest.fixture
def past(town: Town) -> tuple[JointMeeting, JointMeeting]:
    """A meeting that is over and one that sits, each with votes carried and lost, a proxy, a
    resolution and a task.
    """
    found = []
    for _ in range(2):
        here = [town.call(n) for n in town.seats if n not in ("业委会", "协会")]
        meeting = in_session(
            town, here=[*here, town.call("业委会", "proxy", proxy="居委会")], items=3
        )
        for number, against in enumerate(((), ("物业", "商户", "居委会"), ("党委",))):
            item = actions.start_item(meeting.items.order_by("position")[number], by=SYSTEM)
            vote = actions.call_vote(item, "同意", by=SYSTEM)
            noes = {town.seats[name].pk for name in against}
            said = {
                b.seat_id: "against" if b.seat_id in noes else "for" for b in vote.ballots.all()
            }
            actions.cast(vote, said, by=SYSTEM)
            if actions.count(vote, by=SYSTEM).outcome == "carried" and number == 0:
                made = actions.resolve(item, "照办", by=SYSTEM, vote=vote)
                actions.add_action(made, town.bodies["物业"], "去办", by=SYSTEM)
            actions.finish_item(item, by=SYSTEM)
        found.append(meeting)
    return actions.close(found[0], by=SYSTEM), JointMeeting.objects.get(pk=found[1].pk)


def _outcomes(meetings: tuple[JointMeeting, ...]) -> list[Any]:
    """Everything that was decided, by what, and who was enough."""
    found: list[Any] = []
    for pk in (meeting.pk for meeting in meetings):
        meeting = JointMeeting.objects.get(pk=pk)
        votes = Vote.objects.filter(item__meeting=meeting).order_by("pk")
        found += [(v.outcome, v.tally_words, v.majority, v.denominator) for v in votes]
        found += [(r.tally_words, r.numbered) for r in meeting.resolutions.order_by("pk")]
        found += meeting.action_items.values_list("due_on", "status")
        found += [meeting.status, meeting.quorum_words, room_of(meeting).quorum]
        found += [room_of(meeting, vote.called_at).quorum for vote in votes]
        found += meeting.minutes.values_list("text", flat=True)
    return found


@given(_SETTINGS, st.integers(0, 8), st.sampled_from(["党委", "物业", "商户"]))
def test_no_later_settings_change_a_past_outcome(
    town: Town,
    past: tuple[JointMeeting, JointMeeting],
    settings: dict[str, Any],
    numerator: int,
    gone: str,
) -> None:
    before = _outcomes(past)
    assert {said[0] for said in before[:3]} == {"carried", "not_carried"}
    numerator %= settings["over_denominator"]
    with transaction.atomic():
        made = MeetingSettings(community=town.community, over_numerator=numerator, **settings)
        gate.save(made, by=SYSTEM)
        seat = Seat.objects.get(pk=town.seats[gone].pk)
        seat.valid_to = seat.valid_from
        gate.save(seat, by=SYSTEM)
        assert _outcomes(past) == before
        # The one that sits ends by the rule that called it together.
        assert actions.close(past[1], by=SYSTEM).quorum_words == past[0].quorum_words
        transaction.set_rollback(True)
