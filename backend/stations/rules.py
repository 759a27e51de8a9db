"""Rules of cool stations and their stock (domain part 2, system 10): pure functions."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.core.errors import RuleViolation
from backend.stations.choices import EntryKind, OnHoliday, RefillStatus, StationStatus

LARGEST_AMOUNT = 1_000_000
MOST_DAYS = 60
CLOCK_AHEAD = timedelta(minutes=10)


# --- stations ------------------------------------------------------------------------------------


def season_runs_forward(first: date | None, end: date | None) -> None:
    """Raises: season_reversed. Half-open: the last day does not belong to it."""
    if first is not None and end is not None and end <= first:
        raise RuleViolation(
            "season_reversed",
            "结束日期应晚于开始日期（结束那天不开放），请核对。",
            field="season_to",
        )


def refill_days_hold(days: int | None) -> None:
    """Raises: refill_days_invalid."""
    if days is not None and not 0 <= days <= MOST_DAYS:
        raise RuleViolation(
            "refill_days_invalid", f"补货期限应在 0 到 {MOST_DAYS} 天之间。", field="refill_days"
        )


def hours_run_forward(opens: time | None, closes: time | None, field: str = "closes") -> None:
    """Raises: hours_reversed. Half-open: [opens, closes)."""
    if opens is not None and closes is not None and closes <= opens:
        raise RuleViolation(
            "hours_reversed", "关门时间应晚于开门时间；跨零点的请分成两段。", field=field
        )


def hours_do_not_overlap(own: tuple[time, time], others: Collection[tuple[time, time]]) -> None:
    """Raises: hours_overlap. `others`: the same station's other hours of that weekday."""
    if any(own[0] < closes and opens < own[1] for opens, closes in others):
        raise RuleViolation("hours_overlap", "同一天的开放时间有重叠，请核对。", field="opens")


def exception_is_whole(opens: time | None, closes: time | None) -> None:
    """Raises: exception_incomplete; hours_reversed. Both times, or neither: then it is shut."""
    if (opens is None) != (closes is None):
        raise RuleViolation(
            "exception_incomplete",
            "改了时间的，开门和关门都要填；当天不开的，两个都留空。",
            field="closes" if closes is None else "opens",
        )
    hours_run_forward(opens, closes)


@dataclass(frozen=True)
class Timetable:
    """When a station is open: its state and season, its hours by weekday, and single days.

    `days`: day → (opens, closes), or None where it is shut on that day.
    """

    status: str
    season_from: date
    season_to: date
    on_holiday: str
    hours: Collection[tuple[int, time, time]]
    days: dict[date, tuple[time, time] | None]


def hours_of(timetable: Timetable, day: date, is_holiday: bool) -> list[tuple[time, time]]:
    """The half-open hours in which the station is open on `day`, in their order.

    What is said of a single day counts more than the weekday, and more than a holiday.
    """
    in_season = timetable.season_from <= day < timetable.season_to
    if timetable.status != StationStatus.OPEN or not in_season:
        return []
    if day in timetable.days:
        said = timetable.days[day]
        return [said] if said is not None else []
    if is_holiday and timetable.on_holiday == OnHoliday.REST:
        return []
    return sorted((o, c) for weekday, o, c in timetable.hours if weekday == day.weekday())


def is_open(timetable: Timetable, moment: datetime, is_holiday: bool) -> bool:
    """Whether the station is open at a local moment; the ORM says the same of many (hours.py)."""
    at = moment.time()
    return any(o <= at < c for o, c in hours_of(timetable, moment.date(), is_holiday))


# --- stock ---------------------------------------------------------------------------------------


def threshold_holds(refill_at: int | None) -> None:
    """Raises: threshold_invalid."""
    if refill_at is not None and not 0 <= refill_at <= LARGEST_AMOUNT:
        raise RuleViolation(
            "threshold_invalid", f"补货线应是 0 到 {LARGEST_AMOUNT} 的整数。", field="refill_at"
        )


def amount_is_credible(amount: int | None) -> None:
    """Raises: amount_invalid. The unit is the supply's own, whole."""
    if amount is None or not 1 <= amount <= LARGEST_AMOUNT:
        raise RuleViolation(
            "amount_invalid", f"数量应是 1 到 {LARGEST_AMOUNT} 的整数。", field="quantity"
        )


def signed(kind: str, amount: int) -> int:
    """What an amount does to the stock."""
    return -amount if kind == EntryKind.OUT else amount


