"""Rules of owners' votes: pure functions."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.publication import require_publishable
from backend.meetings.choices import MeetingStatus, OwnerMatter
from backend.owner_votes.choices import OwnerVoteStatus

# What a sum of areas may come to: what every database and GraphQL's Int can hold.
LARGEST_SUM = 2_000_000_000


# --- the register --------------------------------------------------------------------------------


def owner_is_one(resident: int | None, organization: int | None) -> None:
    """Raises: owner_of_two_kinds: an owner is a person or a body."""
    if resident is not None and organization is not None:
        raise RuleViolation(
            "owner_of_two_kinds",
            "业主要么是居民，要么是单位，请只选一个；共有的请登记两位业主。",
            field="organization",
        )


def room_is_named(room: str) -> None:
    """Raises: room_missing."""
    if not room.strip():
        raise RuleViolation("room_missing", "请填写室号。", field="room")


# --- a vote before it opens ----------------------------------------------------------------------


def organizer_is_suitable(is_property_company: bool) -> None:
    """Raises: organizer_unsuitable: who is hired by the owners does not hold their vote."""
    if is_property_company:
        raise RuleViolation(
            "organizer_unsuitable",
            "业主共同决定由业委会组织，没有业委会的由居委会组织，物业公司不能作组织者。",
            field="organizer",
        )


def matter_is_as_recommended(recommended: str, matter: str) -> None:
    """Raises: not_a_recommendation; recommendation_differs: the owners are asked what was recommended."""
    if not recommended:
        raise RuleViolation(
            "not_a_recommendation",
            "这条决议不是业主共同决定事项的建议，请选联席会议提出的建议，或不填。",
            field="recommendation",
        )
    if recommended != matter:
        raise RuleViolation(
            "recommendation_differs",
            f"联席会议建议的是“{OwnerMatter(recommended).label}”，投票的事项要一致；"
            "不是这条建议的事，请不要选这条建议。",
            field="matter",
        )


def recommendation_is_firm(meeting_status: str) -> None:
    """Raises: recommendation_not_confirmed: until its minutes are confirmed, it may still change."""
    if meeting_status not in (MeetingStatus.CONFIRMED, MeetingStatus.PUBLISHED):
        raise RuleViolation(
            "recommendation_not_confirmed",
            "这次联席会议的纪要还没有确认，建议还可能改；请先确认纪要，再发起投票。",
            field="recommendation",
        )


def texts_tell_nobody(texts: Mapping[str, tuple[str, str]], names: Collection[str]) -> None:
    """Raises: text_has_personal_data: every owner reads them, and later everybody."""
    require_publishable(texts, names)


def draft_alone_goes(status: str) -> None:
    """Raises: owner_vote_begun for deleting what was put before the owners."""
    if status != OwnerVoteStatus.DRAFT:
        raise RuleViolation(
            "owner_vote_begun", "投票已经开始，不能删除；确实不办了请点“取消投票”，写明原因。"
        )


def terms_stay(status: str, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: owner_vote_begun if the question, the matter or the day changes once it has begun."""
    if status != OwnerVoteStatus.DRAFT and before != now:
        raise RuleViolation(
            "owner_vote_begun",
            "投票已经开始，事项、内容和开始日期不能再改；要改请取消后重新发起。",
        )


def end_only_moves_on(status: str, before: date, now: date) -> None:
    """Raises: owner_vote_begun if the last day comes earlier, or changes once it is counted."""
    if status == OwnerVoteStatus.DRAFT or before == now:
        return
    if status != OwnerVoteStatus.OPEN or now < before:
        raise RuleViolation(
            "owner_vote_begun", "投票中只能把截止日期往后延，不能提前。", field="ends_on"
        )


