"""A small world for every test, built through the gate."""

import datetime
import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.db import transaction
from django.urls import get_resolver
from django.utils import timezone
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pytest_django.live_server_helper import LiveServer

from backend.accounts import rates
from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education import actions
from backend.education.models import LegalEducationEvent, Venue
from backend.people.models import CommunityRole, User
from backend.places.models import Building, Community, Estate, Subdistrict
from tests.demo_database import demo_database
from tests.on_disk import on_disk

_QUIET = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
# The same examples in every run, so that what passed here passes there; LINLI_HYPOTHESIS=thorough
# looks for others.
hypothesis_settings.register_profile(
    "fast", max_examples=8, deadline=None, derandomize=True, suppress_health_check=_QUIET
)
hypothesis_settings.register_profile(
    "thorough", max_examples=150, deadline=None, suppress_health_check=_QUIET
)
hypothesis_settings.load_profile(os.environ.get("LINLI_HYPOTHESIS", "fast"))

CHEAP_HASHERS = [f"django.contrib.auth.hashers.{name}PasswordHasher" for name in ("MD5", "PBKDF2")]
# The tests ask oftener than any caller; those of the limits set their own.
for _name in ("GRAPHQL", "GRAPHQL_ANONYMOUS", "OPEN_DATA", "INVALID_TOKEN"):
    setattr(django_settings, f"{_name}_REQUESTS_PER_MINUTE", 0)
ON_POSTGRES = os.environ.get("DATABASE_URL", "").startswith("postgres")
# They ask of the database what the API asks of it, by the same querysets: on PostgreSQL slow ones too.
PAGES = re.compile(
    r"tests/(admin|saved_views|founding|exports|accounts|docs)/|pages?\.py|test_panel\.py"
    r"|core/test_(every_door|guidance)\.py|messaging/test_admin\.py"
)
TERM_START = datetime.date(2025, 1, 1)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that touch the database may touch the queue's too; what needs one run has one."""
    for item in items:
        if item.get_closest_marker("cells") is not None:
            item.add_marker(pytest.mark.slow)
        if ON_POSTGRES and (item.get_closest_marker("once") or PAGES.search(item.nodeid)):
            item.add_marker(pytest.mark.slow)
        marker = item.get_closest_marker("django_db")
        if marker is not None and "databases" not in marker.kwargs:
            item.add_marker(
                pytest.mark.django_db(**{**marker.kwargs, "databases": "__all__"}), append=False
            )


@pytest.fixture(autouse=True)
def _own_uploads(settings: Any, tmp_path: Path) -> None:
    """Uploads and messages of a test go to its own folder; passwords are hashed cheaply.

    Nothing is kept from the test before, whose rows had the same numbers.
    """
    cache.clear()
    settings.MEDIA_ROOT = tmp_path / "uploads"
    settings.OUTBOX_DIR = tmp_path / "outbox"
    settings.PASSWORD_HASHERS = CHEAP_HASHERS


@pytest.fixture
def one_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """The minute in which requests are counted does not end in the midst of a test."""
    moment = time.time()
    monkeypatch.setattr(rates, "time", SimpleNamespace(time=lambda: moment))


@pytest.fixture
def subdistrict(db: None) -> Subdistrict:
    return gate.save(Subdistrict(code="jiedao", name="河畔街道"), by=SYSTEM)


@pytest.fixture
def community(subdistrict: Subdistrict) -> Community:
    return gate.save(Community(code="xinhe", name="新河社区", subdistrict=subdistrict), by=SYSTEM)


@pytest.fixture
def other_community(subdistrict: Subdistrict) -> Community:
    return gate.save(
        Community(code="dongfang", name="东方社区", subdistrict=subdistrict), by=SYSTEM
    )


@pytest.fixture
def estate(community: Community) -> Estate:
    return gate.save(Estate(community=community, code="wanda", name="万达华府"), by=SYSTEM)


@pytest.fixture
def building(estate: Estate) -> Building:
    return gate.save(Building(community=estate.community, estate=estate, name="3"), by=SYSTEM)


@pytest.fixture
def venue(community: Community) -> Venue:
    return gate.save(
        Venue(community=community, code="theatre", name="小马扎剧场", kind="stool_theatre"),
        by=SYSTEM,
    )


def new_event(venue: Venue, **values: Any) -> LegalEducationEvent:
    """An unsaved event of yesterday at a venue."""
    start = timezone.now().replace(microsecond=0) - datetime.timedelta(days=1)
    given = {
        "community": venue.community,
        "venue": venue,
        "title": "民法典进小区",
        "starts_at": start,
        "ends_at": start + datetime.timedelta(hours=2),
    }
    return LegalEducationEvent(**(given | values))


@pytest.fixture
def event_planned(venue: Venue) -> LegalEducationEvent:
    return gate.save(new_event(venue, code="pf-planned", title="筹备中的活动"), by=SYSTEM)


@pytest.fixture
def event_open(venue: Venue) -> LegalEducationEvent:
    return actions.open_event(gate.save(new_event(venue, code="pf-open"), by=SYSTEM), by=SYSTEM)


def user_with_role(name: str, role: str, **place: Any) -> User:
    """A user who holds one role; the password is demo- and the name."""
    user = User.objects.create_user(name, password=f"demo-{name}", is_staff=role != "resident")
    gate.save(CommunityRole(user=user, role=role, valid_from=TERM_START, **place), by=SYSTEM)
    return user


@pytest.fixture
def worker(community: Community) -> User:
    return user_with_role("worker", "worker", community=community)


@pytest.fixture
def secretary(community: Community) -> User:
    return user_with_role("secretary", "secretary", community=community)


@pytest.fixture
def other_worker(other_community: Community) -> User:
    return user_with_role("dongfang-worker", "worker", community=other_community)


@pytest.fixture
def resident_user(community: Community) -> User:
    return user_with_role("resident", "resident", community=community)


@pytest.fixture
def admin_user(db: None) -> User:
    return User.objects.create_superuser("admin", password="demo-admin")


@pytest.fixture
def actor(worker: User) -> Actor:
    return Actor.of(worker, "test")


@pytest.fixture
def on_postgres() -> bool:
    return django_settings.DATABASES["default"]["ENGINE"].endswith("postgresql")


@pytest.fixture(scope="session")
def _loaded_demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[Any]:
    """Loaded by the first module that wants it."""
    with django_db_blocker.unblock(), demo_database(CHEAP_HASHERS) as loaded:
        yield loaded


@pytest.fixture(scope="module")
def _demo_data(_loaded_demo: Any, django_db_blocker: Any) -> Iterator[None]:
    """The demo's data for a module, in a transaction that never ends well; tests nest in it."""
    with django_db_blocker.unblock():
        _loaded_demo.enter()
        with transaction.atomic():
            _loaded_demo.wake()
            yield
            transaction.set_rollback(True)
        _loaded_demo.leave()


@pytest.fixture
def demo_worker(_demo_data: None, db: None) -> User:
    """The worker of 新河 in the demo's data."""
    return User.objects.get(username="worker")


@pytest.fixture(scope="module")
def live_server(
    django_db_setup: None, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[LiveServer]:
    """A server in a thread, as pytest-django's, whose requests do not share one connection."""
    with django_db_blocker.unblock(), on_disk(tmp_path_factory.mktemp("served")):
        # Everything is imported by now: no page takes so long because it is the first.
        assert get_resolver().url_patterns
        server = LiveServer("localhost")
        yield server
        server.stop()
