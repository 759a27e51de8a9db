"""What joint meetings export: the list, and 联席会议台账 as staff keep it, a row an item and task.

The ledger comes in again unchanged: its headings are the importer's.
"""

from typing import Any

from django.db.models import (
    Case,
    CharField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat

from backend.core.exporting.columns import (
    ExportColumn,
    ExportSheet,
    LedgerRows,
    column_of,
    exports,
)
from backend.core.exporting.kinds import Kind
from backend.core.exporting.listed import Listed
from backend.core.words import in_chinese
from backend.meetings.choices import IN_PERSON, ActionStatus, Capacity, MeetingStatus
from backend.meetings.facets import MEETING
from backend.meetings.models import (
    ActionProgress,
    JointMeeting,
    MeetingAttendance,
    RollSeat,
)

HELD = (MeetingStatus.MINUTES_DRAFT, MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED)
_RESOLUTION = "items__resolutions"
_TASK = f"{_RESOLUTION}__action_items"


def _attended() -> Any:
    """The bodies that were there in this sitting: those with a seat, then those that sat in."""
    lines = MeetingAttendance.objects.filter(kind__in=IN_PERSON).filter(
        Q(meeting__noticed_at__isnull=True) | Q(occurred_at__gte=F("meeting__noticed_at"))
    )
    came = lines.filter(meeting=OuterRef("meeting"), seat=OuterRef("seat"))
    seats = RollSeat.objects.filter(
        Exists(came), meeting=OuterRef("pk"), seat__organization__isnull=False
    )
    sat_in = lines.filter(
        meeting=OuterRef("pk"), capacity=Capacity.OBSERVER, organization__isnull=False
    )
    return Concat(
        _listed(seats, Listed("seat__organization__name", "pk")),
        _listed(
            sat_in,
            Concat(Value("、"), Listed("organization__name", "pk"), output_field=TextField()),
        ),
        output_field=TextField(),
    )


def _listed(rows: QuerySet[Any], names: Any) -> Any:
    grouped = rows.order_by().values("meeting").annotate(names=names).values("names")
    return Coalesce(Subquery(grouped), Value(""), output_field=TextField())


def _progress() -> Any:
    """How far a task is, in words: its state, and the last that was said of it."""
    labels: Any = [
        When(**{f"{_TASK}__status": status.value, "then": Value(in_chinese(status.label))})
        for status in ActionStatus
    ]
    lines = ActionProgress.objects.filter(action_item=OuterRef(f"{_TASK}__pk"))
    said = lines.order_by("-occurred_on", "-pk").annotate(
        said=Concat(
            Value("："),
            F("text"),
            Value("（"),
            Cast("occurred_on", CharField()),
            Value("）"),
            output_field=TextField(),
        )
    )
    state = Case(*labels, default=Value(""), output_field=TextField())
    last = Coalesce(Subquery(said.values("said")[:1]), Value(""), output_field=TextField())
    return Concat(state, last, output_field=TextField())


def _told(meetings: QuerySet[Any]) -> QuerySet[Any]:
    """Those that were held, the oldest first, with their items, resolutions and tasks in order."""
    held = JointMeeting.objects.filter(
        pk__in=meetings.order_by().values("pk"), status__in=HELD, items__isnull=False
    )
    return held.order_by(
        "starts_at",
        "pk",
        "items__position",
        "items__pk",
        f"{_RESOLUTION}__number",
        f"{_TASK}__pk",
    )


MEETINGS = exports(
    JointMeeting,
    ExportSheet(
        tuple(column_of(JointMeeting, name) for name in MEETING.exported),
        period="starts_at",
        title="联席会议台账",
        ledger=LedgerRows(
            (
                ExportColumn("moment", "时间", "starts_at", Kind.MOMENT),
                ExportColumn("place", "地点", "place"),
                ExportColumn("chair", "主持人", "chair"),
                ExportColumn("attended", "参会单位", _attended, Kind.LONG),
                ExportColumn("topic", "议题", "items__title", Kind.LONG),
                ExportColumn("resolution", "议定事项", f"{_RESOLUTION}__text", Kind.LONG),
                ExportColumn("responsible", "责任单位", f"{_TASK}__organization__name"),
                ExportColumn("due", "完成时限", f"{_TASK}__due_on", Kind.DAY),
                ExportColumn("progress", "落实情况", _progress, Kind.LONG),
                ExportColumn("remark", "备注", "remark", Kind.LONG),
            ),
            _told,
        ),
    ),
)
