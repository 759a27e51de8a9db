"""The statement that counts what waits is kept for a minute: it may depend on who asks, and on nothing
that is stored.
"""

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test.utils import CaptureQueriesContext

from backend.core.access import standing
from backend.core.desk.waiting import _KINDS
from backend.people.models import User
from backend.places.models import Community


def looks(user: User) -> list[str]:
    """The kinds that ask the database as soon as they are put together for somebody."""
    found = []
    for kind in sorted(_KINDS.values(), key=lambda kind: kind.noted):
        # What each page asks anew is put together without looking at organizations.
        standing(user, own=kind.noted)
        with CaptureQueriesContext(connection) as asked:
            kind.rows(user)
        if len(asked):
            found.append(kind.code)
    return found


def test_no_kind_of_work_looks_into_the_database_before_it_asks(demo_worker: User) -> None:
    everybody = User.objects.filter(is_active=True)
    assert {"secretary", "steward", "partner", "office", "admin"} <= {u.username for u in everybody}
    assert len(_KINDS) > 30
    for user in everybody:
        assert not looks(user), "it asks before it is asked: put it into the queryset"


def test_control_a_kind_that_looks_is_seen(
    demo_worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    kind = next(iter(_KINDS.values()))

    def rows(user: User) -> QuerySet[Any]:
        return kind.rows(user).filter(pk__in=list(Community.objects.values_list("pk", flat=True)))

    monkeypatch.setitem(_KINDS, "looking", replace(kind, code="looking", rows=rows))
    assert looks(demo_worker) == ["looking"]
