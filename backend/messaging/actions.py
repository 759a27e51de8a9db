"""Verbs of messages: telling people, reading, choosing how to be told, trying once more."""

import uuid
from collections.abc import Mapping, Sequence
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
from backend.messaging.models import Delivery, InboxMessage, NotificationPreference
from backend.messaging.quiet import first_moment_for
from backend.messaging.recipients import Recipient, not_told_before, told_apart, wants
from backend.messaging.sending import send_now
from backend.messaging.tasks import nudge
from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, kind_of
from backend.messaging.wording import Wording, declared_wording, wording_of

__all__ = ["Recipient", "mark_read", "retry", "send_secret", "set_preference", "tell"]


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
    wording = wording_of(kind, community)
    title, body = wording.filled(given)
    told_in = uuid.uuid4()
    users, residents = told_apart(recipients)
    with transaction.atomic():
        # In one order: two callers that tell the same people never wait for each other in a ring.
        gate.keep_new_notes(
            [
                InboxMessage(
                    user_id=user,
                    community=community,
                    template=kind.code,
                    title=title,
                    body=body,
                    about_model=about._meta.label if about is not None else "",
                    about_id=about.pk if about is not None else None,
                    once_key=once_key,
                    told_in=told_in,
                )
                for user in not_told_before(sorted(users), users, once_key)
            ]
        )
        told = InboxMessage.objects.filter(once_key=once_key, told_in=told_in)
        new = sorted(told.values_list("user_id", flat=True))
        going = _to_users(kind, wording, new, users) + _to_residents(kind, wording, residents)
        for delivery in going:
            delivery.community = community
            delivery.template = kind.code
            delivery.title, delivery.body, delivery.values = title, body, given
            delivery.once_key, delivery.told_in = once_key, told_in
        gate.keep_new_notes(going)
        if going:
            transaction.on_commit(nudge, robust=True)
        sent_to_residents = Delivery.objects.filter(
            once_key=once_key, told_in=told_in, user__isnull=True, secret=False
        )
        return len(new) + sent_to_residents.count()


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


def _address_now(delivery: Delivery) -> str:
    if delivery.user_id is not None:
        found = addresses_of_users(delivery.channel, [delivery.user_id])
        return found.get(delivery.user_id, "")
    if delivery.resident is not None and delivery.channel == Channel.SMS:
        return addresses_of_residents([delivery.resident]).get(delivery.resident.pk, "")
    return ""


def _on(kind: TemplateKind, wording: Wording) -> list[str]:
    """The channels by which this message goes out here."""
    senders = {channel: sender_of(channel) for channel in OUTGOING if channel in wording.channels}
    return [ch for ch, sender in senders.items() if sender and sender.carries(kind.code)]


def _to_users(
    kind: TemplateKind, wording: Wording, new: list[int], users: Mapping[int, int | None]
) -> list[Delivery]:
    going = []
    for channel in _on(kind, wording):
        addresses = addresses_of_users(channel, wants(new, channel))
        going += [
            _delivery(channel, addresses[user], user_id=user, resident_id=users[user])
            for user in new
            if user in addresses
        ]
    return going


def _to_residents(kind: TemplateKind, wording: Wording, residents: list[Any]) -> list[Delivery]:
    if Channel.SMS not in _on(kind, wording):
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
