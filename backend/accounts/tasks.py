"""What falls due by itself."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task

from backend.accounts.lockout import attempts_older_than
from backend.accounts.models import RequestCount
from backend.accounts.rates import MINUTE
from backend.accounts.sessions import SessionStore
from backend.core import gate
from backend.core.routines import daily

# Long past any lock; long enough to look into yesterday's attempts.
ATTEMPTS_KEPT = timedelta(days=7)


@daily
@task()
def clear_sign_ins() -> int:
    """Deletes sessions that are over, counts of minutes that are over, and old failed sign-ins;
    answers how many of the latter.
    """
    SessionStore.clear_expired()
    an_hour_ago = int(timezone.now().timestamp()) // MINUTE - 60
    gate.drop_notes(RequestCount.objects.filter(minute__lt=an_hour_ago))
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    gate.drop_notes(UserSession.objects.filter(~Exists(living)))
    return gate.drop_notes(attempts_older_than(timezone.now() - ATTEMPTS_KEPT))
