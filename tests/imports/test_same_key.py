"""The same key twice answers the first upload, to those who may still see it."""

from io import BytesIO

import pytest

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.imports import actions
from backend.imports.actions import Upload, receive
from backend.imports.models import ImportBatch
from backend.imports.sheet import sheet_of
from backend.people.models import CommunityRole, User
from backend.places.models import Community
from schema.main.imports import planned

pytestmark = pytest.mark.django_db
SHEET = "姓名,联系电话\n张安然,13900000001\n".encode()


def received(community: Community, user: User) -> ImportBatch:
    # Asked anew each time, as every request does: roles are read once for a user object.
    by = Actor.of(User.objects.get(pk=user.pk), "test")
    upload = Upload(BytesIO(SHEET), "花名册.csv", len(SHEET))
    return receive(upload, sheet_of("residents"), community=community, by=by, idempotency_key="one")


def test_who_works_elsewhere_now_hears_nothing_of_the_first_upload(
    community: Community, other_community: Community, worker: User
) -> None:
    first = received(community, worker)
    assert received(community, worker) == first, "the control"
    CommunityRole.objects.filter(user=worker).update(community=other_community)
    with pytest.raises(RuleViolation) as refused:
        received(other_community, worker)
    assert refused.value.code == "not_found"
    assert ImportBatch.objects.count() == 1


def test_two_tries_at_one_moment_are_answered_alike(
    community: Community, worker: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = received(community, worker)
    look = actions._received
    # The second one looked before the first had written.
    answers = iter([None])
    monkeypatch.setattr(actions, "_received", lambda *given: next(answers, look(*given)))
    assert received(community, worker) == first
    assert ImportBatch.objects.count() == 1


def test_whoever_plans_second_answers_with_the_plan_that_is_there(
    community: Community, worker: User
) -> None:
    by = Actor.of(worker, "test")
    first, second = received(community, worker), received(community, worker)
    assert planned(first, by).status == "planned"
    assert planned(second, by).status == "planned"
    assert (second.create, ImportBatch.objects.count()) == (1, 1)
