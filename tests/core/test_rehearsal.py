"""A rehearsal leaves nothing behind; what is none is carried out."""

import pytest
from django.db import transaction

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.models import ChangeSet
from backend.core.rehearsal import rehearsal
from backend.places.models import Community, Estate

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(("is_one", "left"), [(True, 0), (False, 1)])
def test_a_rehearsal_leaves_no_row_no_history_and_no_errand(
    community: Community, is_one: bool, left: int, django_capture_on_commit_callbacks: object
) -> None:
    capture: object = django_capture_on_commit_callbacks
    done: list[str] = []
    before = ChangeSet.objects.count()
    with capture(execute=True), rehearsal(is_one):  # type: ignore[operator]
        gate.save(Estate(community=community, name="东苑", code="dongyuan"), by=SYSTEM)
        transaction.on_commit(lambda: done.append("told"))
        assert Estate.objects.filter(code="dongyuan").exists(), "within, it is there"
    assert Estate.objects.filter(code="dongyuan").count() == left
    assert ChangeSet.objects.count() - before == left
    assert len(done) == left


def test_what_goes_on_around_it_stays(community: Community) -> None:
    with transaction.atomic():
        gate.save(Estate(community=community, name="西苑", code="xiyuan"), by=SYSTEM)
        with rehearsal():
            gate.save(Estate(community=community, name="东苑", code="dongyuan"), by=SYSTEM)
    assert list(Estate.objects.values_list("code", flat=True)) == ["xiyuan"]
