"""Named reads of red partners, for the pages and both APIs."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from backend.core.asking import asked_by
from backend.core.roles import Role
from backend.partners import rules
from backend.partners.choices import IssueStatus
from backend.partners.models import (
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    RedPartner,
    VanguardPost,
)
from backend.people.models import Representative, User
from backend.people.queries import accounts_in_roles

WEEK = timedelta(days=7)


def defused_at_posts(
    community_id: int, *, since: date | None = None, as_of: date | None = None
) -> QuerySet[IncipientIssue]:
    """The issues found at vanguard posts since a day, and defused up to another (both included).

    By the days on which it happened, whenever it was entered.
    """
    rows = IncipientIssue.objects.filter(
        community=community_id, post__isnull=False, status=IssueStatus.DEFUSED
    )
    if since is not None:
        rows = rows.filter(found_on__gte=since)
    if as_of is not None:
        rows = rows.filter(settled_on__lte=as_of)
    return rows


def why_agreement_cannot(agreement: CoBuildingAgreement, verb: str) -> str | None:
    """Why the rules refuse a move of one agreement today; None if they do not."""
    today = timezone.localdate()
    try:
        if verb == "sign":
            rules.may_be_signed(agreement.signed_on, today, agreement.duties.count())
        elif verb == "activate":
            rules.may_begin(agreement.starts_on, today)
        elif verb == "expire":
            rules.may_expire(agreement.ends_on, today)
    except rules.RuleViolation as refused:
        return refused.message
    return None


asked_by(CoBuildingAgreement, lambda row, verb, by: why_agreement_cannot(row, verb))


def accounts_to_remind(agreement: CoBuildingAgreement) -> list[User]:
    """Who hears of an agreement's end: the partner's representatives of today, and the office."""
    today = timezone.localdate()
    speaking = Representative.objects.valid_on(today).filter(
        organization=agreement.partner.organization_id
    )
    office = accounts_in_roles(agreement.community_id, Role.SECRETARY, Role.WORKER)
    who = Q(pk__in=speaking.exclude(user=None).values("user")) | Q(pk__in=office.values("pk"))
    return list(User.objects.filter(who, is_active=True).order_by("pk"))


def monday_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def rota(partner: RedPartner, monday: date) -> list[dict[str, Any]]:
    """A week of a partner's posts: each post with its seven days, and who is there when."""
    days = [monday + timedelta(days=number) for number in range(7)]
    posts = VanguardPost.objects.filter(agreement__partner=partner, since__lte=days[-1])
    posts = posts.filter(Q(until__isnull=True) | Q(until__gte=monday)).order_by("name", "pk")
    shifts = DutyShift.objects.filter(post__in=posts, day__gte=days[0], day__lte=days[-1])
    by_cell: dict[tuple[int, date], list[DutyShift]] = {}
    for shift in shifts.order_by("starts_at", "pk"):
        by_cell.setdefault((shift.post_id, shift.day), []).append(shift)
    return [
        {"post": post, "days": [by_cell.get((post.pk, day), []) for day in days]} for post in posts
    ]


def issues_of_year(community: str, year: int) -> list[tuple[str, bool, int]]:
    """The issues found in a year in the community of that code: kind, whether defused, how many."""
    rows = IncipientIssue.objects.filter(community__code=community, found_on__year=year)
    counted = rows.order_by("kind", "status").values("kind", "status").annotate(n=Count("pk"))
    return [
        (kind, status == IssueStatus.DEFUSED, count)
        for kind, status, count in counted.values_list("kind", "status", "n")
    ]
