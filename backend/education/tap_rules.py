"""Rules of taps: what a tablet at the door tells, at once or hours later. Pure functions."""

from datetime import datetime, timedelta

from backend.core.errors import RuleViolation

MOST_AT_ONCE = 50
# Whatever waited longer than that was kept while the network was away.
LATE_AFTER = timedelta(minutes=2)


def taps_are_few(count: int) -> None:
    """Raises: too_many_entries."""
    if count > MOST_AT_ONCE:
        raise RuleViolation(
            "too_many_entries", f"一次最多 {MOST_AT_ONCE} 笔，请分几次上传。", field="taps"
        )


def tapped_by_the_same(told: str, here: str) -> None:
    """Raises: other_account: what one person tapped is not sent in another's name."""
    if told != here:
        raise RuleViolation(
            "other_account",
            "待上传的签到是另一个账号记下的，请用那个账号登录后再上传。",
            field="account",
        )


def moment_of(told: object) -> datetime:
    """When it was tapped. Raises: invalid_value for what is no moment with an offset."""
    try:
        moment = datetime.fromisoformat(told) if isinstance(told, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.utcoffset() is None:
        raise RuleViolation("invalid_value", "时间写法不对，请刷新页面后再试。", field="at")
    return moment


def came_late(occurred_at: datetime, now: datetime) -> bool:
    """Whether a tap was kept on the tablet before it was sent."""
    return now - occurred_at > LATE_AFTER
