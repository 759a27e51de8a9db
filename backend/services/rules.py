"""Rules of services and bookings (domain part 2, system 10): pure functions."""

from datetime import date, datetime, timedelta

from backend.core.errors import RuleViolation
from backend.services.choices import BookingStatus, ItemStatus, SlotStatus

LARGEST_CAPACITY = 500
FURTHEST_DAYS = 180
LONGEST_HOLD = 72
HIGHEST_RATING = 5
# How many days before and after a slot the names of its people are printed.
DAY_SHEET_DAYS = 7


# --- items and slots -----------------------------------------------------------------------------


def item_terms_hold(
    capacity: int, days_ahead: int, cancel_hours: int, hold_hours: int, quota: int | None
) -> None:
    """Raises: capacity_invalid; days_ahead_invalid; hours_invalid; quota_invalid."""
    capacity_is_credible(capacity)
    if not 1 <= days_ahead <= FURTHEST_DAYS:
        raise RuleViolation(
            "days_ahead_invalid",
            f"可提前预约的天数应在 1 到 {FURTHEST_DAYS} 之间。",
            field="days_ahead",
        )
    if not 0 <= cancel_hours <= 24 * 14:
        raise RuleViolation("hours_invalid", "小时数应在 0 到 336 之间。", field="cancel_hours")
    if not 0 <= hold_hours <= LONGEST_HOLD:
        raise RuleViolation(
            "hours_invalid", f"小时数应在 0 到 {LONGEST_HOLD} 之间。", field="hold_hours"
        )
    if quota is not None and quota < 1:
        raise RuleViolation("quota_invalid", "每人次数应是 1 以上；不限请留空。", field="quota")


def capacity_is_credible(capacity: int | None) -> None:
    """Raises: capacity_invalid. The unit is bookings."""
    if capacity is not None and not 1 <= capacity <= LARGEST_CAPACITY:
        raise RuleViolation(
            "capacity_invalid", f"名额应在 1 到 {LARGEST_CAPACITY} 之间。", field="capacity"
        )


