"""The inbox by the main API: one's own, and nobody else's."""

from typing import Any

import pytest
from django.utils import timezone
from strawberry.relay import from_base64, to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.education.models import LegalEducationEvent
from backend.messaging.actions import Recipient, tell
from backend.messaging.models import InboxMessage, NotificationPreference
from backend.people.models import CommunityRole, User
from schema.main.schema import schema as main_schema
from tests.messaging.conftest import VALUES
from tests.schema.asking import caller, data, nodes

pytestmark = pytest.mark.django_db

INBOX = """query ($filters: InboxMessageFilter) { myMessages(first: 10, filters: $filters) {
  totalCount unreadCount edges { node { id title body template readAt about community { code } } } } }"""
MARK = """mutation ($input: MarkMessagesReadInput!) { markMessagesRead(input: $input) {
  marked unreadCount errors { field code } } }"""
PREFERENCES = "{ myNotificationPreferences { channel channelLabel wanted available } }"
SET = """mutation ($input: SetNotificationPreferenceInput!) { setNotificationPreference(input: $input) {
  preference { channel wanted } errors { field code } } }"""


@pytest.fixture
def told(resident_user: User, event_open: LegalEducationEvent) -> list[InboxMessage]:
    """Three messages of one resident."""
    for number in range(3):
        tell(
            [Recipient(user=resident_user)],
            "event_registered",
            VALUES,
            community=event_open.community,
            once_key=f"registration {number}",
            about=event_open,
        )
    return list(InboxMessage.objects.order_by("pk"))


def ids(*messages: InboxMessage) -> list[str]:
    return [to_base64("InboxMessage", row.pk) for row in messages]


def test_the_inbox_is_listed_newest_first_with_its_unread_count(resident_user, told, event_open):
    client = caller(resident_user)
    inbox = data(client, INBOX)["myMessages"]
    assert (inbox["totalCount"], inbox["unreadCount"]) == (3, 3)
    assert [node["id"] for node in nodes(inbox)] == list(reversed(ids(*told)))
    first = nodes(inbox)[0]
    assert first["title"] == "报名成功：民法典进小区"
    assert first["community"] == {"code": "xinhe"}
    assert from_base64(first["about"]) == ("LegalEducationEvent", str(event_open.pk))
    query = "query ($id: ID!) { node(id: $id) { ... on LegalEducationEvent { code } } }"
    assert data(client, query, id=first["about"]) == {"node": {"code": "pf-open"}}


def test_what_has_been_read_is_no_longer_unread(resident_user, told):
    client = caller(resident_user)
    marked = data(client, MARK, input={"messageIds": ids(told[0])})["markMessagesRead"]
    assert marked == {"marked": 1, "unreadCount": 2, "errors": []}
    again = data(client, MARK, input={"messageIds": ids(told[0])})["markMessagesRead"]
    assert again["marked"] == 0
    unread = data(client, INBOX, filters={"unread": True})["myMessages"]
    assert (unread["totalCount"], unread["unreadCount"]) == (2, 2)
    read = data(client, INBOX, filters={"unread": False})["myMessages"]
    assert (read["totalCount"], read["unreadCount"]) == (1, 2)
    everything = data(client, MARK, input={"all": True})["markMessagesRead"]
    assert everything == {"marked": 2, "unreadCount": 0, "errors": []}


def test_the_badge_asks_for_no_messages_at_all(resident_user, told):
    badge = data(
        caller(resident_user), "{ myMessages(first: 0) { unreadCount edges { node { id } } } }"
    )
    assert badge == {"myMessages": {"unreadCount": 3, "edges": []}}


def test_updated_since_finds_what_came_or_was_read_after_that(resident_user, told):
    client = caller(resident_user)
    now = timezone.now().isoformat()
    assert data(client, INBOX, filters={"updatedSince": now})["myMessages"]["totalCount"] == 0
    data(client, MARK, input={"messageIds": ids(told[1])})
    found = data(client, INBOX, filters={"updatedSince": now})["myMessages"]
    assert [node["id"] for node in nodes(found)] == ids(told[1])


@pytest.fixture
def others(worker: User, other_worker: User, admin_user: User, resident_user: User) -> Any:
    """Everybody else: staff, staff of elsewhere, the installation's administrator, nobody, a key."""
    keyed = User.objects.get(pk=resident_user.pk)
    keyed.limited_to = frozenset({"education.see_published", "messaging.see"})
    return {
        "worker": worker,
        "other": other_worker,
        "admin": admin_user,
        "nobody": None,
        "key of their own": keyed,
    }


