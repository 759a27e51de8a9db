"""What falls due by itself."""

from datetime import timedelta

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_tasks import task

from backend.accounts.lockout import attempts_older_than
from backend.accounts.sessions import SessionStore
from backend.core import gate
from backend.core.routines import daily

# Long past any lock; long enough to look into yesterday's attempts.
ATTEMPTS_KEPT = timedelta(days=7)


@daily
@task()
def clear_sign_ins() -> int:
    """Deletes sessions that are over and old failed sign-ins; answers how many of the latter."""
    SessionStore.clear_expired()
    living = Session.objects.filter(session_key=OuterRef("session_key"))
    gate.drop_notes(UserSession.objects.filter(~Exists(living)))
    return gate.drop_notes(attempts_older_than(timezone.now() - ATTEMPTS_KEPT))
