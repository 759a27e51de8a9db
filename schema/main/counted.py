"""The registers that can be counted: by what, in which month, and what is summed."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, Q, Sum

from backend.core.counting import Counted, Dimension, Measure
from backend.demands.choices import Channel, DemandKind, DemandStatus, Urgency
from backend.demands.models import Demand, holds, late
from backend.demands.queries import SOLVED
from backend.education.choices import EventFormat, EventStatus, VenueKind
from backend.education.models import LegalEducationEvent, heads_total
from backend.imports.choices import BatchStatus
from backend.imports.models import ImportBatch
from backend.indicators.models import HotlineMonthlyCount
from backend.meetings.choices import ActionStatus, MeetingStatus, ResolutionKind
from backend.meetings.models import ActionItem, JointMeeting, Resolution
from backend.services import seats
from backend.services.choices import BookingSource, BookingStatus, SlotStatus
from backend.services.models import ServiceBooking, Slot
from backend.volunteers.choices import RecordSource, RecordStatus
from backend.volunteers.models import ServiceRecord
from schema.main.action_items import ActionItemFilter
from schema.main.demand_types import DemandFilter
from schema.main.education import LegalEducationEventFilter
from schema.main.hotline_types import HotlineMonthlyCountFilter
from schema.main.imports import ImportBatchFilter
from schema.main.meetings import JointMeetingFilter, ResolutionFilter
from schema.main.service_types import ServiceBookingFilter, SlotFilter
from schema.main.volunteer_filters import ServiceRecordFilter


@dataclass(frozen=True)
class Root:
    """A root that counts: its name, the name its types begin with, the filters of its list."""

    field: str
    type_name: str
    filters: Any
    description: str
    counted: Counted


def _status(choices: Any) -> Dimension:
    return Dimension("status", "status", choices)


_COMMUNITY = Dimension("community", "community__code", "community__name")
_SERVED = (BookingStatus.SERVED, BookingStatus.RATED)

COUNTED = (
    Root(
        "legal_education_event_counts",
        "LegalEducationEvent",
        LegalEducationEventFilter,
        "Events by the month in which they begin.",
        Counted(
            LegalEducationEvent,
            "starts_at",
            (
                Dimension("kind", "venue__kind", VenueKind, "the kind of venue."),
                Dimension("format", "format", EventFormat),
                Dimension("venue", "venue__code", "venue__name"),
                Dimension("topic", "topic", "topic"),
                _status(EventStatus),
                _COMMUNITY,
            ),
            (
                Measure(
                    "heads",
                    Sum("_heads"),
                    "Attendance and head-counts together: heads (人次), none counted twice.",
                    {"_heads": heads_total},
                ),
            ),
        ),
    ),
    Root(
        "service_booking_counts",
        "ServiceBooking",
        ServiceBookingFilter,
        "Bookings by the month of their slot.",
        Counted(
            ServiceBooking,
            "slot__starts_at",
            (
                Dimension("category", "slot__item__category__code", "slot__item__category__name"),
                Dimension("item", "slot__item__code", "slot__item__title"),
                Dimension("source", "source", BookingSource),
                _status(BookingStatus),
                _COMMUNITY,
            ),
            (
                Measure("served", Count("pk", filter=Q(status__in=_SERVED)), "Who came."),
                Measure(
                    "no_show", Count("pk", filter=Q(status=BookingStatus.NO_SHOW)), "Who did not."
                ),
            ),
        ),
    ),
    Root(
        "slot_counts",
        "Slot",
        SlotFilter,
        "Slots and how they are used, by the month in which they begin.",
        Counted(
            Slot,
            "starts_at",
            (
                Dimension("category", "item__category__code", "item__category__name"),
                Dimension("item", "item__code", "item__title"),
                _status(SlotStatus),
                _COMMUNITY,
            ),
            (
                Measure("capacity", Sum("capacity"), "Places."),
                Measure(
                    "places_taken",
                    Sum("_taken"),
                    "Places that are or were taken.",
                    {"_taken": lambda: seats.places_taken(ServiceBooking.objects)},
                ),
            ),
        ),
    ),
    Root(
        "service_record_counts",
        "ServiceRecord",
        ServiceRecordFilter,
        "Hours of volunteers by the month in which they begin.",
        Counted(
            ServiceRecord,
            "starts_at",
            (
                Dimension(
                    "team",
                    "volunteer__memberships__team__code",
                    "volunteer__memberships__team__name",
                    "who belongs to two teams is counted in both.",
                ),
                Dimension("source", "source", RecordSource),
                _status(RecordStatus),
                _COMMUNITY,
            ),
            (Measure("minutes", Sum("minutes"), "Minutes, in whatever state."),),
        ),
    ),
    Root(
        "demand_counts",
        "Demand",
        DemandFilter,
        "Demands by the month in which they were received; duplicates and invalid ones too, unless "
        "`filters` leave them out.",
        Counted(
            Demand,
            "received_at",
            (
                Dimension("kind", "kind", DemandKind),
                Dimension("channel", "channel", Channel),
                Dimension("category", "category__code", "category__name"),
                Dimension("urgency", "urgency", Urgency),
                Dimension("estate", "estate__code", "estate__name"),
                _status(DemandStatus),
                _COMMUNITY,
            ),
            (
                Measure("resolved", Count("pk", filter=Q(status__in=SOLVED)), "Solved."),
                Measure(
                    "overdue",
                    Count("pk", filter=Q(_late=True)),
                    "Should have been solved by now.",
                    {"_late": lambda: holds(late())},
                ),
            ),
        ),
    ),
    Root(
        "joint_meeting_counts",
        "JointMeeting",
        JointMeetingFilter,
        "Joint meetings by the month in which they are held.",
        Counted(JointMeeting, "starts_at", (_status(MeetingStatus), _COMMUNITY)),
    ),
    Root(
        "resolution_counts",
        "Resolution",
        ResolutionFilter,
        "Resolutions by the month of their meeting.",
        Counted(
            Resolution,
            "meeting__starts_at",
            (Dimension("kind", "kind", ResolutionKind), _COMMUNITY),
        ),
    ),
    Root(
        "action_item_counts",
        "ActionItem",
        ActionItemFilter,
        "Action items by the month in which they are due.",
        Counted(
            ActionItem,
            "due_on",
            (
                _status(ActionStatus),
                Dimension("organization", "organization__code", "organization__name"),
                _COMMUNITY,
            ),
        ),
    ),
    Root(
        "hotline_call_counts",
        "HotlineCall",
        HotlineMonthlyCountFilter,
        "Calls to the hotline by month; `calls` is their number, `count` that of the entries.",
        Counted(
            HotlineMonthlyCount,
            "ended_on",
            (
                Dimension("category", "category__code", "category__name"),
                _COMMUNITY,
            ),
            (Measure("calls", Sum("count"), "Calls (件)."),),
        ),
    ),
    Root(
        "import_batch_counts",
        "ImportBatch",
        ImportBatchFilter,
        "Imports by the month of their upload.",
        Counted(
            ImportBatch,
            "created_at",
            (Dimension("register", "register", "register"), _status(BatchStatus), _COMMUNITY),
            (
                Measure("rows_read", Sum(F("read")), "Rows that were read."),
                Measure("rejected", Sum(F("reject")), "Rows that were refused."),
            ),
        ),
    ),
)
