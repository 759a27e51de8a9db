"""志愿服务 of a community: counts only, and no small one."""

from typing import Any

import graphene

from backend.core.small_cells import SMALLEST_CELL, shown_cell
from backend.volunteers.queries import public_figures


class VolunteerSummary(graphene.ObjectType):
    """志愿服务 of one community, as it is now: nobody is named, and nobody can be found in it."""

    volunteers = graphene.Int(
        description=f"Volunteers who serve now; null for fewer than {SMALLEST_CELL}."
    )
    teams = graphene.Int(description=f"服务队 that serve now; null for fewer than {SMALLEST_CELL}.")
    verified_hours = graphene.Int(
        description="Whole hours, verified by somebody else than who served them, of all times; null "
        f"where fewer than {SMALLEST_CELL} people have served them."
    )


def volunteer_summary(root: Any, info: Any, community: str) -> VolunteerSummary:
    """The summary; zeros for a community without volunteers."""
    found = public_figures(community)
    few = shown_cell(found.people_served) is None
    return VolunteerSummary(
        volunteers=shown_cell(found.active),
        teams=shown_cell(found.teams),
        verified_hours=None if few else found.verified_minutes // 60,
    )
