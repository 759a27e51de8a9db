"""Lists and pages of patrols and digests: ten times the rows take no more statements."""

import datetime

import pytest
from django.utils import timezone

from backend.core.access import SYSTEM
from backend.core.errors import ManyViolations
from backend.patrols import digesting, patrolling
from backend.patrols.choices import PointKind
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint
from backend.people.models import User
from backend.places.models import Estate, Grid
from tests.growing import statements_of
from tests.patrols.rounds import new_grid, new_group
from tests.schema.asking import MAIN

pytestmark = pytest.mark.django_db
QUERIES = {
    "patrols": (
        MAIN,
        """{ patrols(first: 50) { totalCount edges { node { code day mine answered issues statusLabel
        grid { name } estate { name } availableActions { name } attachments { code }
        points { kind note demandCode } } } } }""",
    ),
    "points": (
        MAIN,
        """{ patrolPoints(first: 50) { totalCount edges { node { code kindLabel demandCode
        patrol { day } attachments { code } } } } }""",
    ),
    "digests": (
        MAIN,
        """{ dailyDigests(first: 50) { totalCount edges { node { code text statusLabel
        availableActions { name } estate { name } posts { edition group { name } } } } } }""",
    ),
}


def grow(grid: Grid, numbers: range) -> None:
    """So many more rounds, each with its five answers and a published digest."""
    estate = grid.estate
    assert estate is not None
    for number in numbers:
        day = timezone.localdate() - datetime.timedelta(days=number)
        patrol = Patrol(
            community=grid.community,
            grid=grid,
            day=day,
            shift="morning",
            finished_at=timezone.now(),
        )
        points = [
            PatrolPoint(
                community=grid.community,
                kind=kind,
                result="issue",
                note="有问题",
                fixed_how="当场解决",
            )
            for kind in PointKind.values
        ]
        patrolling.record_walked([(patrol, points)], by=SYSTEM)
        digest = DailyDigest(community=grid.community, estate=estate, day=day, text="一切正常。")
        group = new_group(estate, f"群{number}")
        digesting.record_published([(digest, timezone.now(), [group])], by=SYSTEM)


@pytest.mark.slow
def test_lists_and_pages_cost_the_same_for_ten_times_the_rows(estate: Estate, worker: User) -> None:
    grid = new_grid(estate)
    grow(grid, range(2))
    pages = {
        name: f"/admin/patrols/{name}/"
        for name in ("patrol", "patrolpoint", "dailydigest", "grouppost")
    }
    pages |= {
        "board": "/admin/patrols/dailydigest/board/",
        "patrol": f"/admin/patrols/patrol/{Patrol.objects.all()[0].pk}/change/",
        "phone": "/patrols/",
    }
    statements_of(worker, pages, QUERIES)  # What is asked once a process.
    few = statements_of(worker, pages, QUERIES)
    grow(grid, range(2, 20))
    for n in range(10):
        new_grid(estate, f"wg-more-{n}")
    assert GroupPost.objects.count() == DailyDigest.objects.count() == 20
    assert statements_of(worker, pages, QUERIES) == few


def test_rounds_told_afterwards_are_judged_as_those_walked(estate: Estate) -> None:
    grid = new_grid(estate)
    waits = PatrolPoint(community=grid.community, kind="safety", result="issue", note="有问题")
    patrol = Patrol(community=grid.community, grid=grid, day=timezone.localdate(), shift="morning")
    with pytest.raises(ManyViolations) as caught:
        patrolling.record_walked([(patrol, [waits])], by=SYSTEM)
    assert [one.code for one in caught.value.by_index.values()] == ["points_missing"]
    assert not Patrol.objects.exists()
