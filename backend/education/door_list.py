"""What a tablet at the door keeps of an event: who is expected, who is here, masked.

No more than its list shows: a surname, the last four digits, the number of the registration, how many,
whether they are here. docs/decisions/0055-check-in-without-a-network.md says why.
"""

from datetime import datetime, time, timedelta
from hashlib import blake2b
from typing import Any

from django.db.models import Count, Max
from django.utils import timezone
from django.utils.crypto import salted_hmac

from backend.education import rules
from backend.education.models import CheckIn, LegalEducationEvent, Registration
from backend.education.queries import (
    arrived_unregistered,
    expected_at_the_door,
    roster_at_the_door,
)

# More than any hall holds; a longer list says so.
MOST_ROWS = 1000
# People of the roster who are offered beside the list.
_OFFERED = 8
_TAIL = 4


def account_mark(user: Any) -> str:
    """What tells the tablet's accounts apart, and says nothing of whose they are."""
    return salted_hmac("education.door", str(user.pk)).hexdigest()[:16]


def dropped_at(event: LegalEducationEvent) -> datetime:
    """When a tablet forgets the list: at the end of the event's last day."""
    day = timezone.localtime(event.ends_at).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, time.min))


def door_list(event: LegalEducationEvent, user: Any, known: str = "") -> dict[str, Any]:
    """The list as JSON; without the rows while the tablet's (`known`) is still what it would be."""
    heads = LegalEducationEvent.objects.heads_of(event.pk)
    version = _version(event, heads)
    answer: dict[str, Any] = {
        "version": version,
        "heads": heads,
        "now": timezone.now().isoformat(),
        "account": account_mark(user),
        "dropAt": dropped_at(event).isoformat(),
        "open": event.status in rules.RECORDABLE,
    }
    if version == known:
        return answer
    rows = list(expected_at_the_door(event, user)[: MOST_ROWS + 1])
    return answer | {
        "rows": [_registered(row) for row in rows[:MOST_ROWS]],
        "cut": len(rows) > MOST_ROWS,
        "walkIns": [walk_in(line) for line in arrived_unregistered(event, user)[:MOST_ROWS]],
    }


def found_at_the_door(event: LegalEducationEvent, user: Any, wanted: str) -> dict[str, Any]:
    """Whom a search means: keys of the list's rows, and people of the roster who are not on it."""
    rows = expected_at_the_door(event, user, wanted)
    people = roster_at_the_door(event, user, wanted)[:_OFFERED]
    return {
        "rows": list(rows.values_list("pk", flat=True)[:MOST_ROWS]),
        "people": [
            {"id": one.pk, "name": one.masked_name, "tail": tail_of(one.masked_phone)}
            for one in people
        ],
    }


def walk_in(line: Any) -> dict[str, Any]:
    """Somebody who came without a registration: the last line about them."""
    return {
        "line": line.pk,
        "resident": line.resident_id,
        "name": line.masked_name,
        "heads": line.heads,
        "kind": line.kind,
        "at": line.occurred_at.isoformat(),
    }


def tail_of(masked_phone: str) -> str:
    """The last four digits, as the mask shows them; "" where it shows none."""
    tail = masked_phone[-_TAIL:]
    return tail if tail.isdigit() else ""


def _registered(row: Any) -> dict[str, Any]:
    return {
        "id": row.pk,
        "name": row.masked_name,
        "tail": tail_of(row.masked_phone or row.masked_resident_phone or ""),
        "code": row.code,
        "size": row.size,
        "status": row.status,
        "statusLabel": row.get_status_display(),
        "kind": row.last_kind or "",
        "at": row.last_at.isoformat() if row.last_at is not None else "",
    }


def _version(event: LegalEducationEvent, heads: int) -> str:
    """Another whenever the list may be another."""
    lines = CheckIn.objects.filter(event=event).aggregate(Max("pk"))
    rows = Registration.objects.filter(event=event).aggregate(Max("updated_at"), Count("pk"))
    seen = (event.status, heads, *lines.values(), *rows.values())
    return blake2b(repr(seen).encode(), digest_size=8).hexdigest()
