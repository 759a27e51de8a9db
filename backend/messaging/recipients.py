"""Who is told: accounts by their inbox, residents without an account by SMS."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backend.messaging.models import Delivery, NotificationPreference
from backend.people.models import Resident


@dataclass(frozen=True)
class Recipient:
    """An account (inbox, and how it can be reached), or a resident, who may have none (SMS)."""

    user: Any = None
    resident: Any = None


def told_apart(recipients: Sequence[Recipient]) -> tuple[dict[int, int | None], list[Resident]]:
    """Accounts with their residents' keys, and the residents without an account; each once."""
    users: dict[int, int | None] = {}
    residents: dict[int, Resident] = {}
    for recipient in recipients:
        resident = recipient.resident
        user = recipient.user.pk if recipient.user is not None else None
        if user is None and resident is not None:
            user = resident.user_id
        if user is not None:
            users[user] = resident.pk if resident is not None else users.get(user)
        elif resident is not None:
            residents[resident.pk] = resident
    # Who has an account is told by it, also of what concerns another one of the family: the number
    # that is used is that of the account's own resident, and goes when that one is erased.
    own = Resident.objects.filter(user_id__among=frozenset(users)).values_list("user_id", "pk")
    return users | dict(own), [residents[key] for key in sorted(residents)]


def not_told_before(
    users: Sequence[int], residents: Mapping[int, int | None], once_key: str
) -> list[int]:
    """Without those who were told of this as a resident, before they had an account."""
    keys = frozenset(key for key in residents.values() if key is not None)
    rows = Delivery.objects.filter(
        once_key=once_key, resident_id__among=keys, user__isnull=True, secret=False
    )
    told = set(rows.values_list("resident_id", flat=True))
    return [user for user in users if residents[user] not in told]


def wants(users: Sequence[int], channel: str) -> list[int]:
    """Without those who have switched the channel off."""
    rows = NotificationPreference.objects.filter(
        user_id__among=frozenset(users), channel=channel, wanted=False
    )
    off = set(rows.values_list("user_id", flat=True))
    return [user for user in users if user not in off]