def slot_ends_after_it_starts(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises: slot_ends_before_start. The interval is half-open: [starts_at, ends_at)."""
    if starts_at is not None and ends_at is not None and ends_at <= starts_at:
        raise RuleViolation(
            "slot_ends_before_start", "结束时间应晚于开始时间，请核对。", field="ends_at"
        )


def slot_is_to_come(ends_at: datetime, now: datetime) -> None:
    """Raises: slot_over."""
    if now >= ends_at:
        raise RuleViolation("slot_over", "这个时段已经过去，请新建时段。")


def capacity_holds_booked(capacity: int | None, taken: int) -> None:
    """Raises: capacity_below_booked: nobody loses a place because a number is changed."""
    if capacity is not None and taken > capacity:
        raise RuleViolation(
            "capacity_below_booked",
            f"这个时段已有 {taken} 个预约，名额不能少于这个数。请先和预约的人商量，取消几个再改。",
            field="capacity",
        )


def slot_keeps_item(changed: bool, booked: int) -> None:
    """Raises: slot_has_bookings: who has booked a haircut does not find a blood test."""
    if changed and booked:
        raise RuleViolation(
            "slot_has_bookings",
            f"这个时段已有 {booked} 个预约，不能改成别的服务。请另建时段。",
            field="item",
        )


def slot_moves_with_word(moved: bool, told: bool, booked: int) -> None:
    """Raises: slot_has_bookings: whoever has booked, or waits, is told of another time or place."""
    if moved and booked and not told:
        raise RuleViolation(
            "slot_has_bookings",
            f"这个时段已有 {booked} 人预约或候补，改时间、地点要通知他们：请在时段页面上改。",
            field="starts_at",
        )


# --- bookings ------------------------------------------------------------------------------------


def item_takes_bookings(status: str | None) -> None:
    """Raises: service_paused."""
    if status is not None and status != ItemStatus.OPEN:
        raise RuleViolation(
            "service_paused", "这项服务暂停预约，请留意社区通知，或打电话问社区。", field="slot"
        )


def slot_takes_bookings(status: str, ends_at: datetime, now: datetime) -> None:
    """Raises: slot_cancelled; slot_over."""
    if status != SlotStatus.OPEN:
        raise RuleViolation("slot_cancelled", "这个时段已取消，请另选时段。", field="slot")
    if now >= ends_at:
        raise RuleViolation("slot_over", "这个时段已经结束，请另选时段。", field="slot")


def may_book_oneself(
    starts_at: datetime, starts_on: date, days_ahead: int, now: datetime, today: date
) -> None:
    """Raises: slot_over; slot_too_far. For those who book by themselves: staff may book at any time.

    The furthest day counts whole days from today in local time, so that a slot opens at midnight.
    """
    if now >= starts_at:
        raise RuleViolation(
            "slot_over", "这个时段已经开始，不能自己预约；请打电话问社区。", field="slot"
        )
    if starts_on > today + timedelta(days=days_ahead):
        raise RuleViolation(
            "slot_too_far",
            f"最早提前 {days_ahead} 天预约，请到时候再来。",
            field="slot",
        )


def there_is_room(free: int, waiting: int) -> None:
    """Raises: slot_full. Who waits goes first: while there is a line, nobody books past it."""
    if free < 1:
        raise RuleViolation(
            "slot_full",
            "这个时段已约满。可以排入候补，有空位会依次通知；或另选时段。",
            field="slot",
        )
    if waiting:
        raise RuleViolation(
            "slot_full",
            f"空出的名额要先给候补的 {waiting} 个人。可以排入候补，有空位会依次通知。",
            field="slot",
        )


def waitlist_takes(on: bool, free: int, waiting: int) -> None:
    """Raises: waitlist_off; places_free while one can still book."""
    if not on:
        raise RuleViolation("waitlist_off", "这项服务不设候补，请另选时段。", field="slot")
    if free > 0 and not waiting:
        raise RuleViolation("places_free", "还有名额，不用候补，请直接预约。", field="slot")


def booker_is_named(name: str, by_account: bool) -> None:
    """Raises: booker_missing: a booking is somebody's."""
    if not name.strip():
        message = "请写明姓名。" if by_account else "请选择居民，或写明姓名和联系电话。"
        raise RuleViolation("booker_missing", message, field="name")


def proxy_is_reachable(proxy_name: str, proxy_phone: str) -> None:
    """Raises: proxy_incomplete: who books for somebody else is named, and can be rung."""
    if bool(proxy_name.strip()) != bool(proxy_phone.strip()):
        raise RuleViolation(
            "proxy_incomplete",
            "代约人请同时写明姓名和电话。",
            field="proxy_phone" if proxy_name.strip() else "proxy_name",
        )


def quota_is_left(booked: int, quota: int | None) -> None:
    """Raises: quota_reached. Counted a person, item and calendar month of the slot."""
    if quota is not None and booked >= quota:
        raise RuleViolation(
            "quota_reached",
            f"这项服务每人每月最多约 {quota} 次，这个月已经约满。请约下个月，把机会留给别人。",
            field="slot",
        )


def may_still_cancel(
    starts_at: datetime, cancel_hours: int, now: datetime, self_service: bool
) -> None:
    """Raises: cancel_too_late. The cut-off is for those who cancel themselves."""
    if self_service and now >= starts_at - timedelta(hours=cancel_hours):
        raise RuleViolation("cancel_too_late", "已过自助取消的时间；实在来不了，请打电话告诉社区。")


def slot_has_begun(starts_at: datetime, now: datetime) -> None:
    """Raises: slot_not_started: nobody was served, or stayed away, before it began."""
    if starts_at > now:
        raise RuleViolation("slot_not_started", "时段还没开始，不能标记已服务或未到。")


def day_is_near(day: date, today: date) -> None:
    """Raises: day_too_far, for names on paper before or after they are needed."""
    if not today - timedelta(days=DAY_SHEET_DAYS) <= day <= today + timedelta(days=DAY_SHEET_DAYS):
        raise RuleViolation(
            "day_too_far",
            f"只能打印前后 {DAY_SHEET_DAYS} 天内带姓名的服务单，请到时再打印。",
            field="on",
        )


def offer_stands(held_until: datetime | None, now: datetime) -> None:
    """Raises: offer_lapsed."""
    if held_until is not None and now >= held_until:
        raise RuleViolation(
            "offer_lapsed", "保留的时间已过，名额已给后面的人。还想来可以再排候补。"
        )


def held_for(now: datetime, hold_hours: int, starts_at: datetime) -> datetime | None:
    """Until when a place that fell free is held for the next in line; None: it is given outright.

    Never beyond the beginning of the slot: half the time that is left, where that is less.
    """
    if hold_hours == 0:
        return None
    left = starts_at - now
    if left <= timedelta(0):
        return None
    return now + min(timedelta(hours=hold_hours), left / 2)


def rating_is_credible(rating: int | None, status: str) -> None:
    """Raises: rating_invalid; rating_too_early."""
    if rating is None:
        return
    if not 1 <= rating <= HIGHEST_RATING:
        raise RuleViolation(
            "rating_invalid", f"评分应是 1 到 {HIGHEST_RATING} 的整数。", field="rating"
        )
    if status not in (BookingStatus.SERVED, BookingStatus.RATED):
        raise RuleViolation("rating_too_early", "服务之后才能评价。", field="rating")


def places_are_given(
    slot_status: str, item_status: str, starts_at: datetime, now: datetime
) -> bool:
    """Whether free places still go to those who wait: the slot is on, and has not begun."""
    return slot_status == SlotStatus.OPEN and item_status == ItemStatus.OPEN and now < starts_at