def asked_as(user: Any, query: str, **variables: Any) -> dict[str, Any]:
    """The answer to a user who may be a key's: that mark is on the object, not in the session."""
    request: Any = type("Request", (), {"user": user or _nobody(), "META": {}, "method": "POST"})()
    context = type("Context", (), {"request": request})()
    result = main_schema.execute_sync(query, variable_values=variables, context_value=context)
    assert result.errors is None, result.errors
    assert result.data is not None
    return result.data


def _nobody() -> Any:
    from_django = caller().get("/healthz").wsgi_request
    return from_django.user


@pytest.mark.parametrize("who", ["worker", "other", "admin", "nobody", "key of their own"])
def test_nobody_else_reads_it_or_marks_it(others, told, who):
    user = others[who]
    inbox = asked_as(user, INBOX)["myMessages"]
    assert (inbox["totalCount"], inbox["unreadCount"], inbox["edges"]) == (0, 0, [])
    node = "query ($id: ID!) { node(id: $id) { id } }"
    assert asked_as(user, node, id=ids(told[0])[0]) == {"node": None}
    refused = asked_as(user, MARK, input={"messageIds": ids(told[0])})["markMessagesRead"]
    expected = "not_allowed" if who in ("nobody", "key of their own") else "not_found"
    assert [error["code"] for error in refused["errors"]] == [expected]
    asked_as(user, MARK, input={"all": True})
    assert not InboxMessage.objects.filter(read_at__isnull=False).exists()


def test_the_control_reads_it_by_the_same_way(resident_user, told):
    inbox = asked_as(resident_user, INBOX)["myMessages"]
    assert (inbox["totalCount"], inbox["unreadCount"]) == (3, 3)


def test_who_has_left_the_community_keeps_the_messages(resident_user, told):
    role = CommunityRole.objects.get(user=resident_user)
    gate.delete(role, by=SYSTEM)
    inbox = data(caller(resident_user), INBOX)["myMessages"]
    assert [node["community"] for node in nodes(inbox)] == [None] * 3


@pytest.mark.parametrize("wrong", [to_base64("Venue", 1), to_base64("InboxMessage", "x"), "%%"])
def test_an_id_of_something_else_marks_nothing(resident_user, told, wrong):
    client = caller(resident_user)
    answer = client.post(
        "/graphql/",
        {"query": MARK, "variables": {"input": {"messageIds": [*ids(told[0]), wrong]}}},
        content_type="application/json",
    ).json()
    assert "errors" in answer or answer["data"]["markMessagesRead"]["errors"]
    assert not InboxMessage.objects.filter(read_at__isnull=False).exists()


def test_too_many_at_once_are_refused(resident_user, told):
    refused = data(caller(resident_user), MARK, input={"messageIds": ids(told[0]) * 101})
    assert refused["markMessagesRead"]["errors"] == [
        {"field": "messageIds", "code": "too_many_messages"}
    ]
    assert not InboxMessage.objects.filter(read_at__isnull=False).exists()


def test_channels_are_switched_off_and_on_by_their_person_alone(resident_user, worker):
    client = caller(resident_user)
    before = data(client, PREFERENCES)["myNotificationPreferences"]
    assert before[0] == {
        "channel": "SMS",
        "channelLabel": "短信",
        "wanted": True,
        "available": True,
    }
    assert [row["channel"] for row in before] == ["SMS", "EMAIL", "WECHAT"]
    off = data(client, SET, input={"channel": "SMS", "wanted": False})["setNotificationPreference"]
    assert off == {"preference": {"channel": "SMS", "wanted": False}, "errors": []}
    assert not data(client, PREFERENCES)["myNotificationPreferences"][0]["wanted"]
    assert data(caller(worker), PREFERENCES)["myNotificationPreferences"][0]["wanted"]
    on = data(client, SET, input={"channel": "SMS", "wanted": True})["setNotificationPreference"]
    assert on["preference"]["wanted"]
    assert NotificationPreference.objects.count() == 1


def test_the_inbox_cannot_be_switched_off(resident_user):
    refused = data(caller(resident_user), SET, input={"channel": "INBOX", "wanted": False})
    assert refused["setNotificationPreference"] == {
        "preference": None,
        "errors": [{"field": "channel", "code": "channel_fixed"}],
    }
    assert not NotificationPreference.objects.exists()


@pytest.mark.parametrize("who", ["nobody", "key of their own"])
def test_nobody_and_no_key_has_preferences(others, who):
    assert asked_as(others[who], PREFERENCES) == {"myNotificationPreferences": []}
    refused = asked_as(others[who], SET, input={"channel": "SMS", "wanted": False})
    assert refused["setNotificationPreference"]["errors"][0]["code"] == "not_allowed"
    assert not NotificationPreference.objects.exists()
