"""What several tests of the APIs stand on."""

import pytest

from backend.places.models import Community
from tests.meetings.world import Town, build_town


@pytest.fixture
def town(community: Community) -> Town:
    return build_town(community)
