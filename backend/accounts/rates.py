"""How many requests one caller makes in a minute, counted by several processes together.

A process counts for itself and tells the others in blocks: a tenth of the limit at a time. So a
caller who asks now and then costs no write at all, a busy one ten a minute, and one who was refused
none until the minute is over. The price is that about a block for each process may pass beyond the
limit. docs/decisions/0041-requests-a-minute.md says why not otherwise.
"""

import ipaddress
import logging
import time
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.db import DatabaseError
from django.db.models import F
from django.http import HttpRequest

from backend.accounts.lockout import client_address
from backend.accounts.models import RequestCount
from backend.accounts.sealing import fingerprint
from backend.core import gate

log = logging.getLogger("linli.rates")

MINUTE = 60
BLOCKS = 10
# One household or office has one of these networks, and billions of addresses in it.
_IPV6_NETWORK = 64


def who_calls(request: HttpRequest) -> tuple[str, bool]:
    """A mark of the caller (a key, a user, else an address), and whether it is a known one."""
    key = getattr(request, "api_key", None)
    if key is not None:
        return f"key {key.pk}", True
    user: Any = getattr(request, "user", None)
    if user is not None and user.is_authenticated:
        return f"user {user.pk}", True
    return where_from(request), False


def where_from(request: HttpRequest) -> str:
    """A mark of the address that a request comes from; nobody gets from it to the address."""
    address = client_address(request) or ""
    try:
        if ipaddress.ip_address(address).version == 6:
            address = str(ipaddress.ip_network(f"{address}/{_IPV6_NETWORK}", strict=False))
    except ValueError:
        pass
    return f"address {fingerprint(address)}"


@dataclass
class _Counted:
    """What this process knows of one caller in this minute."""

    untold: int = 0
    told: int = 0
    full: bool = False


class Counter:
    """One process's counts of this minute; the table holds what the processes told each other."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._minute = 0
        self._counted: dict[str, _Counted] = {}

    def take(self, caller: str, limit: int, now: float | None = None) -> int | None:
        """Counts one request; None if it may pass, else in how many seconds to try again.

        A `limit` of 0 is none.
        """
        if limit <= 0:
            return None
        at = time.time() if now is None else now
        minute = int(at // MINUTE)
        wait = max(1, MINUTE - int(at % MINUTE))
        with self._lock:
            if minute != self._minute:
                self._minute, self._counted = minute, {}
            counted = self._counted.setdefault(caller, _Counted())
            if counted.full:
                return wait
            counted.untold += 1
            tell = counted.untold
            beyond = counted.told + tell > limit
            if tell < max(1, limit // BLOCKS) and not beyond:
                return None
            counted.untold = 0
        total = _tell(caller, minute, tell)
        with self._lock:
            counted.told = max(counted.told, total)
            counted.full = counted.full or total > limit
            return wait if total > limit else None

    def wait_of(self, caller: str, now: float | None = None) -> int | None:
        """In how many seconds a caller known to be full may try again; None for others. Counts nothing."""
        at = time.time() if now is None else now
        with self._lock:
            known = self._counted.get(caller) if int(at // MINUTE) == self._minute else None
            return max(1, MINUTE - int(at % MINUTE)) if known is not None and known.full else None

    def forget(self) -> None:
        """As in a process that has just begun."""
        with self._lock:
            self._counted = {}


def _tell(caller: str, minute: int, more: int) -> int:
    """Adds to what all processes have told of this caller and minute; answers the sum."""
    rows = RequestCount.objects.filter(caller=caller)
    try:
        for _try in range(3):
            if gate.change_notes(rows.filter(minute=minute), count=F("count") + more):
                break
            # Somebody's earlier minute: of several processes one begins the new one.
            if gate.change_notes(rows.filter(minute__lt=minute), minute=minute, count=more):
                break
            gate.keep_new_notes([RequestCount(caller=caller, minute=minute, count=0)])
        return rows.values_list("count", flat=True).first() or 0
    except DatabaseError as error:
        # Who cannot count lets pass: a limit is no reason to be out of order.
        log.warning("requests were not counted: %s", type(error).__name__)
        return 0


COUNTER = Counter()
