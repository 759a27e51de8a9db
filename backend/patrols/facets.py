"""What of patrols and digests is shown where. Nothing of it is open data."""

from backend.core.facets import Facets, register
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint

PATROL = register(
    Facets(
        Patrol,
        form=("community", "code", "grid", "day", "shift", "patroller", "started_at"),
        listed=("day", "shift", "grid", "patroller", "status"),
        searched=("=code", "grid__name"),
        filtered=("status", "shift", "estate", "grid", "community"),
        exported=("code", "day", "shift", "estate", "grid", "started_at", "finished_at", "status"),
    )
)
POINT = register(
    Facets(
        PatrolPoint,
        form=("code", "patrol", "kind", "result", "note", "fixed_how"),
        listed=("patrol", "kind", "result", "note", "fixed_how", "handling", "demand"),
        searched=("=code", "=demand__code", "note", "fixed_how", "patrol__grid__name"),
        filtered=("result", "handling", "kind", "community"),
        exported=("code", "kind", "result", "note", "fixed_how", "handling", "demand"),
    )
)
DIGEST = register(
    Facets(
        DailyDigest,
        form=("community", "code", "estate", "day", "text"),
        listed=("day", "estate", "patrols", "issues", "status"),
        searched=("=code", "estate__name", "text"),
        filtered=("status", "estate", "community"),
        exported=(
            "code",
            "day",
            "estate",
            "patrols",
            "points",
            "issues",
            "fixed_on_spot",
            "passed_on",
            "status",
            "published_at",
            "edition",
            "text",
        ),
    )
)
POST = register(
    Facets(
        GroupPost,
        form=("digest", "group", "edition", "posted_at"),
        listed=("digest", "group", "edition", "posted_at"),
        searched=("group__name", "=digest__code"),
        filtered=("group", "community"),
        exported=("digest", "group", "edition", "posted_at"),
        attachments=False,
    )
)
