"""Sending what has been committed: take one, hand it over, write down how it went.

Taking a message is committed before it is handed over, with a lease: a worker that is killed in
between leaves it to whoever comes after the lease, who sends it under the same reference. So it is
sent at least once, and twice only by a provider that does not know its references.
"""

import logging
import time
import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from backend.core import gate
from backend.messaging.channels import sender_of
from backend.messaging.channels.message import Outgoing, Refused
from backend.messaging.choices import DeliveryState
from backend.messaging.models import Delivery
from backend.messaging.quiet import first_moment_for
from backend.messaging.rules import MOST_TRIES, wait_after

logger = logging.getLogger(__name__)
_WAITING = (DeliveryState.PENDING, DeliveryState.FAILED)
# What is blanked once nothing will be sent any more. The words stay for their time: what was given
# up may be sent again, to the address that is known then.
_OVER: dict[str, Any] = {
    "address": "",
    "claim": None,
    "claimed_until": None,
    "next_try_at": None,
}
_SECRET_TRIES = 2


def send_due(budget_seconds: float = 25) -> int:
    """Sends what is due, one after the other, for so long; answers how many were handed over."""
    sent = 0
    until = time.monotonic() + budget_seconds
    while time.monotonic() < until:
        taken = take_next()
        if taken is None:
            break
        sent += attempt(taken)
    return sent


def due() -> QuerySet[Delivery]:
    """What is to be sent now and is not in anybody's hands."""
    now = timezone.now()
    free = Q(claimed_until__isnull=True) | Q(claimed_until__lt=now)
    return Delivery.objects.filter(free, secret=False, state__in=_WAITING, next_try_at__lte=now)


def take_next() -> Delivery | None:
    """The next one, for this process alone until the lease is over; None if nothing is due."""
    if not due().exists():
        return None
    with transaction.atomic():
        # SQLite knows no row locks: there the transaction, which begins IMMEDIATE, is the lock.
        rows = due().select_for_update(skip_locked=True).order_by("next_try_at", "pk")
        row = rows.first()
        if row is None:
            return None
        row.claim = uuid.uuid4()
        row.claimed_until = timezone.now() + timedelta(seconds=settings.DELIVERY_LEASE_SECONDS)
        # Counted before: a message at which workers die is not tried for ever.
        row.tries += 1
        gate.change_notes(
            Delivery.objects.filter(pk=row.pk),
            claim=row.claim,
            claimed_until=row.claimed_until,
            tries=row.tries,
        )
    return row


def attempt(row: Delivery) -> bool:
    """Hands one taken message over and writes down how it went; True if it was taken there."""
    now = timezone.now()
    later = first_moment_for(row.channel, now)
    if later > now:
        _settle(row, claim=None, claimed_until=None, tries=row.tries - 1, next_try_at=later)
        return False
    try:
        reference = _hand_over(row)
    except Refused as refused:
        _failed(row, refused)
        return False
    # Sent is sent, whoever has taken it meanwhile.
    gate.change_notes(
        Delivery.objects.filter(pk=row.pk),
        **_OVER,
        values={},
        state=DeliveryState.SENT,
        sent_at=timezone.now(),
        provider_reference=reference,
        error_code="",
    )
    return True


def send_now(row: Delivery, *, to: str, title: str, body: str, values: Mapping[str, str]) -> None:
    """Sends a code, whose words no row holds; writes down how it went."""
    for tries in range(1, _SECRET_TRIES + 1):
        outgoing = _outgoing(row, to, title, body, values, again=tries > 1)
        try:
            reference = _sent(outgoing)
        except Refused as refused:
            row.error_code = refused.code
            if refused.for_good or tries == _SECRET_TRIES:
                _settle(
                    row, **_OVER, state=DeliveryState.GIVEN_UP, tries=tries, error_code=refused.code
                )
                return
        else:
            _settle(
                row,
                **_OVER,
                state=DeliveryState.SENT,
                tries=tries,
                sent_at=timezone.now(),
                provider_reference=reference,
            )
            return


def close_interrupted_secrets() -> int:
    """Gives up the codes whose process ended before it had sent them; answers how many."""
    before = timezone.now() - timedelta(minutes=5)
    lost = Delivery.objects.filter(secret=True, state=DeliveryState.PENDING, created_at__lt=before)
    return gate.change_notes(lost, state=DeliveryState.GIVEN_UP, error_code="interrupted")


def _hand_over(row: Delivery) -> str:
    if row.tries > MOST_TRIES:
        raise Refused("interrupted", for_good=True)
    if not row.address:
        raise Refused("address_missing", for_good=True)
    return _sent(_outgoing(row, row.address, row.title, row.body, row.values, again=row.tries > 1))


def _outgoing(
    row: Delivery, to: str, title: str, body: str, values: Mapping[str, str], *, again: bool
) -> Outgoing:
    return Outgoing(
        channel=row.channel,
        to=to,
        template=row.template,
        title=title,
        body=body,
        values=values,
        reference=str(row.reference),
        made_at=row.created_at,
        again=again,
    )


def _sent(outgoing: Outgoing) -> str:
    sender = sender_of(outgoing.channel)
    if sender is None:
        raise Refused("channel_off")
    try:
        return sender.send(outgoing)
    except Refused:
        raise
    except Exception as error:
        # One message must not hold up the others. Its text could name the person: only the kind
        # of the error is written down.
        logger.error("sending by %s failed: %s", outgoing.channel, type(error).__name__)
        raise Refused("unexpected") from None


def _failed(row: Delivery, refused: Refused) -> None:
    wait = None if refused.for_good else wait_after(row.tries)
    if wait is None:
        _settle(row, **_OVER, state=DeliveryState.GIVEN_UP, error_code=refused.code)
        return
    _settle(
        row,
        claim=None,
        claimed_until=None,
        state=DeliveryState.FAILED,
        error_code=refused.code,
        next_try_at=first_moment_for(row.channel, timezone.now() + wait),
    )


def _settle(row: Delivery, **values: Any) -> None:
    # Only as long as it is ours: after the lease another one may have it, or have sent it.
    gate.change_notes(Delivery.objects.filter(pk=row.pk, claim=row.claim), **values)
