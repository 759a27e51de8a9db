"""The demo's neighbourhood, for tests that read the workbooks made for it."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import transaction

from backend.people.models import User
from fixtures import demo


@pytest.fixture(scope="module")
def _demo_data(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Loaded once a module, in a transaction that never ends well; tests nest in it."""
    with django_db_blocker.unblock(), transaction.atomic():
        demo.load()
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo_worker(_demo_data: None, db: None) -> User:
    """The worker of 新河 in the demo's data."""
    return User.objects.get(username="worker")
