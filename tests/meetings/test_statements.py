"""Lists and pages of joint meetings: ten times the rows take no more statements."""

import pytest

from backend.core.access import SYSTEM
from backend.meetings import actions, working
from backend.meetings.models import ActionItem, JointMeeting
from backend.people.models import User
from tests.growing import statements_of
from tests.meetings.world import Town, in_session
from tests.schema.asking import MAIN, OPEN

pytestmark = pytest.mark.django_db

QUERIES = {
    # The line: which resolutions are published, who is accountable, what is overdue.
    "accountable": (
        MAIN,
        """{ resolutions(first: 50, filters: {published: true}) { totalCount edges { node { year number
        text meeting { title } actionItems { title organizationName dueOn status overdue } } } } }""",
    ),
    "overdue": (
        MAIN,
        """{ actionItems(first: 50, filters: {overdue: true}) { totalCount edges { node { title
        organizationName dueOn meetingTitle progress { text } availableActions { name } } } } }""",
    ),
    "meetings": (
        MAIN,
        """{ jointMeetings(first: 50) { totalCount edges { node { code minutes items { title originCode }
        roll { name } resolutions { text } availableActions { name } } } } }""",
    ),
    "items": (
        MAIN,
        "{ agendaItems(first: 50) { totalCount edges { node { title meeting { title } } } } }",
    ),
    "open accountable": (
        OPEN,
        """{ resolutions(first: 50) { totalCount edges { node { number text meeting { title minutes }
        actionItems { title organization dueOn overdue } } } } }""",
    ),
    "open meetings": (
        OPEN,
        "{ jointMeetings(first: 50) { totalCount edges { node { title minutes } } } }",
    ),
}
PAGES = {
    **{
        name: f"/admin/meetings/{name}/"
        for name in ("jointmeeting", "resolution", "actionitem", "seat", "meetingattendance")
    },
    "tasks": "/tasks/",
}


def publish(town: Town, times: int) -> None:
    """So many more meetings, each with a resolution, two tasks and a line of progress."""
    for _ in range(times):
        meeting = in_session(town, here=town.everybody())
        item = meeting.items.get()
        type(item).objects.filter(pk=item.pk).update(kind="deliberation")
        item = actions.start_item(type(item).objects.get(pk=item.pk), by=SYSTEM)
        resolution = actions.resolve(item, "修路灯", by=SYSTEM)
        for short in ("物业", "居委会"):
            task = actions.add_action(resolution, town.bodies[short], "去办", by=SYSTEM)
        for verb in (actions.close, actions.confirm, actions.publish):
            verb(meeting, by=SYSTEM)
        working.report(ActionItem.objects.get(pk=task.pk), "在办", by=SYSTEM)
        JointMeeting.objects.filter(pk=meeting.pk).update(starts_at=meeting.noticed_at)
    ActionItem.objects.update(due_on="2026-01-05")


@pytest.mark.slow
def test_lists_and_pages_cost_the_same_for_ten_times_the_rows(town: Town, worker: User) -> None:
    publish(town, 2)
    statements_of(worker, PAGES, QUERIES)  # What is asked once a process.
    few = statements_of(worker, PAGES, QUERIES)
    publish(town, 18)
    assert ActionItem.objects.visible_to(worker).overdue().count() == 40
    assert statements_of(worker, PAGES, QUERIES) == few
