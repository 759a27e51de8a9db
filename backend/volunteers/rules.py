"""Rules of volunteers, assignments and service records (domain part 2, system 8): pure functions."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Any

from backend.core.errors import RuleViolation
from backend.volunteers.choices import RecordStatus, VolunteerStatus

ADULT_YEARS = 18
# Minutes: a night's watch is the longest thing that one person does in one go.
LONGEST_MINUTES = 16 * 60
Interval = tuple[datetime, datetime]


# --- volunteers and teams ------------------------------------------------------------------------


def volunteer_is_somebody(resident_id: int | None) -> None:
    """Raises: volunteer_nameless: a volunteer is a person of the roster."""
    if resident_id is None:
        raise RuleViolation(
            "volunteer_nameless",
            "请选择居民；花名册里没有的人，请先登记到居民花名册。",
            field="resident",
        )


def is_minor(birth_month: str, on: date) -> bool:
    """Whether somebody born in that month (1958-03) is under 18 on the day; unknown is no minor."""
    year, _, month = birth_month.partition("-")
    if not (year.isdecimal() and month.isdecimal()):
        return False
    months = (on.year - int(year)) * 12 + on.month - int(month)
    return months < ADULT_YEARS * 12


def minor_has_guardian(birth_month: str, on: date | None, name: str, phone: str) -> None:
    """Raises: guardian_missing: somebody under 18 has a guardian who agrees, and can be rung."""
    if on is None or not is_minor(birth_month, on):
        return
    if not name.strip() or not phone.strip():
        raise RuleViolation(
            "guardian_missing",
            "申请人未满 18 周岁，请填写同意其参加的监护人姓名和电话。",
            field="guardian_phone" if name.strip() else "guardian_name",
        )


def political_status_is_on(on: bool, value: str) -> None:
    """Raises: political_status_off: nobody writes down what the community has not turned on."""
    if value and not on:
        raise RuleViolation(
            "political_status_off",
            "本社区没有启用“政治面貌”，请留空。要启用，请书记在“个人信息设置”里勾选。",
            field="political_status",
        )


def carried_hours_are_told(minutes: int | None, as_of: date | None, source: str) -> None:
    """Raises: carried_hours_untold: hours from an old roster say of which day, and from where."""
    if minutes and (as_of is None or not source.strip()):
        raise RuleViolation(
            "carried_hours_untold",
            "结转时长请写明截止日期和出处，如“2024 年底志愿者花名册”。",
            field="carried_source" if as_of is not None else "carried_as_of",
        )


def day_is_not_to_come(day: date | None, today: date, field: str) -> None:
    """Raises: day_in_future."""
    if day is not None and day > today:
        raise RuleViolation("day_in_future", "日期还没有到，请核对。", field=field)


def leader_serves(status: str | None) -> None:
    """Raises: leader_not_serving: who leads a team is a volunteer now. None: nobody leads it."""
    if status is not None and status not in (VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED):
        raise RuleViolation(
            "leader_not_serving", "队长应是在册的志愿者，请另选一位。", field="leader"
        )


def team_takes_members(active: bool, status: str) -> None:
    """Raises: team_inactive; volunteer_left."""
    if not active:
        raise RuleViolation("team_inactive", "这支服务队已停用，请另选一支。", field="team")
    volunteer_has_not_left(status)


def volunteer_has_not_left(status: str) -> None:
    """Raises: volunteer_left."""
    if status == VolunteerStatus.LEFT:
        raise RuleViolation(
            "volunteer_left",
            "这位志愿者已退出。要再参加，请先重新申请并通过。",
            field="volunteer",
        )


def may_leave(open_assignments: int, teams_led: int) -> None:
    """Raises: has_assignments; leads_a_team: nobody is left waiting for somebody who has gone."""
    if open_assignments:
        raise RuleViolation(
            "has_assignments",
            f"还有 {open_assignments} 项派工没有完成，请先取消或改派给别人。",
        )
    if teams_led:
        raise RuleViolation("leads_a_team", "是服务队的队长，请先为服务队换一位队长。")


# --- assignments ---------------------------------------------------------------------------------


def target_is_one(targets: Iterable[Any]) -> None:
    """Raises: target_missing; target_twice: an assignment is to exactly one thing."""
    named = sum(target is not None for target in targets)
    if named == 0:
        raise RuleViolation(
            "target_missing",
            "请选择派到哪里：一场活动、一项服务、一个时段或一个摊位。",
            field="event",
        )
    if named > 1:
        raise RuleViolation(
            "target_twice", "一次派工只能派到一处，请只选一项；另一处请另建派工。", field="event"
        )


def interval_runs_forward(starts_at: datetime | None, ends_at: datetime | None) -> None:
    """Raises: ends_before_start; interval_too_long. Half-open: [from, to)."""
    if starts_at is None or ends_at is None:
        return
    if ends_at <= starts_at:
        raise RuleViolation(
            "ends_before_start", "结束时间应晚于开始时间，请核对。", field="ends_at"
        )
    if ends_at - starts_at > timedelta(minutes=LONGEST_MINUTES):
        raise RuleViolation(
            "interval_too_long",
            f"一次服务最长 {LONGEST_MINUTES // 60} 小时，请核对日期；跨天的请分开登记。",
            field="ends_at",
        )


def volunteer_is_active(status: str) -> None:
    """Raises: volunteer_not_active: only those who serve now are assigned."""
    if status != VolunteerStatus.ACTIVE:
        raise RuleViolation(
            "volunteer_not_active",
            "只能派在册的志愿者；这一位还没通过申请、已暂停或已退出。",
            field="volunteer",
        )


def target_is_on(on: bool) -> None:
    """Raises: target_is_off: nobody is sent to what does not take place."""
    if not on:
        raise RuleViolation(
            "target_is_off", "所选的活动或时段已取消或已结束，请另选。", field="event"
        )


def assignment_is_free(interval: Interval, others: Collection[Interval]) -> None:
    """Raises: assignment_overlaps: nobody is in two places at a time."""
    if any(overlap(interval, other) for other in others):
        raise RuleViolation(
            "assignment_overlaps",
            "这位志愿者这段时间已有别的派工，请换时间，或改派别人。",
            field="starts_at",
        )


def has_begun(starts_at: datetime, now: datetime) -> None:
    """Raises: assignment_not_started: nobody has come, or stayed away, before it began."""
    if starts_at > now:
        raise RuleViolation("assignment_not_started", "派工还没开始，不能标记完成或未到岗。")


def may_check_in(checked_in_at: datetime | None, starts_at: datetime, now: datetime) -> None:
    """Raises: already_checked_in; check_in_too_early: an hour before it begins, at the earliest."""
    if checked_in_at is not None:
        raise RuleViolation("already_checked_in", "已经到岗签到，不用再签。")
    if now < starts_at - timedelta(hours=1):
        raise RuleViolation("check_in_too_early", "离开始还早，提前一小时以内才能到岗签到。")


def may_check_out(checked_in_at: datetime | None, checked_out_at: datetime | None) -> None:
    """Raises: not_checked_in; already_checked_out."""
    if checked_in_at is None:
        raise RuleViolation("not_checked_in", "还没有到岗签到，不能签退。请先签到，或补登时长。")
    if checked_out_at is not None:
        raise RuleViolation("already_checked_out", "已经签退，不用再签。")


# --- service records -----------------------------------------------------------------------------


def overlap(one: Interval, other: Interval) -> bool:
    """Whether two half-open intervals share any time."""
    return one[0] < other[1] and other[0] < one[1]


def minutes_of(starts_at: datetime, ends_at: datetime, excluded: int) -> int:
    """Whole minutes of an interval, travel and breaks left out; never below 0."""
    return max(int((ends_at - starts_at).total_seconds()) // 60 - excluded, 0)


def minutes_are_left(minutes: int) -> None:
    """Raises: nothing_left: less than a minute was served."""
    if minutes < 1:
        raise RuleViolation(
            "nothing_left", "扣掉路途和休息后没有时长了，请核对。", field="excluded_minutes"
        )


def record_says_for_what(content: str, links: Iterable[Any]) -> None:
    """Raises: purpose_missing."""
    if not content.strip() and all(link is None for link in links):
        raise RuleViolation(
            "purpose_missing", "请写明做了什么，或选择对应的派工、活动、服务。", field="content"
        )


def record_is_past(ends_at: datetime, now: datetime) -> None:
    """Raises: record_in_future: hours are told once they have been served."""
    if ends_at > now:
        raise RuleViolation(
            "record_in_future", "结束时间还没到，服务完再登记时长。", field="ends_at"
        )


def records_do_not_overlap(interval: Interval, others: Collection[Interval]) -> None:
    """Raises: records_overlap: no minute of a person is counted twice."""
    if any(overlap(interval, other) for other in others):
        raise RuleViolation(
            "records_overlap",
            "这段时间已登记过这位志愿者的时长，不能重复计算；请核对，或先撤销那一条。",
            field="starts_at",
        )


def hours_stay_as_judged(changed: bool, status: str) -> None:
    """Raises: hours_are_fixed: what has been judged is judged; another record tells otherwise."""
    if changed and status != RecordStatus.SUBMITTED:
        raise RuleViolation(
            "hours_are_fixed",
            "已核实、未通过或已撤销的时长不能再改。写错了的，请撤销这一条后另行登记。",
        )


def assignment_is_ones_own(own: bool) -> None:
    """Raises: not_found: a record is of whom the assignment was for."""
    if not own:
        raise RuleViolation("not_found", "没有找到所选的派工，请重新选择。", field="assignment")


def record_may_go(status: str) -> None:
    """Raises: record_verified: verified hours are taken back with a reason, never deleted."""
    if status == RecordStatus.VERIFIED:
        raise RuleViolation("record_verified", "已核实的时长不能删除，请先“撤销核实”。")


def is_judged_by_another(
    account: int | None, own_accounts: Collection[int], account_name: str, person_name: str
) -> None:
    """Raises: own_hours: nobody judges the own hours, by whichever account.

    `own_accounts` are the accounts of the person, and the one that entered the hours as its own. An
    account of the same full name is taken for the person's: staff often have one for work that
    nobody has tied to the roster.
    """
    same_name = bool(account_name) and account_name == person_name
    if (account is not None and account in own_accounts) or same_name:
        raise RuleViolation("own_hours", "自己的服务时长要由别人核实，请交给另一位工作人员办理。")
