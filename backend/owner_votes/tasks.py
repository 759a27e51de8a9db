"""Work of the register of owners that falls due by itself: since when somebody owns nothing here."""

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.routines import daily
from backend.owner_votes.models import Ownership, PropertyOwner

WORKER = SYSTEM.through("worker")
# Owners a transaction: others write in between.
CHUNK = 500


@daily
@task()
def note_former_owners() -> int:
    """Writes down since when an owner owns no room any more, and that one owns again; answers of how
    many owners. From that moment on the term of what is kept of them runs.

    Rooms change hands by many doors; the day on which this is noticed is near enough.
    """
    owns = Exists(Ownership.objects.filter(owner=OuterRef("pk")))
    former = PropertyOwner.objects.filter(~owns, without_rooms_since=None)
    again = PropertyOwner.objects.filter(owns).exclude(without_rooms_since=None)
    done = 0
    for rows, moment in ((former, timezone.now()), (again, None)):
        while chunk := list(rows.order_by("pk")[:CHUNK]):
            for owner in chunk:
                owner.without_rooms_since = moment
            gate.save_many(chunk, by=WORKER)
            done += len(chunk)
    return done
