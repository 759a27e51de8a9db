"""The agenda under the meeting's form."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from backend.core.access import SYSTEM
from backend.meetings import actions
from backend.meetings.models import JointMeeting
from backend.people.models import User
from tests.meetings.world import Town, new_meeting

pytestmark = pytest.mark.django_db(databases="__all__")


def form(town: Town, *rows: dict[str, Any], stored: int = 0) -> dict[str, Any]:
    """What the meeting's page sends with these rows of the agenda."""
    day = timezone.localdate() + datetime.timedelta(days=5)
    sent: dict[str, Any] = {
        "community": town.community.pk,
        "title": "联席会议",
        "starts_at_0": day.isoformat(),
        "starts_at_1": "14:30",
        "items-TOTAL_FORMS": len(rows),
        "items-INITIAL_FORMS": stored,
    }
    for at, row in enumerate(rows):
        sent |= {
            f"items-{at}-{name}": value for name, value in ({"kind": "decision"} | row).items()
        }
    return sent


def test_new_items_without_a_number_go_behind_the_others(town: Town, secretary: User) -> None:
    client = Client()
    client.force_login(secretary)
    rows = [{"title": "先说的"}, {"title": "排第五", "position": 5}, {"title": "最后的"}]
    answer = client.post("/admin/meetings/jointmeeting/add/", form(town, *rows))
    assert answer.status_code == 302
    items = JointMeeting.objects.get().items.order_by("position")
    assert list(items.values_list("position", "title")) == [
        (5, "排第五"),
        (6, "先说的"),
        (7, "最后的"),
    ]


def test_a_row_that_says_nothing_is_no_item(town: Town, secretary: User) -> None:
    client = Client()
    client.force_login(secretary)
    meeting = new_meeting(town)
    stored = meeting.items.get()
    rows = [
        {"id": stored.pk, "meeting": meeting.pk, "title": stored.title, "position": 1},
        {"kind": "deliberation"},
    ]
    address = f"/admin/meetings/jointmeeting/{meeting.pk}/change/"
    assert client.post(address, form(town, *rows, stored=1)).status_code == 302
    assert meeting.items.count() == 1


def test_the_notice_says_on_what_the_meeting_only_recommends(town: Town, secretary: User) -> None:
    meeting = new_meeting(town, items=2)
    meeting.items.filter(position=2).update(owner_matter="fund_use")
    actions.notice(meeting, by=SYSTEM)
    client = Client()
    client.force_login(secretary)
    page = client.get(f"/admin/meetings/jointmeeting/{meeting.pk}/notice/").content.decode()
    assert page.count("只提建议") == 1
