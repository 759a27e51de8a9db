"""What waits is asked by a statement that is kept for a minute, for who stands as before."""

from typing import Any

import pytest
from django.db.models import QuerySet

from backend.core import gate
from backend.core.access import SYSTEM, standing
from backend.core.desk import asking
from backend.core.desk.badges import counts_for
from backend.core.desk.together import word
from backend.core.desk.waiting import counting
from backend.people.models import CommunityRole, User
from backend.places.models import Community, Estate
from tests.conftest import TERM_START


def again(user: User) -> User:
    """The same account in the next request."""
    return User.objects.get(pk=user.pk)


def test_it_is_put_together_once_for_who_stands_the_same(
    worker: User, secretary: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Whenever a minute ends.
    monkeypatch.setattr(asking, "KEPT_SECONDS", 10**10)
    made: list[User] = []

    def parts_of(user: User) -> list[QuerySet[Any]]:
        made.append(user)
        return counting(user, noted=True)

    def ask(user: User) -> list[Any]:
        return asking.told("here", standing(user), lambda: parts_of(user))

    asking._put_together.cache_clear()
    assert ask(worker) == ask(again(worker)) == ask(again(worker))
    assert made == [worker]
    ask(secretary)
    assert made == [worker, secretary]


def test_who_stands_otherwise_is_asked_anew(
    worker: User, community: Community, other_community: Community, estate: Estate
) -> None:
    seen = {standing(again(worker))}
    for place in (
        {"role": "mediator", "community": community},
        {"role": "worker", "community": other_community},
        {"role": "steward", "community": community, "estate": estate},
        {"role": "office", "subdistrict": community.subdistrict},
    ):
        gate.save(CommunityRole(user=worker, valid_from=TERM_START, **place), by=SYSTEM)
        seen.add(standing(again(worker)))
    limited = again(worker)
    limited.limited_to = {"places.see"}  # type: ignore[attr-defined]
    seen.add(standing(limited))
    assert len(seen) == 6


def test_a_role_taken_away_counts_in_the_same_minute(worker: User, event_open: Any) -> None:
    """Nobody goes on seeing numbers of a place that was taken from them."""
    gate.save(event_open, by=SYSTEM)
    before = counts_for(again(worker))
    assert any(tally.waits for tally in before.values())
    role = CommunityRole.objects.get(user=worker)
    role.valid_to = TERM_START
    gate.save(role, by=SYSTEM)
    assert not any(tally.waits for tally in counts_for(again(worker)).values())


def test_nothing_at_all_is_no_question(worker: User) -> None:
    nobody = Community.objects.none().values_list(word("x"), "pk")
    assert asking.told("none", standing(worker), lambda: [nobody]) == []
    assert asking.told("no parts", standing(worker), lambda: []) == []
