"""The statement that counts what waits is kept for a minute: it may depend on who asks, and on nothing
that is stored.
"""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.core.access import standing
from backend.core.desk.waiting import _KINDS
from backend.people.models import User
from backend.places.models import Community


def test_no_kind_of_work_looks_into_the_database_before_it_asks(demo_worker: User) -> None:
    everybody = User.objects.filter(is_active=True)
    assert {"secretary", "steward", "partner", "office", "admin"} <= {u.username for u in everybody}
    assert len(_KINDS) > 30
    for user in everybody:
        for kind in sorted(_KINDS.values(), key=lambda kind: kind.noted):
            # What each page asks anew is put together without looking at organizations.
            standing(user, own=kind.noted)
            with CaptureQueriesContext(connection) as asked:
                kind.rows(user)
            assert not len(asked), f"{kind.code} asks before it is asked: put it into the queryset"


def test_control_a_kind_that_looked_would_be_seen(demo_worker: User) -> None:
    with CaptureQueriesContext(connection) as asked:
        Community.objects.filter(pk=Community.objects.first().pk)  # type: ignore[union-attr]
    assert len(asked) == 1
