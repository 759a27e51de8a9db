"""The inbox on plain pages: one's own messages, unread ones first, read by being opened."""

import pytest
from django.test import Client

from backend.core import gate
from backend.messaging.models import InboxMessage
from backend.people.models import User
from backend.places.models import Community

pytestmark = pytest.mark.django_db


def letter(user: User, community: Community, title: str) -> InboxMessage:
    gate.keep_notes(
        [
            InboxMessage(
                user=user,
                community=community,
                template="event_promoted",
                title=title,
                body=f"{title}的正文",
                once_key=title,
                told_in="00000000-0000-4000-8000-000000000000",
            )
        ]
    )
    return InboxMessage.objects.get(title=title)


def browser(user: User | None = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def test_unread_messages_stand_first_and_opening_one_reads_it(
    resident_user: User, community: Community
) -> None:
    older, newer = (letter(resident_user, community, t) for t in ("候补已递补", "活动提醒"))
    client = browser(resident_user)
    assert "2 条未读" in client.get("/accounts/").content.decode()
    opened = client.get(f"/accounts/inbox/{newer.pk}/").content.decode()
    assert "活动提醒的正文" in opened
    newer.refresh_from_db()
    older.refresh_from_db()
    assert newer.read_at is not None
    assert older.read_at is None
    listed = client.get("/accounts/inbox/")
    assert [row.pk for row in listed.context["page"]] == [older.pk, newer.pk]
    assert "1 条未读" in client.get("/accounts/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("worker", 404), ("secretary", 404), ("other_worker", 404), (None, 302)]
)
def test_nobody_else_reads_them(
    resident_user: User,
    community: Community,
    who: str | None,
    status: int,
    request: pytest.FixtureRequest,
) -> None:
    mine = letter(resident_user, community, "候补已递补")
    client = browser(request.getfixturevalue(who) if who else None)
    assert client.get(f"/accounts/inbox/{mine.pk}/").status_code == status
    assert "候补已递补" not in client.get("/accounts/inbox/").content.decode()
    mine.refresh_from_db()
    assert mine.read_at is None


def test_an_api_key_opens_no_inbox(resident_user: User, community: Community) -> None:
    mine = letter(resident_user, community, "候补已递补")
    given = {"HTTP_AUTHORIZATION": "Bearer linli_nothing"}
    assert Client().get(f"/accounts/inbox/{mine.pk}/", **given).status_code in (302, 401)
    mine.refresh_from_db()
    assert mine.read_at is None
