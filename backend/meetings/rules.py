"""Rules of joint meetings: pure functions, with no clock of their own."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.meetings.choices import (
    UNFINISHED,
    Capacity,
    ItemStatus,
    MeetingStatus,
    PresenceKind,
    ResolutionKind,
    SeatHolder,
    SeatTier,
    VoteMethod,
    VoteStatus,
)
from backend.meetings.quorum import TRIPARTITE, RolledSeat
from backend.people.choices import OrganizationKind

# --- seats ---------------------------------------------------------------------------------------


def seat_suits_holder(tier: str, holder: str, body: str | None) -> None:
    """Raises: seat_unsuitable. The 1 is the party committee, the 3 are the three bodies."""
    if tier == SeatTier.CORE and body != OrganizationKind.PARTY_COMMITTEE:
        raise RuleViolation("seat_unsuitable", "核心席只能由社区党委担任。", field="organization")
    if tier == SeatTier.TRIPARTITE and body not in TRIPARTITE:
        raise RuleViolation(
            "seat_unsuitable", "三方席只能由居委会、物业公司、业委会担任。", field="organization"
        )
    if tier == SeatTier.EXTENDED and body in (OrganizationKind.PARTY_COMMITTEE, *TRIPARTITE):
        raise RuleViolation(
            "seat_unsuitable", "社区党委和三方不在共建席；请改选席位类别。", field="tier"
        )
    if tier != SeatTier.EXTENDED and holder != SeatHolder.ORGANIZATION:
        raise RuleViolation(
            "seat_unsuitable", "核心席和三方席由单位担任，不由个人担任。", field="holder"
        )


def seat_has_one_holder(holder: str, has_organization: bool, person: str) -> None:
    """Raises: seat_holder_missing; seat_holder_twice."""
    if holder == SeatHolder.ORGANIZATION:
        if not has_organization:
            raise RuleViolation(
                "seat_holder_missing", "请选择担任席位的单位。", field="organization"
            )
        if person.strip():
            raise RuleViolation(
                "seat_holder_twice",
                "单位的席位由单位代表出席，请不要填个人姓名。",
                field="person_name",
            )
        return
    if has_organization:
        raise RuleViolation(
            "seat_holder_twice", "个人席位不选单位；请改选担任方式。", field="organization"
        )
    if not person.strip():
        raise RuleViolation("seat_holder_missing", "请填写担任席位的人。", field="person_name")


def representative_is_theirs(organization: int | None, of: int | None) -> None:
    """Raises: representative_of_another: a body is spoken for by its own people."""
    if of is not None and of != organization:
        raise RuleViolation(
            "representative_of_another",
            "所选代表不是这个单位的，请重新选择。",
            field="representative",
        )


def mandates_do_not_overlap(others: int) -> None:
    """Raises: seat_taken: one body sits once at a time, and there is one core seat."""
    if others:
        raise RuleViolation(
            "seat_taken",
            "同一时期这个席位已有人担任；请先填写原任期的结束日期。",
            field="valid_from",
        )


# --- convening -----------------------------------------------------------------------------------


def notice_is_long_enough(noticed_on: date, held_on: date, days: int) -> None:
    """Raises: notice_too_short. Days are calendar days between the notice and the meeting."""
    given = (held_on - noticed_on).days
    if given < days:
        raise RuleViolation(
            "notice_too_short",
            f"会议通知至少提前 {days} 天发出，现在只有 {max(given, 0)} 天。请把会议改到更晚的日期；"
            "确需提前开的，先在“议事规则”里改提前通知的天数。",
            field="starts_at",
        )


def agenda_is_there(items: int) -> None:
    """Raises: agenda_empty: people are not called together for nothing."""
    if not items:
        raise RuleViolation("agenda_empty", "还没有议题，不能发会议通知。请先添加议题。")


def roll_is_there(roll: Sequence[RolledSeat]) -> None:
    """Raises: roll_empty; core_seat_missing."""
    if not roll:
        raise RuleViolation(
            "roll_empty", "会议当天没有任何在任的席位。请先在“席位”里登记 1+3+N 的席位。"
        )
    if not any(seat.tier == SeatTier.CORE for seat in roll):
        raise RuleViolation(
            "core_seat_missing", "会议当天没有在任的核心席（社区党委）。请先登记核心席。"
        )


def meeting_takes_changes(status: str) -> None:
    """Raises: meeting_is_fixed: time, place and agenda change before the meeting alone."""
    if status not in (MeetingStatus.DRAFT, MeetingStatus.POSTPONED, MeetingStatus.INQUORATE):
        raise RuleViolation(
            "meeting_is_fixed",
            "会议通知发出后，时间、地点和议题不能直接改；请先点“延期”，改好再重新通知。",
        )


def origin_is_not_listed(listed: bool) -> None:
    """Raises: origin_on_agenda: one matter stands on an agenda once."""
    if listed:
        raise RuleViolation("origin_on_agenda", "这件事已经列入本次会议的议题。")


def draft_may_be_deleted(status: str, number: int | None) -> None:
    """Raises: meeting_is_numbered: a number that was given stays; such a meeting is cancelled."""
    if status != MeetingStatus.DRAFT or number is not None:
        raise RuleViolation("meeting_is_numbered", "已经编号的会议不能删除；不开了请点“取消会议”。")


def meeting_is_in_session(status: str) -> None:
    """Raises: meeting_not_in_session."""
    if status != MeetingStatus.IN_SESSION:
        raise RuleViolation("meeting_not_in_session", "会议现在没有在开，不能做这一步。")


def may_open(starts_on: date, today: date) -> None:
    """Raises: meeting_not_today: a meeting opens on its day, or when it is entered later."""
    if today < starts_on:
        raise RuleViolation(
            "meeting_not_today", "还没到开会的日期，不能开会；要提前请先延期再改时间。"
        )


def happened_in_order(occurred_at: datetime, not_before: datetime | None, now: datetime) -> None:
    """Raises: occurred_in_future; occurred_before_opening."""
    if occurred_at > now:
        raise RuleViolation("occurred_in_future", "发生时间不能在将来，请核对。")
    if not_before is not None and occurred_at < not_before:
        raise RuleViolation("occurred_before_opening", "时间早于会议开始的时间，请核对。")


# --- the roll ------------------------------------------------------------------------------------


def roll_names_somebody(
    seat: int | None, organization: int | None, attendee: str, capacity: str
) -> None:
    """Raises: roll_names_nobody; observer_without_vote: who has no seat sits in, and does not vote."""
    if seat is None and organization is None and not attendee.strip():
        raise RuleViolation("roll_names_nobody", "请选择席位，或列席的单位、人员。", field="seat")
    if seat is None and capacity != Capacity.OBSERVER:
        raise RuleViolation(
            "observer_without_vote", "没有席位的单位和个人只能列席，没有表决权。", field="capacity"
        )


def roll_is_called(status: str | None, kind: str) -> None:
    """Raises: meeting_not_in_session. Who cannot come may say so beforehand."""
    early = (PresenceKind.EXCUSED, PresenceKind.ABSENT)
    if status == MeetingStatus.NOTICED and kind in early:
        return
    if status is not None and status != MeetingStatus.IN_SESSION:
        raise RuleViolation(
            "meeting_not_in_session", "会议还没有开始或已经结束，不能点名；请假可以在通知后登记。"
        )


# --- items and votes -----------------------------------------------------------------------------


def one_item_at_a_time(active: str | None) -> None:
    """Raises: item_still_active."""
    if active is not None:
        raise RuleViolation(
            "item_still_active", f"“{active}”还在审议；请先点“审议完毕”，再开始下一项。"
        )


def votes_are_counted(open_votes: int) -> None:
    """Raises: vote_still_open."""
    if open_votes:
        raise RuleViolation(
            "vote_still_open", f"还有 {open_votes} 项表决没有计票；请先计票或作废。"
        )


def item_can_be_voted_on(active: bool) -> None:
    """Raises: item_not_active: people vote on what lies on the table."""
    if not active:
        raise RuleViolation("item_not_active", "这项议题现在没有在审议；请先点“开始审议”。")


def item_was_dealt_with(status: str) -> None:
    """Raises: item_not_active: nobody has agreed on what was not talked about."""
    if status not in (ItemStatus.ACTIVE, ItemStatus.DONE):
        raise RuleViolation(
            "item_not_active", "这项议题还没有审议或已转下次会议，不能形成决议；请先“开始审议”。"
        )


def ballots_suit_method(method: str, named: bool) -> None:
    """Raises: vote_is_secret; vote_is_open. Of a secret vote only the counts are known."""
    if named and method == VoteMethod.SECRET:
        raise RuleViolation("vote_is_secret", "无记名投票只登记总票数，不登记谁投了什么。")
    if not named and method == VoteMethod.OPEN:
        raise RuleViolation("vote_is_open", "记名表决按席位登记，不直接填总票数。")


def vote_takes_ballots(status: str) -> None:
    """Raises: vote_is_over: what is counted stays as it was counted."""
    if status != VoteStatus.OPEN:
        raise RuleViolation(
            "vote_is_over", "这项表决已经计票或作废，不能再改票；有误请作废后重新表决。"
        )


def seat_may_vote(entitled: bool) -> None:
    """Raises: seat_may_not_vote."""
    if not entitled:
        raise RuleViolation(
            "seat_may_not_vote", "这个席位在提请表决时不在场或没有表决权，不能计票。"
        )


def vote_made_no_resolution(made: bool) -> None:
    """Raises: vote_has_resolution."""
    if made:
        raise RuleViolation("vote_has_resolution", "这项表决已经形成决议，不能作废。")


def resolution_suits_vote(carried: bool) -> None:
    """Raises: motion_not_carried."""
    if not carried:
        raise RuleViolation("motion_not_carried", "这项表决没有通过，不能形成决议。")


def joint_meeting_only_recommends(owner_matter: str, kind: str) -> None:
    """Raises: owners_decide: on the matters of Civil Code art. 278 the owners decide together."""
    if owner_matter and kind != ResolutionKind.RECOMMENDATION:
        raise RuleViolation(
            "owners_decide",
            "这是业主共同决定的事项（民法典第二百七十八条），联席会议只能提出建议。",
            field="kind",
        )


def number_stays() -> None:
    """Raises: number_stays: the next one could not be told from the one that is gone."""
    raise RuleViolation("number_stays", "决议已经编号，不能删除；内容有误请修改，或另作决议。")


# --- minutes -------------------------------------------------------------------------------------


def resolutions_have_actions(without: Sequence[str]) -> None:
    """Raises: resolution_without_action: what nobody is to do will not be done."""
    if without:
        raise RuleViolation(
            "resolution_without_action",
            f"{'、'.join(without)}还没有落实事项；请写明责任单位和完成时限，再确认纪要。",
        )


def minutes_are_there(text: str) -> None:
    """Raises: minutes_empty."""
    if not text.strip():
        raise RuleViolation("minutes_empty", "纪要还是空的；请先生成或填写纪要。", field="text")


def minutes_start_from(based_on: int, current: int) -> None:
    """Raises: minutes_conflict when somebody has saved in between."""
    if based_on != current:
        raise RuleViolation(
            "minutes_conflict",
            f"您打开的是第 {based_on} 稿，其间有人保存了第 {current} 稿。"
            "您的文字已另存，没有丢失；请对照两稿，改好再保存。",
            field="text",
        )


def minutes_take_changes(status: str) -> None:
    """Raises: minutes_are_fixed."""
    if status != MeetingStatus.MINUTES_DRAFT:
        raise RuleViolation(
            "minutes_are_fixed", "只有“纪要起草中”的会议可以改纪要；已确认的请先点“退回修改”。"
        )


def outcome_takes_changes(status: str) -> None:
    """Raises: minutes_are_fixed: resolutions and tasks are written until minutes are confirmed."""
    if status not in (MeetingStatus.IN_SESSION, MeetingStatus.MINUTES_DRAFT):
        raise RuleViolation(
            "minutes_are_fixed", "决议和落实事项在开会和起草纪要时登记；已确认的请先点“退回修改”。"
        )


def minutes_are_publishable(texts: Mapping[str, tuple[str, str]], known: Collection[str]) -> None:
    """Raises: text_has_personal_data for a phone, an identity number, a room or a known name."""
    require_publishable(texts, known)


def written_once(changed: bool) -> None:
    """Raises: ledger_only_grows: revisions, roll and ballots of a counted vote stay as written."""
    if changed:
        raise RuleViolation("ledger_only_grows", "这里只增不改；写错了请再登记一笔。")


def only_ledgers_are_void(from_ledger: bool) -> None:
    """Raises: not_from_ledger: a meeting that was held here took place."""
    if not from_ledger:
        raise RuleViolation(
            "not_from_ledger", "只有从台账补录的会议可以作废；在系统里开过的会请用“退回修改”。"
        )


def nobody_has_verified(verified: int) -> None:
    """Raises: meeting_has_work."""
    if verified:
        raise RuleViolation(
            "meeting_has_work", f"已有 {verified} 项落实事项通过核验，会议不能作废。"
        )


# --- action items --------------------------------------------------------------------------------


def is_overdue(status: str, due_on: date, today: date) -> bool:
    """Whether it should have been done by now; the due day itself is still in time."""
    return status in UNFINISHED and today > due_on


def due_after_meeting(due_on: date, met_on: date) -> None:
    """Raises: due_too_early."""
    if due_on < met_on:
        raise RuleViolation("due_too_early", "完成时限不能早于开会的日期，请核对。", field="due_on")


LONGEST_TERM = 500


def term_is_sensible(working_days: int) -> None:
    """Raises: due_too_far."""
    if not 0 < working_days <= LONGEST_TERM:
        raise RuleViolation(
            "due_too_far",
            f"完成时限应在 1 到 {LONGEST_TERM} 个工作日之间，请核对。",
            field="working_days",
        )


def another_person_verifies(done_by: object, verified_by: object) -> None:
    """Raises: verifier_is_doer: nobody verifies what they have reported as done themselves."""
    if done_by is not None and done_by == verified_by:
        raise RuleViolation("verifier_is_doer", "办结是您自己报告的，需要另一位工作人员来核验。")


def report_says_something(text: str) -> None:
    """Raises: report_empty."""
    if not text.strip():
        raise RuleViolation("report_empty", "请写明办了什么、结果怎样。", field="text")


def action_takes_reports(status: str) -> None:
    """Raises: action_is_over."""
    if status not in UNFINISHED:
        raise RuleViolation(
            "action_is_over", "这项已经报告办结，不再登记进展；没有办好请先“退回重办”。"
        )


def day_is_past(day: date, today: date) -> None:
    """Raises: occurred_in_future."""
    if day > today:
        raise RuleViolation("occurred_in_future", "日期不能在将来，请核对。", field="occurred_on")


def something_was_reported(lines: int) -> None:
    """Raises: report_missing: nobody can verify what nobody has described."""
    if not lines:
        raise RuleViolation("report_missing", "还没有任何进展记录；请先写明办了什么，再报告办结。")
