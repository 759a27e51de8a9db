"""Rules of legal education (domain part 2, system 9): pure functions."""

from collections.abc import Collection
from datetime import datetime

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.education.choices import EventFormat, EventStatus, HeadcountKind, VenueKind

RECORDABLE = (EventStatus.OPEN, EventStatus.HELD)
_WHY_NOT = {
    EventStatus.PLANNED: "活动还在筹备中，请先在活动页点“开放报名”，再登记签到。",
    EventStatus.ARCHIVED: "活动已经归档，请先在活动页点“退回补录”，再登记签到。",
    EventStatus.CANCELLED: "活动已经取消，不能登记签到。请核对是不是选错了活动。",
}


def event_ends_after_it_starts(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises: event_ends_before_start. The interval is half-open: [starts_at, ends_at)."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise RuleViolation(
            "event_ends_before_start", "结束时间应晚于开始时间，请核对。", field="ends_at"
        )


def capacity_is_positive(capacity: int | None) -> None:
    """Raises: capacity_invalid. No capacity means no limit on registrations."""
    if capacity is not None and capacity < 1:
        raise RuleViolation(
            "capacity_invalid", "名额应是 1 以上的整数；不限名额请留空。", field="capacity"
        )


def venue_suits_format(venue_kind: str | None, event_format: str) -> None:
    """Raises: venue_unsuitable for an on-site event in the cloud classroom, which has no floor."""
    if venue_kind == VenueKind.CLOUD_CLASSROOM and event_format == EventFormat.ONSITE:
        raise RuleViolation(
            "venue_unsuitable",
            "云课堂是线上阵地；请把形式改为线上，或另选线下阵地。",
            field="venue",
        )


def event_takes_attendance(status: str | None) -> None:
    """Raises: event_not_open unless people can have come: the event is OPEN or HELD.

    A capacity is no obstacle: it limits registrations; who came is recorded even beyond it.
    """
    if status is not None and status not in RECORDABLE:
        raise RuleViolation("event_not_open", _WHY_NOT[EventStatus(status)], field="event")


def event_is_publishable(title: str, topic: str, summary: str, known: Collection[str]) -> None:
    """Raises: text_has_personal_data for a phone, an identity number, a room or a known name.

    The speaker's field may hold a name: it is not public.
    """
    require_publishable(
        {
            "title": ("活动名称", title),
            "topic": ("普法主题", topic),
            "summary": ("活动简介", summary),
        },
        known,
    )


def event_has_begun(starts_at: datetime, now: datetime) -> None:
    """Raises: event_not_started when an event is called held before it began."""
    if starts_at > now:
        raise RuleViolation(
            "event_not_started", "活动还没到开始时间，不能标记为“已举办”。请先核对开始时间。"
        )


def held_is_past(status: str, starts_at: datetime, now: datetime) -> None:
    """Raises: event_not_started for a held event that would begin in the future."""
    if status in (EventStatus.HELD, EventStatus.ARCHIVED) and starts_at > now:
        raise RuleViolation(
            "event_not_started",
            "活动已标记为“已举办”，开始时间不能在将来。请核对时间。",
            field="starts_at",
        )


def has_happened(occurred_at: datetime, now: datetime) -> None:
    """Raises: occurred_in_future: nothing is recorded before it happens."""
    if occurred_at > now:
        raise RuleViolation("occurred_in_future", "发生时间不能在将来，请核对。")


def event_has_heads(heads: int) -> None:
    """Raises: event_without_heads when an event is archived though nobody is known to have come."""
    if heads < 1:
        raise RuleViolation(
            "event_without_heads", "还没有任何签到或人次登记，不能归档。请先导入签到表或登记人次。"
        )


def event_may_be_cancelled(heads: int) -> None:
    """Raises: event_has_attendance: what took place cannot be cancelled."""
    if heads:
        raise RuleViolation(
            "event_has_attendance",
            f"已有 {heads} 人次的签到或登记，活动不能取消。请先核对签到记录和人次登记。",
        )


def headcount_is_credible(count: int | None) -> None:
    """Raises: headcount_invalid. The unit is heads (人次), never distinct people."""
    if count is not None and count < 1:
        raise RuleViolation("headcount_invalid", "人次应是 1 以上的整数。", field="count")


def headcount_has_evidence(evidence: str) -> None:
    """Raises: evidence_missing: a number nobody can check is not counted."""
    if not evidence.strip():
        raise RuleViolation(
            "evidence_missing",
            "请写明依据，例如“现场照片 3 张，存社区档案”或平台后台截图的出处。",
            field="evidence",
        )


def headcount_counts_signed_in_once(kind: str, includes_signed_in: bool) -> None:
    """Raises: overlap_impossible unless only the crowd on the spot can contain signed-in people.

    The same heads are never counted in both: a count that includes the sign-in list contributes
    only what goes beyond the list.
    """
    if includes_signed_in and kind != HeadcountKind.CROWD:
        raise RuleViolation(
            "overlap_impossible",
            "只有现场人群可能与签到重复；线上人次请不要勾选“含已签到的人”。",
            field="includes_signed_in",
        )


def headcount_suits_format(kind: str, event_format: str | None) -> None:
    """Raises: headcount_unsuitable for viewers of an on-site event or a crowd at an online one."""
    online = kind in (HeadcountKind.LIVE_VIEWERS, HeadcountKind.RECORDING_VIEWS)
    if online and event_format == EventFormat.ONSITE:
        raise RuleViolation(
            "headcount_unsuitable", "线下活动没有线上观看人次；请先核对活动形式。", field="kind"
        )
    if kind == HeadcountKind.CROWD and event_format == EventFormat.ONLINE:
        raise RuleViolation(
            "headcount_unsuitable", "线上活动没有现场人群；请先核对活动形式。", field="kind"
        )
