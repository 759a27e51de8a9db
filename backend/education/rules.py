"""Rules of legal education (domain part 2, system 9): pure functions."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.education.choices import (
    CheckInKind,
    EventFormat,
    EventStatus,
    HeadcountKind,
    RegistrationStatus,
    VenueKind,
)

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


# --- registration --------------------------------------------------------------------------------

LARGEST_GROUP = 10
_WHY_NO_REGISTRATION = {
    EventStatus.PLANNED: "活动还没有开放报名，请留意社区通知。",
    EventStatus.HELD: "活动已经举办，不再报名；到了场的人请登记签到。",
    EventStatus.ARCHIVED: "活动已经归档，不能报名。",
    EventStatus.CANCELLED: "活动已经取消，不能报名。请看看其他活动。",
}


def terms_are_in_order(
    opens_at: datetime | None, closes_at: datetime | None, largest_group: int | None
) -> None:
    """Raises: registration_time_reversed; group_limit_invalid."""
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise RuleViolation(
            "registration_time_reversed",
            "报名截止时间应晚于报名开始时间，请核对。",
            field="registration_closes_at",
        )
    if largest_group is not None and not 1 <= largest_group <= LARGEST_GROUP:
        raise RuleViolation(
            "group_limit_invalid",
            f"每份报名的人数上限应在 1 到 {LARGEST_GROUP} 之间。",
            field="max_group_size",
        )


def capacity_holds_registered(capacity: int | None, taken: int) -> None:
    """Raises: capacity_below_registered: nobody loses a place because a number is changed."""
    if capacity is not None and taken > capacity:
        raise RuleViolation(
            "capacity_below_registered",
            f"已有 {taken} 人报上名，名额不能少于这个数。请先和报名的人商量，取消几份报名再改。",
            field="capacity",
        )


def event_takes_registrations(status: str | None) -> None:
    """Raises: event_not_open unless the event is OPEN."""
    if status is not None and status != EventStatus.OPEN:
        raise RuleViolation(
            "event_not_open", _WHY_NO_REGISTRATION[EventStatus(status)], field="event"
        )


def registration_is_on(
    opens_at: datetime | None, closes_at: datetime | None, now: datetime
) -> None:
    """Raises: registration_not_yet; registration_over. The interval is half-open.

    For those who register themselves: staff may enter a phone call at any time while the event is
    open. Without a closing time registration goes on until the event is marked as held.
    """
    if opens_at is not None and now < opens_at:
        raise RuleViolation("registration_not_yet", "报名还没有开始，请到时间再来。", field="event")
    if closes_at is not None and now >= closes_at:
        raise RuleViolation(
            "registration_over", "报名已经截止；还想参加请打电话问社区。", field="event"
        )


def group_size_fits(size: int | None, largest: int) -> None:
    """Raises: group_size_invalid."""
    if size is not None and not 1 <= size <= largest:
        raise RuleViolation(
            "group_size_invalid", f"一份报名最多 {largest} 人，最少 1 人，请核对。", field="size"
        )


def registrant_is_named(name: str, by_account: bool) -> None:
    """Raises: registrant_missing: a registration is somebody's."""
    if not name.strip():
        message = "请写明姓名。" if by_account else "请选择居民，或写明姓名和联系电话。"
        raise RuleViolation("registrant_missing", message, field="name")


def there_is_room(size: int, free: int | None, waiting: int, small_groups_pass: bool) -> None:
    """Raises: event_full. `free` is None where there is no limit.

    Who waits goes first: while there is a line, nobody registers past it, unless the event lets
    small groups pass.
    """
    if free is not None and size > free:
        left = f"只剩 {free} 个名额，不够 {size} 人" if free > 0 else "名额已满"
        raise RuleViolation(
            "event_full", f"{left}。可以排入候补，有空位会依次通知。", field="event"
        )
    if waiting and not small_groups_pass:
        raise RuleViolation(
            "event_full",
            f"空出的名额要先给候补的 {waiting} 份报名。可以排入候补，有空位会依次通知。",
            field="event",
        )


def group_grows_within(more: int, free: int | None) -> None:
    """Raises: event_full when a registration that has places wants more than are free."""
    if more > 0 and free is not None and more > free:
        raise RuleViolation(
            "event_full", f"只剩 {max(free, 0)} 个名额，人数不能再加 {more} 人。", field="size"
        )


def waitlist_takes(
    on: bool, size: int, free: int | None, waiting: int, small_groups_pass: bool
) -> None:
    """Raises: waitlist_off; places_free while one can still register."""
    if not on:
        raise RuleViolation(
            "waitlist_off", "这场活动不设候补，名额满了就不再报名。请看看其他活动。", field="event"
        )
    if (free is None or size <= free) and (not waiting or small_groups_pass):
        raise RuleViolation("places_free", "还有名额，不用候补，请直接报名。", field="event")


def places_are_given(status: str, ends_on: date, today: date) -> bool:
    """Whether free places still go to those who wait: the event is open and its day not over."""
    return status == EventStatus.OPEN and today <= ends_on


