"""People to tell things, and what went out to them."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.conf import settings as django_settings

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident, User

VALUES = {"event_title": "民法典进小区", "starts_at": "11月28日 14:00", "place": "小马扎剧场"}
# Invented, and looked for wherever it must not be.
PHONE = "13900007788"


@pytest.fixture(autouse=True)
def _awake(settings: Any) -> None:
    """No quiet hours: a test means the same at night."""
    settings.QUIET_HOURS = "-"


@pytest.fixture
def neighbour(community: Any, resident_user: User) -> Resident:
    """A resident with an account and a phone."""
    row = Resident(community=community, name="王秀兰", phone=PHONE, user=resident_user)
    return gate.save(row, by=SYSTEM)


@pytest.fixture
def elder(community: Any) -> Resident:
    """A resident without an account."""
    row = Resident(community=community, name="赵德福", phone="13900007799")
    return gate.save(row, by=SYSTEM)


def outbox() -> list[dict[str, Any]]:
    """What the file channel holds."""
    return [
        orjson.loads(line)
        for path in sorted(Path(django_settings.OUTBOX_DIR).glob("*.jsonl"))
        for line in path.read_bytes().splitlines()
    ]
