"""Many callers in a process of their own: `python -m tests.volunteers.certificate_races.runner
MARKS_FD OPTIONS COMMAND SEED`. Prints what each of them was answered.

Commands: `certify`, and `naive` (the control).
"""

import json
import os
import random
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import django
from django.db import IntegrityError, connections, transaction
from django.db.models import Max
from django.utils import timezone

django.setup()

from backend.core.access import SYSTEM  # noqa: E402  they need the apps
from backend.core.errors import RuleViolation  # noqa: E402
from backend.volunteers import certifying, recording  # noqa: E402
from backend.volunteers.models import Certificate, ServiceRecord, Volunteer  # noqa: E402
from tests.imports.races.looking import as_a_page_comes_back  # noqa: E402
from tests.volunteers.certificate_races.sizes import CALLS, PEOPLE, THREADS  # noqa: E402

MARKS = int(sys.argv[1])
HOLD = set(json.loads(sys.argv[2])["hold"])


def mark(name: str) -> None:
    """Says that this point is reached; waits there if asked to."""
    os.write(MARKS, f"{name}\n".encode())
    if name in HOLD:
        sys.stdin.readline()


def all_at_once(do: Callable[[random.Random], str], seed: str) -> None:
    """Each call in a thread, as many at a time as there are threads; prints the answers."""

    def one(number: int) -> str:
        try:
            return do(random.Random(f"{seed} {number}"))
        except RuleViolation as violation:
            return violation.code
        except IntegrityError:
            return "IntegrityError"
        except Exception as error:
            return f"{type(error).__name__}: {error}"
        finally:
            connections.close_all()

    mark("ready")
    with ThreadPoolExecutor(THREADS) as pool:
        print(json.dumps(list(pool.map(one, range(CALLS)))))


def certify(chance: random.Random) -> str:
    """Certificates are issued, fail after their number was taken, are made void; hours are verified
    and taken back meanwhile.
    """
    volunteer = Volunteer.objects.get(code=f"zy-{chance.randrange(PEOPLE)}")
    today = timezone.localdate()
    # Few periods: many ask for the same certificate.
    period = (today - timedelta(days=60 + chance.randrange(2)), today)
    roll = chance.random()
    if roll < 0.5:
        certifying.issue_certificate(volunteer, *period, by=SYSTEM)
        return "issued"
    if roll < 0.6:
        with transaction.atomic():
            certifying.issue_certificate(volunteer, *period, by=SYSTEM)
            transaction.set_rollback(True)
        return "rolled back"
    if roll < 0.75:
        valid = Certificate.objects.filter(volunteer=volunteer, status="issued").first()
        if valid is None:
            return "nothing"
        certifying.void_certificate(valid, by=SYSTEM, reason="写错了")
        return "void"
    wanted = "submitted" if roll < 0.87 else "verified"
    row = ServiceRecord.objects.filter(volunteer=volunteer, status=wanted).order_by("?").first()
    if row is None:
        return "nothing"
    if wanted == "submitted":
        return str(recording.verify(row, by=SYSTEM).status)
    return str(recording.take_back(row, by=SYSTEM, reason="核对").status)


def naive(chance: random.Random) -> str:
    """The control: numbering as one writes it at first. It looks, and then it writes."""
    volunteer = Volunteer.objects.get(code=f"zy-{chance.randrange(PEOPLE)}")
    today = timezone.localdate()
    last = Certificate.objects.filter(year=today.year).aggregate(last=Max("sequence"))["last"]
    sequence = (last or 0) + 1
    as_a_page_comes_back()
    Certificate.objects.create(
        community_id=volunteer.community_id,
        volunteer=volunteer,
        number=f"{chance.getrandbits(60):x}",
        year=today.year,
        sequence=sequence,
        starts_on=today - timedelta(days=chance.randrange(30_000)),
        ends_on=today,
        minutes=60,
        services=1,
        issuer="新河社区",
    )
    return str(sequence)


if __name__ == "__main__":
    command, seed_ = sys.argv[3:]
    all_at_once({"certify": certify, "naive": naive}[command], seed_)
    mark("done")
