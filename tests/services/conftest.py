"""One item and one slot of two places."""

import pytest

from backend.places.models import Community
from backend.services.models import ServiceItem, Slot
from tests.services.counter import new_item, new_slot


@pytest.fixture
def item(community: Community) -> ServiceItem:
    return new_item(community)


@pytest.fixture
def slot(item: ServiceItem) -> Slot:
    return new_slot(item, code="slot-two")
