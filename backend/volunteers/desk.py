"""What volunteers bring to 今日待办: work, dates, figures, and what is found."""

from typing import Any

from django.db.models import F, Q, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.figures import Counted, Figure, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import local_day
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.core.personal import masked
from backend.people.models import Resident
from backend.people.searching import sought_by
from backend.volunteers.choices import AssignmentStatus, RecordStatus, VolunteerStatus
from backend.volunteers.models import (
    Assignment,
    Certificate,
    ServiceRecord,
    Volunteer,
    VolunteerTeam,
)

_NAME = masked("name", "volunteer__resident__name")


def _to_judge(user: Any) -> QuerySet[Any]:
    return rows_to_do(Volunteer, user, "move").filter(status=VolunteerStatus.APPLIED)


def _to_verify(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(ServiceRecord, user, "verify").filter(status=RecordStatus.SUBMITTED)
    # Nobody verifies their own.
    return rows.exclude(volunteer__resident__user=user.pk)


def _to_tell(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(Assignment, user, "move")
    return rows.filter(status=AssignmentStatus.ACCEPTED, ends_at__lt=timezone.now())


def _verified(user: Any) -> QuerySet[Any]:
    rows: Any = ServiceRecord.objects.visible_to(user)
    return rows.filter(status=RecordStatus.VERIFIED)  # type: ignore[no-any-return]


def _new(user: Any) -> QuerySet[Any]:
    rows: Any = Volunteer.objects.visible_to(user)
    return rows.exclude(status=VolunteerStatus.APPLIED)  # type: ignore[no-any-return]


def hours(minutes: int) -> str:
    """Minutes as hours with one digit, rounded down: nobody is told more than was served."""
    whole, rest = divmod(minutes * 10 // 60, 10)
    return f"{whole:,}.{rest}" if rest else f"{whole:,}"


def hours_as_number(minutes: int) -> int | float:
    """The same as a number."""
    tenths = minutes * 10 // 60
    return tenths // 10 if tenths % 10 == 0 else tenths / 10


def _by_person(user: Any, asked: str) -> Q:
    people = Resident.objects.filter(sought_by(user, asked))
    return Q(resident__in=people.order_by().values("pk"))


waiting(
    Waiting(
        code="volunteers_to_judge",
        label=_("待审核的志愿者申请"),
        act=_("审核"),
        model=Volunteer,
        rows=_to_judge,
        title=masked("name", "resident__name"),
        about=F("skills"),
    )
)
waiting(
    Waiting(
        code="service_hours_to_verify",
        label=_("待核实的服务时长"),
        act=_("核实"),
        model=ServiceRecord,
        rows=_to_verify,
        title=_NAME,
        about=F("content"),
        verb="verify",
    )
)
waiting(
    Waiting(
        code="assignments_to_complete",
        label=_("已结束、待登记到岗的志愿者派工"),
        act=_("登记完成"),
        model=Assignment,
        rows=_to_tell,
        title=_NAME,
        about=F("task"),
        due=local_day("ends_at"),
        verb="complete",
    )
)
figure(
    Figure(
        code="volunteer_minutes",
        label=_("志愿服务时长"),
        unit=_("小时"),
        icon="timer",
        parts=(Counted(_verified, "starts_at", Sum("minutes")),),
        shown=hours,
        number=hours_as_number,
        more_is_better=True,
        charted=True,
    )
)
figure(
    Figure(
        code="volunteers_joined",
        label=_("新加入的志愿者"),
        unit=_("人"),
        icon="diversity_1",
        of_people=True,
        parts=(Counted(_new, "applied_on"),),
        more_is_better=True,
    )
)
findable(
    Findable(
        Volunteer, "diversity_1", masked("name", "resident__name"), F("code"), match=_by_person
    )
)
findable(Findable(VolunteerTeam, "diversity_3", F("name"), F("work")))
findable(Findable(Assignment, "assignment_ind", _NAME, F("task")))
findable(Findable(Certificate, "workspace_premium", F("number"), _NAME))
