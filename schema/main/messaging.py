"""The inbox in the main API: everybody's own, and how they want to be told."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core.errors import RuleViolation, not_found
from backend.core.words import in_chinese
from backend.messaging import actions, choices, models, queries
from backend.messaging.choices import Channel
from schema.main.base import (
    Connection,
    InputError,
    Language,
    Seen,
    actor,
    answer,
    label_of,
    refuse_keys,
    since,
    viewer,
)
from schema.main.places import Community

strawberry.enum(Channel, name="NotificationChannel", description="How a message reaches somebody.")
MOST_AT_ONCE = 100


@strawberry_django.filter_type(models.InboxMessage)
class InboxMessageFilter:
    """Filters of one's own messages."""

    @strawberry_django.filter_field(description="Not read yet, or read.")
    def unread(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}read_at__isnull": value})

    @strawberry_django.filter_field(description="Received or read at or after this moment.")
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return since(value, prefix)


@strawberry_django.order_type(models.InboxMessage)
class InboxMessageOrder:
    """Orders of messages."""

    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.InboxMessage,
    filters=InboxMessageFilter,
    ordering=InboxMessageOrder,
    description="站内信: a message in the caller's own inbox.",
)
class InboxMessage(Seen, relay.Node):
    id: relay.NodeID[int]
    template: str = strawberry_django.field(
        description='The kind of message, stable: "event_promoted".'
    )
    title: str
    body: str = strawberry_django.field(description="Plain text; empty once its time is over.")
    read_at: datetime | None
    created_at: datetime
    updated_at: datetime
    community: Community | None = strawberry_django.field(
        description="Null once the caller has no role there any more."
    )

    @strawberry_django.field(
        only=["about_model", "about_id"],
        description="The id of the record that it tells of, for node(id:), which is null if the "
        "record is not the caller's.",
    )
    def about(self, info: Info) -> relay.GlobalID | None:
        name = str(self.about_model).rpartition(".")[2]  # type: ignore[attr-defined]
        if info.schema.get_type_by_name(name) is None:
            return None
        return relay.GlobalID(name, str(self.about_id))  # type: ignore[attr-defined]


@strawberry.type(name="InboxConnection", description="The caller's own messages.")
class InboxConnection(Connection[InboxMessage]):
    @strawberry.field(description="How many of all one's messages are unread, whatever the filter.")
    def unread_count(self, info: Info) -> int:
        return queries.unread_count(viewer(info))


@strawberry.type(description="Whether the caller is told by a channel. The inbox is always on.")
class NotificationPreference:
    channel: Channel
    wanted: bool
    available: bool = strawberry.field(description="Whether the channel is set up here.")

    @strawberry.field(description="The channel in words.")
    def channel_label(self, lang: Language = Language.ZH) -> str:
        return label_of(choices.Channel, self.channel, lang)


@strawberry.type
class MessagingQuery:
    my_messages: InboxConnection = strawberry_django.connection(
        InboxConnection,
        description="The caller's inbox, newest first; a page is at most 100. "
        "Empty for anonymous callers and for API keys.",
    )

    @strawberry.field(
        description="How the caller is told; empty for anonymous callers and for API keys."
    )
    def my_notification_preferences(self, info: Info) -> list[NotificationPreference]:
        return [_preference(found) for found in queries.preferences_of(viewer(info))]


@strawberry.input(description="Which messages have been read: some, or all.")
class MarkMessagesReadInput:
    message_ids: list[relay.GlobalID] = strawberry.field(
        default_factory=list, description="At most 100."
    )
    all: bool = False


@strawberry.input
class SetNotificationPreferenceInput:
    channel: Channel
    wanted: bool


@strawberry.type
class MarkMessagesReadAnswer:
    """How many messages were unread until now and how many still are, or what was wrong."""

    errors: list[InputError]
    marked: int | None = None
    unread_count: int | None = None


@strawberry.type
class NotificationPreferenceAnswer:
    """The preference as it now stands, or what was wrong."""

    errors: list[InputError]
    preference: NotificationPreference | None = None


@strawberry.type
class MessagingMutation:
    @strawberry.mutation(description="Marks messages of the caller's inbox as read.")
    def mark_messages_read(
        self, info: Info, input: MarkMessagesReadInput
    ) -> MarkMessagesReadAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            refuse_keys(info)
            rows = queries.inbox_of(by.user)
            if not input.all:
                rows = rows.filter(pk__in=_own_ids(rows, input.message_ids))
            marked = actions.mark_read(rows, by=by)
            return {"marked": marked, "unread_count": queries.unread_count(by.user)}

        return answer(MarkMessagesReadAnswer, do)

    @strawberry.mutation(description="Switches an outgoing channel on or off for the caller.")
    def set_notification_preference(
        self, info: Info, input: SetNotificationPreferenceInput
    ) -> NotificationPreferenceAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            refuse_keys(info)
            actions.set_preference(input.channel, input.wanted, by=by)
            found = {row.channel: row for row in queries.preferences_of(by.user)}
            return {"preference": _preference(found[input.channel])}

        return answer(NotificationPreferenceAnswer, do)


def _preference(found: queries.Preference) -> NotificationPreference:
    return NotificationPreference(
        channel=found.channel, wanted=found.wanted, available=found.available
    )


def _own_ids(rows: Any, given: list[relay.GlobalID]) -> set[int]:
    """The keys that the ids name. Raises: too_many_messages; not_found if one is not the caller's."""
    if len(given) > MOST_AT_ONCE:
        raise RuleViolation(
            "too_many_messages",
            f"一次最多标记 {MOST_AT_ONCE} 条，请分几次，或用 all 标记全部。",
            field="message_ids",
        )
    right = all(one.type_name == "InboxMessage" and one.node_id.isdecimal() for one in given)
    wanted = {int(one.node_id) for one in given} if right else set()
    if not right or rows.filter(pk__in=wanted).count() != len(wanted):
        raise not_found(in_chinese(models.InboxMessage._meta.verbose_name))
    return wanted
