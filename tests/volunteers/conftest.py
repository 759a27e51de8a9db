"""A volunteer who serves, and a slot to help in."""

import pytest

from backend.places.models import Community
from backend.services.models import Slot
from backend.volunteers.models import Volunteer
from tests.services.counter import new_item, new_slot
from tests.volunteers.team import new_volunteer


@pytest.fixture
def volunteer(community: Community) -> Volunteer:
    return new_volunteer(community)


@pytest.fixture
def slot(community: Community) -> Slot:
    return new_slot(new_item(community))
