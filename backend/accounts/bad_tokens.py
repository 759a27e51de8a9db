"""Tokens and keys that open nothing, so many a minute from one address: what is beyond is not looked up.

Every one of them costs a statement, and nobody who sends them is known by anything but an address,
behind which a whole office may sit. So an address that has sent too many is asked to wait, but for
those whose token this process has seen open something of late: theirs is looked up as before.
docs/decisions/0041-requests-a-minute.md says what that leaves.
"""

from collections import OrderedDict
from threading import Lock

from django.conf import settings
from django.http import HttpRequest

from backend.accounts.rates import COUNTER, where_from
from backend.accounts.sealing import fingerprint

# Marks of tokens, not tokens; the oldest are forgotten.
_REMEMBERED = 10_000


class _Regulars:
    """Marks of the tokens that opened something here, the latest ones last."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._marks: OrderedDict[str, None] = OrderedDict()

    def note(self, token: str) -> None:
        mark = fingerprint(token)
        with self._lock:
            self._marks[mark] = None
            self._marks.move_to_end(mark)
            if len(self._marks) > _REMEMBERED:
                self._marks.popitem(last=False)

    def know(self, token: str) -> bool:
        mark = fingerprint(token)
        with self._lock:
            return mark in self._marks

    def forget(self) -> None:
        """As in a process that has just begun."""
        with self._lock:
            self._marks.clear()


REGULARS = _Regulars()


def seconds_to_wait(request: HttpRequest, token: str) -> int | None:
    """None if a token may be looked up, else in how many seconds to try again."""
    wait = COUNTER.wait_of(_caller(request)) if _limit() else None
    return None if wait is None or REGULARS.know(token) else wait


def opened(token: str) -> None:
    """Remembers a token that opened something."""
    if _limit():
        REGULARS.note(token)


def opened_nothing(request: HttpRequest) -> int | None:
    """Counts one; the seconds to wait if it is one too many."""
    return COUNTER.take(_caller(request), _limit())


def _limit() -> int:
    return int(settings.INVALID_TOKEN_REQUESTS_PER_MINUTE)


def _caller(request: HttpRequest) -> str:
    return f"no token, {where_from(request)}"
