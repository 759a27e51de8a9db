"""Verbs of messages: telling people, reading, choosing how to be told, trying once more."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import not_allowed
from backend.core.models import Kept
from backend.messaging import rules
from backend.messaging.addresses import addresses_of_residents, addresses_of_users, masked_address
from backend.messaging.channels import sender_of
from backend.messaging.choices import OUTGOING, Channel, DeliveryState
from backend.messaging.models import (
    Delivery,
    InboxMessage,
    MessageTemplate,
    NotificationPreference,
)
from backend.messaging.quiet import first_moment_for
from backend.messaging.recipients import Recipient, not_told_before, told_apart, wants
from backend.messaging.sending import send_now
from backend.messaging.tasks import nudge
from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, kind_of
from backend.messaging.wording import Wording, declared_wording, samples, wording_of

__all__ = [
    "Recipient",
    "mark_read",
    "reset_wording",
    "retry",
    "send_secret",
    "set_preference",
    "tell",
    "try_out",
]


def tell(
    recipients: Sequence[Recipient],
    template: str,
    values: Mapping[str, str],
    *,
    community: Any,
    once_key: str,
    about: Kept | None = None,
) -> int:
    """Writes inbox messages and outgoing deliveries; answers how many recipients were told now.

    In the caller's transaction: what is rolled back has told nobody. Nobody is told twice under one
    `once_key`, which names the occasion and no person ("registration 12 promoted").
    Raises: KeyError for a kind that nobody has declared, or a placeholder without a value.
    """
    kind = kind_of(template)
    given = {COMMUNITY_NAME: community.name} | dict(values)
    given = {name: str(given[name]) for name in kind.placeholders}
    words = _Words(kind, wording_of(kind, community), given, community, once_key)
    return _tell(recipients, words, about)


def try_out(template: MessageTemplate, *, by: Actor) -> list[str]:
    """Sends the template's words, saved or not, to the actor alone; answers the ways that it goes.

    Raises: what saving it would; not_allowed.
    """
    require(by, template.action("edit"), template.community_id)
    gate.check(template)
    kind = kind_of(template.kind)
    wording = Wording(f"【试发】{template.title}", template.body, template.channels)
    once_key = f"trial {uuid.uuid4().hex}"
    words = _Words(kind, wording, samples(kind), template.community, once_key)
    _tell([Recipient(user=by.user)], words, None)
    went = Delivery.objects.filter(once_key=once_key).order_by("pk")
    return [Channel.INBOX, *went.values_list("channel", flat=True)]


def reset_wording(template: MessageTemplate, *, by: Actor) -> None:
    """Goes back to the declared words. Raises: not_allowed; not_found."""
    # Taking one's own words back is an edit: nothing is lost that could not be typed again.
    gate.delete_many([template], by=by, action="edit")


def send_secret(channel: str, to: str, template: str, values: dict[str, str]) -> None:
    """Sends a code at once after the commit; the log knows the masked address and the outcome.

    Neither the words nor the address are ever stored. The provider is asked twice at most, a few
    seconds each time, by the process that calls: a caller who must not show whether there is such
    an account makes the answer take as long without sending.
    Raises: channel_off; KeyError as `tell`.
    """
    kind = kind_of(template)
    rules.channel_is_on(channel, on=sender_of(channel) is not None)
    title, body = declared_wording(kind).filled(values)
    row = Delivery(
        channel=channel,
        template=kind.code,
        secret=True,
        masked_to=masked_address(channel, to),
        next_try_at=None,
        once_key="",
        told_in=uuid.uuid4(),
    )
    gate.keep_notes([row])
    transaction.on_commit(
        lambda: send_now(row, to=to, title=title, body=body, values=values), robust=True
    )


def mark_read(messages: QuerySet[InboxMessage], *, by: Actor) -> int:
    """Marks those of the messages as read that are the actor's own; answers how many were unread."""
    own = messages.filter(InboxMessage.visible(by.user), read_at__isnull=True)
    now = timezone.now()
    return gate.change_notes(own, read_at=now, updated_at=now)


def set_preference(channel: str, wanted: bool, *, by: Actor) -> NotificationPreference:
    """Whether the actor wants to be told by a channel. Raises: channel_fixed; not_allowed."""
    rules.channel_may_be_switched(channel, OUTGOING)
    if by.user is None or getattr(by.user, "limited_to", None) is not None:
        raise not_allowed()
    return gate.note(
        NotificationPreference,
        {"user": by.user, "channel": channel},
        {"wanted": wanted, "updated_at": timezone.now()},
    )