def next_in_line(
    free: int | None, sizes: Sequence[int], small_groups_pass: bool = False
) -> list[int]:
    """Which of those who wait, in order, get the free places: their positions in `sizes`.

    First come, first served: a group too large for what is free holds up those behind it, for else
    it might never get in. An event may let smaller groups pass.
    """
    found = []
    for position, size in enumerate(sizes):
        if free is None or size <= free:
            found.append(position)
            free = None if free is None else free - size
        elif not small_groups_pass:
            break
    return found


def may_still_withdraw(
    status: str, until: datetime | None, now: datetime, self_service: bool
) -> None:
    """Raises: withdraw_too_late. The cut-off is for those who withdraw themselves."""
    if status in (EventStatus.HELD, EventStatus.ARCHIVED):
        raise RuleViolation("withdraw_too_late", "活动已经举办，报名不能再取消。")
    if self_service and until is not None and now >= until:
        raise RuleViolation(
            "withdraw_too_late", "已过自助取消的时间；实在来不了，请打电话告诉社区。"
        )


def nobody_came_on_it(checked_in: bool) -> None:
    """Raises: already_checked_in: whoever came cannot have stayed away."""
    if checked_in:
        raise RuleViolation(
            "already_checked_in", "这份报名的人已经签到，不能取消；签错了请先撤销签到。"
        )


# --- check-in ------------------------------------------------------------------------------------

# How far a phone's clock may be ahead, and how early a door opens.
CLOCK_AHEAD = timedelta(minutes=10)
DOOR_BEFORE = timedelta(days=1)
SELF_BEFORE = timedelta(hours=2)
_WHY_NOT_IN = {
    RegistrationStatus.PENDING: ("registration_pending", "这份报名还没有审核通过。"),
    RegistrationStatus.WAITLISTED: ("registration_waitlisted", "这份报名还在候补。"),
    RegistrationStatus.REJECTED: ("registration_invalid", "这份报名没有通过。"),
    RegistrationStatus.WITHDRAWN: ("registration_invalid", "这份报名已经取消。"),
}


def moment_is_credible(occurred_at: datetime, starts_at: datetime, now: datetime) -> None:
    """Raises: occurred_in_future; occurred_too_early: a phone's clock may be wrong."""
    has_happened(occurred_at, now + CLOCK_AHEAD)
    if occurred_at < starts_at - DOOR_BEFORE:
        raise RuleViolation(
            "occurred_too_early", "时间比活动开始早了一天以上，请核对手机的日期和时间。"
        )


def may_check_oneself_in(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raises: check_in_closed: who signs in on their own phone does so around the event."""
    if not starts_at - SELF_BEFORE <= now < ends_at:
        raise RuleViolation(
            "check_in_closed",
            "现在不是签到时间：活动开始前两小时到结束，可以自己签到。其他时间请找工作人员。",
        )


def ticket_is_known(known: bool) -> None:
    """Raises: ticket_unknown."""
    if not known:
        raise RuleViolation("ticket_unknown", "不认识这个码，请核对是不是这场活动的报名码。")


def registration_lets_in(status: str) -> None:
    """Raises: registration_pending; registration_waitlisted; registration_invalid."""
    if status != RegistrationStatus.CONFIRMED:
        code, message = _WHY_NOT_IN[RegistrationStatus(status)]
        raise RuleViolation(code, f"{message}要让人进场，请写明原因后强制签到。")


def is_no_repeat(kind: str, before: str | None, after: str | None) -> None:
    """Raises: already_checked_in; already_left; not_checked_in.

    `before` and `after` are the entries on either side of this one by the time at which they
    happened: phones that were offline report late, and out of order.
    """
    if kind == CheckInKind.IN and CheckInKind.IN in (before, after):
        raise RuleViolation("already_checked_in", "这位已经签到过了，不用再签。")
    if kind == CheckInKind.OUT and before == CheckInKind.OUT:
        raise RuleViolation("already_left", "这位已经登记过离场。")
    if kind == CheckInKind.VOID and before != CheckInKind.IN:
        raise RuleViolation("not_checked_in", "这位没有签到，没有可撤销的。")


def forced_has_reason(forced: bool, reason: str) -> None:
    """Raises: reason_required."""
    if forced and not reason.strip():
        raise RuleViolation("reason_required", "强制签到需要写明原因。", field="reason")


def companions_are_credible(companions: int | None) -> None:
    """Raises: companions_invalid."""
    if companions is not None and not 0 <= companions < LARGEST_GROUP * 2:
        raise RuleViolation(
            "companions_invalid",
            "同来人数不对，请核对；人多请用“人次登记”。",
            field="companions",
        )


def ledger_only_grows(changed: bool) -> None:
    """Raises: ledger_only_grows: what was scanned stays; a mistake is voided by a new entry."""
    if changed:
        raise RuleViolation("ledger_only_grows", "签到台账只增不改；签错了请用“撤销签到”再记一笔。")
