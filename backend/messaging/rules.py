"""Rules of messages: placeholders, quiet hours, and when to try again."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
# After the first failure, the second, …; after the sixth we give up.
BACKOFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
MOST_TRIES = len(BACKOFF) + 1


def fill(text: str, values: Mapping[str, str]) -> str:
    """`text` with each {placeholder} replaced, once: braces within a value mean nothing.

    Raises: KeyError for a placeholder without a value.
    """
    return PLACEHOLDER.sub(lambda found: str(values[found[1]]), text)


def placeholders_are_known(text: str, allowed: Mapping[str, Any], field: str) -> None:
    """Raises: placeholder_unknown if the text names one that the kind of message has not."""
    unknown = sorted({name for name in PLACEHOLDER.findall(text) if name not in allowed})
    left = PLACEHOLDER.sub("", text)
    if unknown or "{" in left or "}" in left:
        named = "、".join(f"{{{name}}}" for name in unknown) or "不成对的花括号"
        raise RuleViolation(
            "placeholder_unknown",
            f"模板里有不认识的占位符：{named}。可以使用的：{_listed(allowed)}。",
            field=field,
        )


def placeholders_are_kept(
    text: str, needed: Collection[str], allowed: Mapping[str, Any], field: str
) -> None:
    """Raises: placeholder_missing if the text lacks one without which it would say nothing."""
    missing = [name for name in needed if name not in PLACEHOLDER.findall(text)]
    if missing:
        named = "、".join(f"{{{name}}}（{in_chinese(allowed[name])}）" for name in missing)
        raise RuleViolation(
            "placeholder_missing",
            f"正文里缺少占位符：{named}，请补上。可以使用的：{_listed(allowed)}。",
            field=field,
        )


def kind_may_be_reworded(code: str, *, declared: bool, secret: bool) -> None:
    """Raises: template_unknown for a kind that no app declares, or whose words are not staff's."""
    if not declared or secret:
        raise RuleViolation(
            "template_unknown",
            f"没有可以修改的通知种类“{code}”，请在通知模板页面里选择。",
            field="kind",
        )


def channel_is_on(channel: str, *, on: bool) -> None:
    """Raises: channel_off if nothing can be sent by the channel here."""
    if not on:
        raise RuleViolation("channel_off", "本系统还没有开通这种发送方式，请联系系统管理员。")


def channel_may_be_switched(channel: str, outgoing: Collection[str]) -> None:
    """Raises: channel_fixed for the inbox: what is told there is always told."""
    if channel not in outgoing:
        raise RuleViolation(
            "channel_fixed", "站内信不能关闭；可以关闭短信、邮件或微信。", field="channel"
        )


def may_be_retried(state: str, retried: Collection[str], *, secret: bool) -> None:
    """Raises: delivery_not_failed unless it failed or was given up and is no code."""
    if state not in retried or secret:
        raise RuleViolation(
            "delivery_not_failed", "只有发送失败或已放弃的通知才能重新发送；验证码请本人重新获取。"
        )


def can_be_reached(address: str) -> None:
    """Raises: address_missing if nobody knows where to send it."""
    if not address:
        raise RuleViolation(
            "address_missing", "没有可以发送的地址：请先在花名册或账号里补上电话、邮箱或微信。"
        )


def _listed(allowed: Mapping[str, Any]) -> str:
    return (
        "、".join(f"{{{name}}}（{in_chinese(label)}）" for name, label in allowed.items()) or "无"
    )


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after the given number of failures; None: give up."""
    return BACKOFF[tries - 1] if tries < MOST_TRIES else None


def quiet_until(local: datetime, starts: time, ends: time) -> datetime | None:
    """When the quiet hours end in which the local moment lies; None outside of them.

    The first moment belongs to them, the last does not; from 21:00 to 8:00 they pass midnight.
    """
    if starts == ends:
        return None
    now = local.time()
    past_midnight = starts > ends
    within = (now >= starts or now < ends) if past_midnight else starts <= now < ends
    if not within:
        return None
    day = local.date()
    if past_midnight and now >= starts:
        day += timedelta(days=1)
    return local.replace(
        year=day.year, month=day.month, day=day.day, hour=ends.hour, minute=ends.minute
    ).replace(second=0, microsecond=0)
