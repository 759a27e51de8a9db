"""What joint meetings bring to 今日待办: work, dates, figures, and what is found."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.desk.agenda import Dated, dated
from backend.core.desk.figures import Breakdown, Counted, Figure, breakdown, figure
from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import local_day
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.meetings.choices import UNFINISHED, ActionStatus, MeetingStatus
from backend.meetings.models import ActionItem, JointMeeting, Resolution

_TOOK_PLACE = (MeetingStatus.MINUTES_DRAFT, MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED)
_COMING = (MeetingStatus.DRAFT, MeetingStatus.NOTICED, MeetingStatus.IN_SESSION)
_AGAIN = (MeetingStatus.POSTPONED, MeetingStatus.INQUORATE)
_STANDS = ~Q(meeting__status=MeetingStatus.VOID)


def to_finish(user: Any) -> QuerySet[Any]:
    """The action items that are open or in progress, for those who report on them or move them."""
    rows = rows_to_do(ActionItem, user, "move", "report")
    return rows.filter(_STANDS, status__in=UNFINISHED)


def to_verify(user: Any) -> QuerySet[Any]:
    """The action items that are done and wait for somebody to look."""
    rows = rows_to_do(ActionItem, user, "move")
    # Another person than who said so.
    return rows.filter(_STANDS, status=ActionStatus.DONE).exclude(done_by=user.pk)


def _meetings(*states: str) -> Any:
    return lambda user: rows_to_do(JointMeeting, user, "move").filter(status__in=states)


def _to_convene(user: Any) -> QuerySet[Any]:
    return rows_to_do(JointMeeting, user, "convene").filter(status__in=_AGAIN)


def _to_open(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(JointMeeting, user, "move")
    end = timezone.localtime().replace(hour=23, minute=59, second=59)
    return rows.filter(status=MeetingStatus.NOTICED, starts_at__lte=end)


waiting(
    Waiting(
        code="action_items_to_finish",
        label=_("要办结的落实事项"),
        act=_("去落实"),
        model=ActionItem,
        rows=to_finish,
        title=F("title"),
        about=F("organization__name"),
        due=F("due_on"),
        # Where one tells what was done, and that it is done.
        address="task_page",
        key=F("code"),
        deadline=True,
    )
)
waiting(
    Waiting(
        code="action_items_to_verify",
        label=_("待核验的落实事项"),
        act=_("核验"),
        model=ActionItem,
        rows=to_verify,
        title=F("title"),
        about=F("organization__name"),
        verb="verify",
    )
)
waiting(
    Waiting(
        code="meetings_to_open",
        label=_("到了日子、还没开的联席会议"),
        act=_("进入会议工作台"),
        model=JointMeeting,
        rows=_to_open,
        title=F("title"),
        about=F("place"),
        due=local_day("starts_at"),
        address="admin:meetings_meeting_room",
    )
)
waiting(
    Waiting(
        code="meetings_to_convene",
        label=_("要重新通知的联席会议"),
        act=_("去处理"),
        model=JointMeeting,
        rows=_to_convene,
        title=F("title"),
        about=F("place"),
    )
)
waiting(
    Waiting(
        code="minutes_to_confirm",
        label=_("要整理和确认的会议纪要"),
        act=_("写纪要"),
        model=JointMeeting,
        rows=_meetings(MeetingStatus.MINUTES_DRAFT),
        title=F("title"),
        about=F("place"),
        address="admin:meetings_meeting_minutes",
    )
)
waiting(
    Waiting(
        code="minutes_to_publish",
        label=_("待公布的会议纪要"),
        act=_("公布"),
        model=JointMeeting,
        rows=_meetings(MeetingStatus.CONFIRMED),
        title=F("title"),
        about=F("place"),
        verb="publish",
    )
)
dated(
    Dated(
        code="meetings",
        label=_("联席会议"),
        icon="groups",
        model=JointMeeting,
        rows=lambda user: JointMeeting.objects.visible_to(user).filter(status__in=_COMING),
        starts="starts_at",
        title=F("title"),
        place=F("place"),
    )
)
figure(
    Figure(
        code="meetings_held",
        label=_("联席会议"),
        unit=_("次"),
        icon="groups",
        parts=(
            Counted(
                lambda user: JointMeeting.objects.visible_to(user).filter(status__in=_TOOK_PLACE),
                "starts_at",
            ),
        ),
    )
)
figure(
    Figure(
        code="action_items_verified",
        label=_("核验完成的落实事项"),
        unit=_("件"),
        icon="task_alt",
        parts=(
            Counted(
                lambda user: ActionItem.objects.visible_to(user).filter(
                    _STANDS, status=ActionStatus.VERIFIED
                ),
                "done_at",
            ),
        ),
        more_is_better=True,
    )
)
breakdown(
    Breakdown(
        code="action_items_by_status",
        label=_("到期的落实事项，按状态"),
        unit=_("件"),
        counted=Counted(lambda user: ActionItem.objects.visible_to(user).filter(_STANDS), "due_on"),
        by=F("status"),
        words=lambda status: ActionStatus(status).label,
    )
)
findable(Findable(JointMeeting, "groups", F("title"), F("code")))
findable(Findable(Resolution, "gavel", F("text"), F("code")))
findable(Findable(ActionItem, "task_alt", F("title"), F("organization__name")))
