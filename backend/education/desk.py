"""What legal education brings to 今日待办: work, dates, figures, and what is found."""

from typing import Any

from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.agenda import Dated, dated
from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import local_day
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.core.personal import masked
from backend.education.choices import EventStatus, RegistrationStatus
from backend.education.models import LegalEducationEvent, Registration, Venue, heads_total

_COMING = (EventStatus.PLANNED, EventStatus.OPEN)
_TOOK_PLACE = (EventStatus.HELD, EventStatus.ARCHIVED)


def _held(user: Any) -> QuerySet[Any]:
    rows: Any = LegalEducationEvent.objects.visible_to(user)
    return rows.filter(status__in=_TOOK_PLACE)  # type: ignore[no-any-return]


def _held_with_heads(user: Any) -> QuerySet[Any]:
    return _held(user).alias(desk_heads=heads_total())


def _to_close(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(LegalEducationEvent, user, "move")
    return rows.filter(status=EventStatus.OPEN, ends_at__lt=timezone.now())


def _to_open(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(LegalEducationEvent, user, "move")
    return rows.filter(status=EventStatus.PLANNED)


def _to_archive(user: Any) -> QuerySet[Any]:
    return rows_to_do(LegalEducationEvent, user, "move").filter(status=EventStatus.HELD)


def _to_review(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(Registration, user, "move")
    return rows.filter(status=RegistrationStatus.PENDING)


waiting(
    Waiting(
        code="registrations_to_review",
        label=_("待审核的活动报名"),
        act=_("审核"),
        model=Registration,
        rows=_to_review,
        title=masked("name", "name"),
        about=F("event__title"),
        due=local_day("event__starts_at"),
    )
)
waiting(
    Waiting(
        code="events_to_hold",
        label=_("已结束、待登记为“已举办”的普法活动"),
        act=_("登记为已举办"),
        model=LegalEducationEvent,
        rows=_to_close,
        title=F("title"),
        about=F("venue__name"),
        due=local_day("ends_at"),
        verb="hold",
    )
)
waiting(
    Waiting(
        code="events_to_open",
        label=_("还没开放报名的普法活动"),
        act=_("开放报名"),
        model=LegalEducationEvent,
        rows=_to_open,
        title=F("title"),
        about=F("venue__name"),
        due=local_day("starts_at"),
        verb="open",
    )
)
waiting(
    Waiting(
        code="events_to_archive",
        label=_("待登记人次并归档的普法活动"),
        act=_("登记人次"),
        model=LegalEducationEvent,
        rows=_to_archive,
        title=F("title"),
        about=F("venue__name"),
    )
)
dated(
    Dated(
        code="events",
        label=_("普法活动"),
        icon="gavel",
        model=LegalEducationEvent,
        rows=lambda user: LegalEducationEvent.objects.visible_to(user).filter(status__in=_COMING),
        starts="starts_at",
        title=F("title"),
        place=F("venue__name"),
    )
)
figure(
    Figure(
        code="education_events",
        label=_("普法活动"),
        unit=_("场"),
        icon="gavel",
        parts=(Counted(_held, "starts_at"),),
        more_is_better=True,
    )
)
figure(
    Figure(
        code="education_heads",
        label=_("普法活动人次"),
        unit=_("人次"),
        icon="how_to_reg",
        of_people=True,
        parts=(Counted(_held_with_heads, "starts_at", Sum("desk_heads")),),
        more_is_better=True,
        charted=True,
    )
)
breakdown(
    Breakdown(
        code="education_by_venue",
        label=_("普法活动，按阵地"),
        unit=_("场"),
        counted=Counted(_held, "starts_at"),
        by=F("venue__name"),
    )
)
findable(Findable(LegalEducationEvent, "gavel", F("title"), F("code")))
findable(Findable(Registration, "app_registration", masked("name", "name"), F("event__title")))
findable(Findable(Venue, "theater_comedy", F("name"), F("place")))
