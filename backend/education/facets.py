"""What of legal education is shown where."""

from typing import Any

from django.db.models import Q, QuerySet

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, anonymous_name, hold
from backend.core.masking import ANONYMOUS
from backend.education.choices import PUBLISHED
from backend.education.models import (
    Attendance,
    CheckIn,
    HeadcountEntry,
    LegalEducationEvent,
    Registration,
    Venue,
)
from backend.education.terms import TERMS

KEPT_DAYS = 365


def published_events() -> "QuerySet[LegalEducationEvent]":
    """What anonymous readers may see of the calendar."""
    return LegalEducationEvent.objects.filter(status__in=PUBLISHED)


VENUE = register(
    Facets(
        Venue,
        form=("community", "code", "name", "kind", "place"),
        listed=("name", "kind", "place", "community"),
        searched=("name", "place"),
        filtered=("kind", "community"),
        exported=("code", "name", "kind", "place"),
        public=("code", "name", "kind", "place"),
        public_rows=Venue.objects.all,
    )
)
EVENT = register(
    Facets(
        LegalEducationEvent,
        form=(
            "community",
            "code",
            "title",
            "topic",
            "format",
            "venue",
            "organizer",
            "speaker",
            "starts_at",
            "ends_at",
            "capacity",
            *TERMS,
            "summary",
        ),
        listed=("title", "code", "starts_at", "venue", "speaker", "status"),
        searched=("title", "code", "topic", "speaker"),
        filtered=("status", "format", "venue", "community"),
        imported=(
            "code",
            "title",
            "topic",
            "format",
            "venue",
            "organizer",
            "speaker",
            "starts_at",
            "ends_at",
            "capacity",
            "summary",
        ),
        synonyms=(
            ("code", ("活动编号",)),
            ("title", ("活动主题名称", "名称", "活动")),
            ("topic", ("活动主题", "普法主题")),
            ("venue", ("活动地点", "地点", "场地")),
            ("speaker", ("讲师", "主讲", "授课人")),
            ("starts_at", ("活动时间", "时间", "开始")),
            ("ends_at", ("结束",)),
            ("capacity", ("人数上限", "限额")),
        ),
        natural_key=("code",),
        exported=(
            "code",
            "title",
            "topic",
            "format",
            "venue",
            "organizer",
            "speaker",
            "starts_at",
            "ends_at",
            "capacity",
            "status",
            "summary",
        ),
        # The speaker's name is personal until they agree to be named: it is not public.
        public=(
            "code",
            "title",
            "topic",
            "format",
            "venue",
            "starts_at",
            "ends_at",
            "capacity",
            "status",
        ),
        public_rows=published_events,
    )
)
register(
    Facets(
        Attendance,
        form=(
            "event",
            "resident",
            "name",
            "gender",
            "age",
            "signed_in_at",
            "signed",
            "companions",
            "remark",
        ),
        listed=("event", "name", "gender", "age", "signed_in_at", "signed", "resident"),
        searched=("=name", "event__title", "=event__code"),
        filtered=("event__status", "gender", "signed"),
        exported=(
            "event",
            "name",
            "gender",
            "age",
            "signed_in_at",
            "signed",
            "companions",
            "remark",
        ),
    )
)
register(
    Facets(
        HeadcountEntry,
        form=("event", "kind", "count", "includes_signed_in", "evidence", "remark"),
        listed=("event", "kind", "count", "includes_signed_in", "evidence"),
        searched=("event__title", "=event__code"),
        filtered=("kind",),
        exported=("event", "kind", "count", "includes_signed_in", "evidence", "remark"),
    )
)
register(
    Facets(
        Registration,
        form=("event", "resident", "name", "phone", "size", "source", "note"),
        listed=("event", "name", "phone", "size", "status", "source", "registered_at"),
        searched=("=code", "=name", "event__title", "=event__code"),
        filtered=("status", "source", "event__status"),
        exported=(
            "code",
            "event",
            "name",
            "phone",
            "size",
            "status",
            "queue_number",
            "source",
            "note",
            "registered_at",
        ),
    )
)
register(
    Facets(
        CheckIn,
        form=(
            "event",
            "registration",
            "resident",
            "name",
            "companions",
            "kind",
            "source",
            "device",
            "occurred_at",
            "recorded_at",
            "success",
            "refusal",
            "forced",
            "reason",
        ),
        listed=(
            "event",
            "name",
            "companions",
            "kind",
            "success",
            "refusal",
            "source",
            "device",
            "occurred_at",
            "recorded_at",
            "forced",
        ),
        searched=("=name", "event__title", "=event__code", "=registration__code"),
        filtered=("kind", "success", "source", "forced"),
        exported=(
            "event",
            "name",
            "companions",
            "kind",
            "success",
            "refusal",
            "source",
            "device",
            "occurred_at",
            "recorded_at",
            "forced",
            "reason",
        ),
    )
)
hold(
    Holding(
        code="registrations",
        model=Registration,
        resident="resident",
        shown=("event", "name", "phone", "size", "status", "note", "registered_at"),
        anonymous=lambda row: {
            "resident": None,
            "account": None,
            "name": ANONYMOUS,
            "phone": "",
            "note": "",
        },
        kept_days=KEPT_DAYS,
        since="event__ends_at",
        done=lambda: Q(resident__isnull=True, account__isnull=True, name=ANONYMOUS, phone=""),
        label="活动报名",
    )
)
hold(
    Holding(
        code="check_ins",
        model=CheckIn,
        resident="resident",
        shown=("event", "name", "companions", "kind", "occurred_at", "success"),
        anonymous=lambda row: {"resident": None, "account": None, "name": ANONYMOUS, "reason": ""},
        kept_days=KEPT_DAYS,
        since="event__ends_at",
        done=lambda: Q(resident__isnull=True, account__isnull=True, name=ANONYMOUS, reason=""),
        label="签到台账",
    )
)


def _somebody_came(attendance: Any) -> dict[str, Any]:
    """A head stays a head: the row counts on under a name of its own, tied to nobody."""
    return {"name": anonymous_name(attendance), "resident": None, "remark": ""}


hold(
    Holding(
        code="attendance",
        model=Attendance,
        resident="resident",
        shown=("event", "name", "gender", "age", "signed_in_at", "signed", "remark"),
        anonymous=_somebody_came,
        kept_days=365,
        since="event__starts_at",
        done=lambda: Q(name__startswith=ANONYMOUS),
        label="签到记录",
    )
)
