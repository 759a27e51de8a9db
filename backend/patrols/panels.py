"""What stands under the forms: a round's five points with their photos, a digest's groups."""

from django.http import HttpRequest

from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.files.attached import prefetched
from backend.patrols.choices import OUT, PointKind
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint


@panel
def patrol_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """What was seen at each point."""
    if not isinstance(record, Patrol):
        return None
    rows = PatrolPoint.objects.visible_to(request.user).filter(patrol=record)
    known = {
        p.kind: p
        for p in rows.prefetch_related(prefetched(request.user, "photos")).select_related("demand")
    }
    points = [(label, known.get(value)) for value, label in PointKind.choices]
    return Panel("patrols/points_panel.html", {"points": points})


@panel
def digest_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """Which groups got it."""
    if not isinstance(record, DailyDigest) or record.status not in OUT:
        return None
    posts = GroupPost.objects.visible_to(request.user).filter(digest=record)
    return Panel(
        "patrols/posts_panel.html",
        {
            "digest": record,
            "posts": posts.select_related("group").order_by("-edition", "group__name"),
        },
    )
