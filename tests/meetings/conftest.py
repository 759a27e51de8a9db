"""The town of the meetings."""

import pytest

from backend.core.access import Actor
from backend.people.models import User
from backend.places.models import Community
from tests.meetings.world import Town, build_town


@pytest.fixture
def town(community: Community) -> Town:
    return build_town(community)


@pytest.fixture
def chair(secretary: User) -> Actor:
    return Actor.of(secretary, "test")
