"""Reads of messages."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from backend.core.access import scope
from backend.core.models import Kept
from backend.messaging.channels import sender_of
from backend.messaging.choices import OUTGOING, Channel
from backend.messaging.models import InboxMessage, MessageTemplate, NotificationPreference
from backend.messaging.templates import TemplateKind, all_kinds
from backend.places.models import Community


def inbox_of(user: Any) -> QuerySet[InboxMessage]:
    """The user's own messages, newest first."""
    return InboxMessage.objects.visible_to(user)


def unread_count(user: Any) -> int:
    """How many of them have not been read."""
    return inbox_of(user).filter(read_at__isnull=True).count()


def about(message: InboxMessage, user: Any) -> Kept | None:
    """The record that a message tells of, if the user may see it."""
    if not message.about_model or message.about_id is None:
        return None
    try:
        model: Any = apps.get_model(message.about_model)
    except LookupError:
        return None
    found: Kept | None = model._default_manager.visible_to(user).filter(pk=message.about_id).first()
    return found


@dataclass(frozen=True)
class Preference:
    """Whether a person is told by an outgoing channel, and whether it is set up here at all."""

    channel: Channel
    wanted: bool
    available: bool


def preferences_of(user: Any) -> list[Preference]:
    """One a channel: what nobody has switched off is on. None for a key, or for nobody."""
    if not user.is_authenticated or getattr(user, "limited_to", None) is not None:
        return []
    rows = NotificationPreference.objects.filter(user_id=user.pk)
    said = dict(rows.values_list("channel", "wanted"))
    return [
        Preference(channel, said.get(channel, True), sender_of(channel) is not None)
        for channel in OUTGOING
    ]


@dataclass(frozen=True)
class KindHere:
    """One kind of message in one community: its own words, if it has some."""

    kind: TemplateKind
    own: MessageTemplate | None


def communities_with_templates(user: Any) -> QuerySet[Community]:
    """Those whose templates the user may see."""
    where = scope(user, MessageTemplate.action("see"))
    return Community.objects.filter(where.rows(community="pk"))


def kinds_in(community: Community) -> list[KindHere]:
    """Every declared kind, and whether the community has words of its own for it."""
    own = {row.kind: row for row in MessageTemplate.objects.filter(community=community)}
    return [KindHere(kind, own.get(kind.code)) for kind in all_kinds()]
