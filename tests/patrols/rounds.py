"""A grid to walk, for tests."""

from typing import Any

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.patrols import patrolling
from backend.patrols.choices import PointKind
from backend.patrols.models import Patrol
from backend.places.models import Estate, Grid, ResidentGroup
from fixtures.demo import TERM_START


def new_grid(estate: Estate, code: str = "wg-one") -> Grid:
    """A grid of the estate."""
    return gate.save(
        Grid(community=estate.community, code=code, estate=estate, name=f"网格{code}"), by=SYSTEM
    )


def new_group(
    estate: Estate, name: str = "邻里群", *, of_all: bool = False, **values: Any
) -> ResidentGroup:
    """A group of the estate, or of the whole community, that stands."""
    given = {"estate": None if of_all else estate, "started_on": TERM_START} | values
    return gate.save(ResidentGroup(community=estate.community, name=name, **given), by=SYSTEM)


def walked(grid: Grid, *, by: Actor = SYSTEM, shift: str = "morning", **issues: str) -> Patrol:
    """A finished round; `issues`: point -> how it was mended."""
    patrol = patrolling.start_patrol(grid, shift=shift, by=by)
    for kind in PointKind.values:
        if kind in issues:
            patrolling.answer(
                patrol, kind, "issue", by=by, note=f"{kind}有问题", fixed_how=issues[kind]
            )
        else:
            patrolling.answer(patrol, kind, "ok", by=by)
    return patrolling.finish(patrol, by=by)
