"""Ten times the rooms, votes and ballots take no more statements."""

import pytest

from backend.core.access import SYSTEM
from backend.owner_votes import actions
from backend.people.models import User
from backend.places.models import Estate
from tests.owner_votes.conftest import build, new_vote
from tests.schema.statements import QUERIES, statements

pytestmark = pytest.mark.django_db
NAMES = ("main: owners' votes", "main: rooms with their owners", "main: ballots")


@pytest.mark.parametrize("name", [*NAMES, "open data: results of owners' votes"])
def test_more_rows_take_no_more_statements(name: str, estate: Estate, worker: User) -> None:
    assert name in QUERIES
    block = build(estate, {"1-1-101": ("80", "甲"), "1-1-102": ("80", "乙丙")})

    def one_more_vote() -> None:
        vote = actions.open_vote(new_vote(block), by=SYSTEM)
        for head in vote.heads.all():
            actions.cast_of(head, "for", by=SYSTEM)
        actions.publish(actions.count(vote, by=SYSTEM), by=SYSTEM)

    one_more_vote()
    few = statements(worker, name)
    for number in range(1, 11):
        room = block.rooms["1-1-101"]
        more = type(room)(
            community=room.community, building=room.building, unit="9", room=str(number), size=8000
        )
        actions.enter_room(more, [block.owners["甲"], block.owners["丙"]], by=SYSTEM)
    for _ in range(4):
        one_more_vote()
    assert statements(worker, name) == few
