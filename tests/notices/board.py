"""A notice, for tests."""

import datetime
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.notices import actions
from backend.notices.models import PublicNotice
from backend.places.models import Community

DAY = datetime.timedelta(days=1)
OFFICE = "社区服务窗口 0371-67890000"


def draft(community: Community, **values: Any) -> PublicNotice:
    """A draft of next week."""
    given = {
        "title": "停水通知",
        "body": "检修期间停水。",
        "contact": OFFICE,
        "until": timezone.localdate() + 7 * DAY,
    }
    return gate.save(PublicNotice(community=community, **(given | values)), by=SYSTEM)


def published(community: Community, *, days_ago: int = 0, **values: Any) -> PublicNotice:
    """One that went up some days ago; give `until` for one that is over."""
    at = timezone.now() - days_ago * DAY
    return actions.publish(draft(community, **values), by=SYSTEM, occurred_at=at)


def over(community: Community, **values: Any) -> PublicNotice:
    """One whose last day was yesterday."""
    return published(community, days_ago=5, until=timezone.localdate() - DAY, **values)


def withdrawn(community: Community, **values: Any) -> PublicNotice:
    """One that was taken down."""
    return actions.withdraw(published(community, **values), by=SYSTEM, reason="时间写错了")