def written_once(fixed: bool, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """Raises: owner_vote_fixed for a basis or a result that would be another one afterwards."""
    if fixed and before != now:
        raise RuleViolation("owner_vote_fixed", "投票的房屋底册和结果已经固定，不能修改。")


def basis_is_laid(status: str | None, stored: bool) -> None:
    """Raises: owner_vote_fixed: the basis is written when a vote opens, and never again."""
    if stored or status != OwnerVoteStatus.DRAFT:
        raise RuleViolation("owner_vote_fixed", "投票的房屋底册和结果已经固定，不能修改。")


def register_is_complete(rooms: int, without_owner: int, area: int) -> None:
    """Raises: register_empty; room_without_owner; area_sum_too_large."""
    if not rooms:
        raise RuleViolation(
            "register_empty", "这个小区还没有登记房屋，请先导入或登记房屋和业主，再开始投票。"
        )
    if without_owner:
        raise RuleViolation(
            "room_without_owner",
            f"还有 {without_owner} 套房屋没有登记业主，请先补上（没卖出的登记为建设单位），"
            "再开始投票。",
        )
    if area > LARGEST_SUM:
        raise RuleViolation("area_sum_too_large", "面积合计过大，请核对房屋登记里的面积。")


def may_open(ends_on: date, today: date) -> None:
    """Raises: owner_vote_over if the last day is past."""
    if ends_on < today:
        raise RuleViolation(
            "owner_vote_over", "截止日期已过，请先改截止日期，再开始投票。", field="ends_on"
        )


# --- ballots -------------------------------------------------------------------------------------


def vote_takes_ballots(status: str) -> None:
    """Raises: owner_vote_not_open before it opens, and for what comes after the close."""
    if status != OwnerVoteStatus.OPEN:
        raise RuleViolation(
            "owner_vote_not_open",
            "投票还没有开始，不能登记选票；请先点“开始投票”。"
            if status == OwnerVoteStatus.DRAFT
            else "投票已经截止，选票不再登记、更正或撤销；确有错漏请先点“撤回计票”，写明原因。",
        )


def given_in_time(given_on: date, starts_on: date, ends_on: date, today: date) -> None:
    """Raises: ballot_outside_period; ballot_in_future."""
    if not starts_on <= given_on <= ends_on:
        raise RuleViolation(
            "ballot_outside_period",
            f"收到日期不在投票期内（{starts_on:%Y-%m-%d} 至 {ends_on:%Y-%m-%d}），"
            "迟到的选票不计入，请核对日期。",
            field="given_on",
        )
    if given_on > today:
        raise RuleViolation("ballot_in_future", "收到日期还没有到，请核对。", field="given_on")


def day_of_ballot(given_on: date | None, ends_on: date, today: date) -> date:
    """The day on which a ballot came: as said, else today while the vote runs.

    Raises: ballot_day_missing: after the last day, somebody has to say that it came in time.
    """
    if given_on is not None:
        return given_on
    if today > ends_on:
        raise RuleViolation(
            "ballot_day_missing",
            "投票期已过，请写明收到这张选票的日期；迟到的选票不计入。",
            field="given_on",
        )
    return today


def buyer_is_of_this_vote(vote: int | None, of: int | None) -> None:
    """Raises: ballot_unknown."""
    if vote != of:
        raise RuleViolation("ballot_unknown", "有选票不属于登记的业主，请核对房屋登记。")


# --- counting ------------------------------------------------------------------------------------


def may_be_counted(ends_on: date, today: date, outstanding: int) -> None:
    """Raises: owner_vote_still_runs until its last day is over, or everybody has voted."""
    if today <= ends_on and outstanding:
        raise RuleViolation(
            "owner_vote_still_runs",
            f"投票到 {ends_on:%Y-%m-%d} 才截止，还有 {outstanding} 户没有投票，不能提前计票。",
        )


def correction_has_a_reason(reason: str) -> None:
    """Raises: reason_required."""
    if not reason.strip():
        raise RuleViolation(
            "reason_required", "更正选票需要写明原因，如“录错，以纸质选票为准”。", field="reason"
        )