def entry_fits_kind(kind: str, quantity: int | None) -> None:
    """Raises: quantity_invalid: in adds, out takes, a correction does either, and none does nothing."""
    fits = quantity is not None and (
        (kind == EntryKind.IN and quantity > 0)
        or (kind == EntryKind.OUT and quantity < 0)
        or (kind == EntryKind.CORRECTION and quantity != 0)
    )
    if not fits or abs(quantity or 0) > LARGEST_AMOUNT:
        raise RuleViolation("quantity_invalid", "数量与类型不符，请核对。", field="quantity")


def entry_says_why(kind: str, reason: str) -> None:
    """Raises: reason_required: a correction without a reason is a guess."""
    if kind == EntryKind.CORRECTION and not reason.strip():
        raise RuleViolation("reason_required", "更正库存需要写明原因。", field="reason")


def stock_suffices(balance: int, quantity: int, unit: str = "") -> None:
    """Raises: stock_short; the message says how much is left. `quantity` is signed."""
    if balance + quantity < 0:
        raise RuleViolation(
            "stock_short",
            f"库存只剩 {balance}{unit}，不够这次的 {-quantity}{unit}。请改数量，或先登记入库。",
            field="quantity",
        )


def balance_is_not_negative(balance: int) -> None:
    """Raises: stock_short: whoever writes it, a stock is never below zero."""
    if balance < 0:
        raise RuleViolation("stock_short", "库存不能小于零，请核对。", field="balance")


def ledger_is_in_step(before: int, quantity: int, after: int, balance: int) -> None:
    """Raises: ledger_out_of_step: an entry goes on from the last one, to what the stock now is."""
    if before + quantity != after or after != balance:
        raise RuleViolation("ledger_out_of_step", "库存刚刚变了，请刷新后重新登记。")


def balance_follows_ledger(was: tuple[int, int], now: tuple[int, int]) -> None:
    """`was` and `now`: (balance, entries). Raises: ledger_out_of_step if one moves without the other."""
    if was != now and now[1] != was[1] + 1:
        raise RuleViolation("ledger_out_of_step", "库存由台账算出，不能直接改；请登记一笔更正。")


def ledger_only_grows(changed: bool) -> None:
    """Raises: ledger_only_grows."""
    if changed:
        raise RuleViolation("ledger_only_grows", "台账只增不改。记错了，请登记一笔更正并写明原因。")


def happened_by_now(occurred_at: datetime | None, now: datetime) -> None:
    """Raises: occurred_in_future; a phone's clock may be a little ahead."""
    if occurred_at is not None and occurred_at > now + CLOCK_AHEAD:
        raise RuleViolation(
            "occurred_in_future", "发生时间在以后，请核对日期。", field="occurred_at"
        )


def count_differs(balance: int, counted: int | None) -> int:
    """What a stock-taking changes. Raises: amount_invalid; count_agrees."""
    if counted is None or not 0 <= counted <= LARGEST_AMOUNT:
        raise RuleViolation(
            "amount_invalid", f"数量应是 0 到 {LARGEST_AMOUNT} 的整数。", field="counted"
        )
    if counted == balance:
        raise RuleViolation(
            "count_agrees", f"盘点数与账面相同（{balance}），不用更正。", field="counted"
        )
    return counted - balance


def correction_changes(now: int, right: int) -> int:
    """What is to be added where `now` is what is written. Raises: count_agrees."""
    if now == right:
        raise RuleViolation("count_agrees", "更正后的数量与原来相同，不用更正。", field="quantity")
    return right - now


def is_corrected_itself(kind: str) -> None:
    """Raises: correction_of_correction: the entry that was wrong is corrected, not its correction."""
    if kind == EntryKind.CORRECTION:
        raise RuleViolation(
            "correction_of_correction", "请更正原来的那一笔；盘点错了，请再盘点一次。"
        )


# --- refills -------------------------------------------------------------------------------------


def is_low(balance: int, threshold: int) -> bool:
    """Whether a refill is due."""
    return balance <= threshold


def refill_is_wanted(status: str, season_to: date, today: date) -> bool:
    """Whether a low stock is refilled at all: not for a station that is closed or out of season."""
    return status != StationStatus.CLOSED and today < season_to


def assignee_is_able(able: bool) -> None:
    """Raises: assignee_unsuitable."""
    if not able:
        raise RuleViolation(
            "assignee_unsuitable",
            "负责人应是管理单位的联系人，或社区书记、社区工作者，请重选。",
            field="assignee",
        )


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Whether a refill is late: derived, never stored."""
    return status == RefillStatus.OPEN and due_on < today


def due_is_credible(raised_on: date, due_on: date | None) -> None:
    """Raises: due_reversed."""
    if due_on is not None and due_on < raised_on:
        raise RuleViolation("due_reversed", "期限早于提出的日期，请核对。", field="due_on")
