"""Where people can be reached: the number of their roster row, their account's e-mail, their WeChat.

The app that knows an account's phone or WeChat identity stands above this one: it says how to find
it, by `address_source`.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from backend.core.masking import mask_phone
from backend.core.personal import HIDDEN
from backend.messaging.choices import Channel
from backend.people.models import Resident, User

_MOBILE = re.compile(r"1[3-9]\d{9}")
# Keys of accounts in, their addresses out; for many at once.
Source = Callable[[Sequence[int]], Mapping[int, str]]
_SOURCES: dict[str, list[Source]] = {}


def address_source(channel: str) -> Callable[[Source], Source]:
    """Registers a source of a channel's addresses; one that is registered later is asked first."""

    def register(source: Source) -> Source:
        _SOURCES.setdefault(channel, []).insert(0, source)
        return source

    return register


def addresses_of_users(channel: str, users: Sequence[int]) -> dict[int, str]:
    """Account -> address, for those who can be reached by the channel."""
    found: dict[int, str] = {}
    for source in _SOURCES.get(channel, ()):
        asked = [user for user in users if user not in found]
        found |= {user: to for user, to in source(asked).items() if _usable(channel, to)}
    return found


def addresses_of_residents(residents: Sequence[Resident]) -> dict[int, str]:
    """Resident -> mobile number, for those who have one; nobody writes to the dead."""
    living = [row for row in residents if row.died_on is None]
    return {row.pk: row.phone for row in living if _usable(Channel.SMS, row.phone)}


def masked_address(channel: str, to: str) -> str:
    """What the log shows of an address."""
    if channel == Channel.SMS:
        return mask_phone(to)
    if channel == Channel.EMAIL:
        name, _, host = to.partition("@")
        return f"{name[:1]}***@{host}"
    return HIDDEN


@address_source(Channel.SMS)
def _phones_of_residents(users: Sequence[int]) -> Mapping[int, str]:
    rows = Resident.objects.filter(user_id__among=frozenset(users), died_on__isnull=True)
    return dict(rows.values_list("user_id", "phone"))


@address_source(Channel.EMAIL)
def _emails_of_accounts(users: Sequence[int]) -> Mapping[int, str]:
    rows = User.objects.filter(pk__among=frozenset(users)).exclude(email="")
    return dict(rows.values_list("pk", "email"))


def _usable(channel: str, to: str) -> bool:
    # A landline takes no text message.
    return bool(_MOBILE.fullmatch(to)) if channel == Channel.SMS else bool(to)
