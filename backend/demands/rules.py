"""Rules of demands: pure functions."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from backend.core.calendar import NONE, Overrides, add_working_days
from backend.core.errors import RuleViolation
from backend.demands.choices import OPEN, SETTLED, Channel, DemandStatus, Urgency

# Numbers are sorted as texts in lists: four digits are more than a community has a year.
_DIGITS = 4
_CODE_LENGTH = 40
_END_OF_DAY = time(23, 59, 59)


@dataclass(frozen=True)
class Terms:
    """By which deadlines a community handles demands (default)."""

    urgent_hours: int = 24
    ordinary_days: int = 5
    response_days: int = 1
    extension_days: int = 10
    return_days: int = 2
    old_days: int = 10


# --- deadlines -----------------------------------------------------------------------------------


def end_of(day: date, like: datetime) -> datetime:
    """The last second of a day, by the clock of `like`."""
    return datetime.combine(day, _END_OF_DAY, like.tzinfo)


def due_at(
    received: datetime,
    urgency: str,
    terms: Terms,
    said: Overrides = NONE,
    extended_days: int = 0,
) -> datetime:
    """By when a demand is to be solved; `received` in local time, the extension in working days."""
    if urgency == Urgency.URGENT:
        due = received + timedelta(hours=terms.urgent_hours)
        if not extended_days:
            return due
        return end_of(add_working_days(due.date(), extended_days, said), received)
    days = terms.ordinary_days + extended_days
    return end_of(add_working_days(received.date(), days, said), received)


def respond_by(received: datetime, urgency: str, terms: Terms, said: Overrides = NONE) -> datetime:
    """By when the reporter has had a first answer; of an urgent demand not after it is due."""
    answer = end_of(add_working_days(received.date(), terms.response_days, said), received)
    if urgency == Urgency.URGENT:
        return min(answer, due_at(received, urgency, terms, said))
    return answer


def is_overdue(status: str, due: datetime, now: datetime) -> bool:
    """Whether a demand should have been solved by now."""
    return status in OPEN and due < now


def may_be_given_back(
    assigned_at: datetime | None, at: datetime, terms: Terms, said: Overrides = NONE
) -> None:
    """Both in local time. Raises: give_back_too_late."""
    if assigned_at is None:
        return
    last = end_of(add_working_days(assigned_at.date(), terms.return_days, said), assigned_at)
    if at > last:
        raise RuleViolation(
            "give_back_too_late",
            f"派单后 {terms.return_days} 个工作日内可以退回，现在已过期限。"
            "请先开始办理；确实不归本单位的，请与社区联系改派。",
        )


def may_be_extended(status: str, extended_days: int, days: int, terms: Terms) -> None:
    """Raises: demand_not_open; already_extended; extension_too_long."""
    if status not in OPEN:
        raise RuleViolation("demand_not_open", "这条诉求已不在办理中，不能延期。")
    if extended_days:
        raise RuleViolation("already_extended", "这条诉求已经延期过一次，不能再延。")
    if not 1 <= days <= terms.extension_days:
        raise RuleViolation(
            "extension_too_long",
            f"只能延期一次，1 到 {terms.extension_days} 个工作日，请改天数。",
            field="days",
        )


def terms_hold(terms: Terms) -> None:
    """Raises: terms_invalid unless every deadline is one that somebody could keep."""
    least_most = {
        "urgent_hours": (1, 240),
        "ordinary_days": (1, 60),
        "response_days": (0, 30),
        "extension_days": (0, 60),
        "return_days": (1, 30),
        "old_days": (1, 365),
    }
    for name, (least, most) in least_most.items():
        value = getattr(terms, name)
        if value.__class__ is int and not least <= value <= most:
            raise RuleViolation(
                "terms_invalid", f"这个期限应在 {least} 到 {most} 之间，请核对。", field=name
            )


# --- what is registered --------------------------------------------------------------------------


def code_of(community_code: str, community: int, year: int, number: int) -> str:
    """The number by which a demand is known outside: sq-xinhe-2026-0001."""
    code = f"sq-{community_code}-{year}-{number:0{_DIGITS}d}"
    # A community with a long code goes by its key.
    return code if len(code) <= _CODE_LENGTH else f"sq-{community}-{year}-{number:0{_DIGITS}d}"


def was_received(received: datetime | None, now: datetime) -> None:
    """Raises: received_in_future."""
    if received is not None and received > now:
        raise RuleViolation(
            "received_in_future", "登记时间不能在将来，请核对。", field="received_at"
        )


def something_is_said(content: str) -> None:
    """Raises: content_missing."""
    if not content.strip():
        raise RuleViolation("content_missing", "请写下诉求内容。", field="content")


def group_fits(channel: str, group: int | None) -> None:
    """Raises: group_without_channel."""
    if group is not None and channel != Channel.WECHAT_GROUP:
        raise RuleViolation(
            "group_without_channel", "选了微信群，来源就应是“居民微信群”，请核对。", field="group"
        )


def place_agrees(estate: int | None, of_place: int | None, field: str) -> None:
    """`of_place`: the estate in which building or grid stand. Raises: place_mismatch."""
    if estate is not None and of_place is not None and estate != of_place:
        raise RuleViolation("place_mismatch", "楼栋或网格不在所选的小区，请核对地点。", field=field)


def settled_stays(status: str | None, before: tuple[Any, ...], now: tuple[Any, ...]) -> None:
    """`status` as stored. Raises: demand_settled if what was closed would say something else."""
    if status in SETTLED and before != now:
        raise RuleViolation(
            "demand_settled", "这条诉求已经办结，内容不能再改；有新情况请另外登记一条。"
        )


# --- steps ---------------------------------------------------------------------------------------


def happened_in_order(at: datetime, earlier: Iterable[datetime | None], now: datetime) -> None:
    """Raises: occurred_in_future; occurred_out_of_order before something that had happened."""
    if at > now:
        raise RuleViolation("occurred_in_future", "发生时间不能在将来，请核对。")
    last = max((one for one in earlier if one is not None), default=None)
    if last is not None and at < last:
        raise RuleViolation(
            "occurred_out_of_order",
            "这一步的时间早于登记或上一步的时间，请核对日期。",
        )


def handler_is_there(organization: int | None, active: bool) -> None:
    """Raises: handler_missing; handler_ended."""
    if organization is None:
        raise RuleViolation("handler_missing", "请选择承办单位。", field="organization")
    if not active:
        raise RuleViolation(
            "handler_ended", "这个单位已经撤销，请选择别的承办单位。", field="organization"
        )


def is_unanswered(first_response: datetime | None) -> None:
    """Raises: already_answered."""
    if first_response is not None:
        raise RuleViolation("already_answered", "已经登记过首次回复；之后的情况请写在办理结果里。")


def may_be_answered(status: str) -> None:
    """Raises: demand_not_open."""
    if status not in OPEN:
        raise RuleViolation("demand_not_open", "这条诉求已不在办理中，不能登记首次回复。")


def answer_is_written(text: str) -> None:
    """Raises: answer_missing."""
    if not text.strip():
        raise RuleViolation("answer_missing", "请写下怎样回复的。", field="text")


def another_person_confirms(resolver: int | None, confirmer: int | None) -> None:
    """The reporter's own yes asks nobody. Raises: confirmer_is_handler."""
    if resolver is not None and resolver == confirmer:
        raise RuleViolation(
            "confirmer_is_handler",
            "登记解决的人不能自己确认；请由反映人本人或另一位工作人员确认。",
        )


def another_person_rejects(registrar: int | None, rejecter: int | None) -> None:
    """Raises: second_person_needed: who has registered a demand does not strike it out."""
    if registrar is not None and registrar == rejecter:
        raise RuleViolation(
            "second_person_needed",
            "标为重复或无效要由另一位工作人员办理，登记人自己不能办。",
        )


def points_at_an_original(own: int, original: int | None, status: str, followers: int) -> None:
    """`status`: of the original. `followers`: how many already point at this one.

    Raises: original_missing; original_is_itself; original_unfit; demand_is_original.
    """
    if original is None:
        raise RuleViolation("original_missing", "请选择与哪一条诉求重复。", field="original")
    if own == original:
        raise RuleViolation(
            "original_is_itself", "不能与自己重复，请选择另一条诉求。", field="original"
        )
    if status in (DemandStatus.DUPLICATE, DemandStatus.INVALID):
        raise RuleViolation(
            "original_unfit", "那一条已标为重复或无效，请选择原来的那一条。", field="original"
        )
    if followers:
        raise RuleViolation(
            "demand_is_original",
            "已有别的诉求标为与这一条重复，请把这一条留作原件，把另一条标为重复。",
        )