def retry(delivery: Delivery, *, by: Actor) -> None:
    """Sends a failed message again, to the address that is known now.

    Raises: delivery_not_failed; address_missing; not_allowed.
    """
    require(by, f"{Delivery.area}.move", delivery.community_id)
    failed = (DeliveryState.FAILED, DeliveryState.GIVEN_UP)
    rules.may_be_retried(delivery.state, failed, secret=delivery.secret)
    address = _address_now(delivery)
    rules.can_be_reached(address)
    with transaction.atomic():
        changed = gate.change_notes(
            Delivery.objects.filter(pk=delivery.pk, state__in=failed, claim__isnull=True),
            state=DeliveryState.PENDING,
            address=address,
            masked_to=masked_address(delivery.channel, address),
            tries=0,
            error_code="",
            next_try_at=first_moment_for(delivery.channel, timezone.now()),
        )
        rules.may_be_retried(delivery.state if changed else "", failed, secret=False)
        transaction.on_commit(nudge, robust=True)


@dataclass(frozen=True)
class _Words:
    kind: TemplateKind
    wording: Wording
    values: dict[str, str]
    community: Any
    once_key: str


def _tell(recipients: Sequence[Recipient], words: _Words, about: Kept | None) -> int:
    title, body = words.wording.filled(words.values)
    told_in = uuid.uuid4()
    users, residents = told_apart(recipients)
    with transaction.atomic():
        # In one order: two callers that tell the same people never wait for each other in a ring.
        gate.keep_new_notes(
            [
                InboxMessage(
                    user_id=user,
                    community=words.community,
                    template=words.kind.code,
                    title=title,
                    body=body,
                    about_model=about._meta.label if about is not None else "",
                    about_id=about.pk if about is not None else None,
                    once_key=words.once_key,
                    told_in=told_in,
                )
                for user in not_told_before(sorted(users), users, words.once_key)
            ]
        )
        told = InboxMessage.objects.filter(once_key=words.once_key, told_in=told_in)
        new = sorted(told.values_list("user_id", flat=True))
        channels = _channels(words)
        going = _to_users(channels, new, users) + _to_residents(channels, residents)
        for delivery in going:
            delivery.community = words.community
            delivery.template = words.kind.code
            delivery.title, delivery.body, delivery.values = title, body, words.values
            delivery.once_key, delivery.told_in = words.once_key, told_in
        gate.keep_new_notes(going)
        if going:
            transaction.on_commit(nudge, robust=True)
        told_residents = Delivery.objects.filter(
            once_key=words.once_key, told_in=told_in, user__isnull=True, secret=False
        )
        return len(new) + told_residents.count()


def _address_now(delivery: Delivery) -> str:
    if delivery.user_id is not None:
        found = addresses_of_users(delivery.channel, [delivery.user_id])
        return found.get(delivery.user_id, "")
    if delivery.resident is not None and delivery.channel == Channel.SMS:
        return addresses_of_residents([delivery.resident]).get(delivery.resident.pk, "")
    return ""


def _channels(words: _Words) -> list[str]:
    """The ways out of the house by which this message goes here."""
    senders = {channel: sender_of(channel) for channel in OUTGOING}
    return [
        channel
        for channel, sender in senders.items()
        if channel in words.wording.channels
        and sender is not None
        and sender.carries(words.kind.code)
    ]


def _to_users(
    channels: list[str], new: list[int], users: Mapping[int, int | None]
) -> list[Delivery]:
    going = []
    for channel in channels:
        addresses = addresses_of_users(channel, wants(new, channel))
        going += [
            _delivery(channel, addresses[user], user_id=user, resident_id=users[user])
            for user in new
            if user in addresses
        ]
    return going


def _to_residents(channels: list[str], residents: list[Any]) -> list[Delivery]:
    if Channel.SMS not in channels:
        return []
    addresses = addresses_of_residents(residents)
    return [
        _delivery(Channel.SMS, addresses[row.pk], resident_id=row.pk)
        for row in residents
        if row.pk in addresses
    ]


def _delivery(channel: str, address: str, **whom: Any) -> Delivery:
    return Delivery(
        channel=channel,
        address=address,
        masked_to=masked_address(channel, address),
        next_try_at=first_moment_for(channel, timezone.now()),
        **whom,
    )
