"""What a job may hold, and what may be done with it: pure functions."""

import re
from collections.abc import Mapping
from typing import Any

from backend.core.errors import RuleViolation
from backend.jobs.choices import OPEN, RETRIABLE

MAX_CODE = 120
# Codes, dates, addresses of our own pages: no prose, no names.
_CODE = re.compile(r"[\x21-\x7e]*")
# A mobile number, a landline with its area code, an identity number of 18 or 15 digits.
_PERSONAL = re.compile(
    r"(?<![0-9A-Za-z])(?:(?:\+?86)?1[3-9][0-9]{9}|0[0-9]{2,3}-?[0-9]{7,8}|[0-9]{17}[0-9Xx]|[0-9]{15})"
    r"(?![0-9A-Za-z])"
)


def looks_personal(text: str) -> bool:
    """True if the text holds what looks like a phone or an identity number."""
    return _PERSONAL.search(text) is not None


def arguments_are_codes(arguments: Mapping[str, Any]) -> None:
    """Raises: job_argument_not_code, job_argument_personal.

    The row of a job is read by other staff and stays for weeks: it names records by their codes,
    and what is personal is read from them when the work is done.
    """
    for name, value in arguments.items():
        _check_argument(name, value)


def _check_argument(name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        arguments_are_codes(value)
    elif isinstance(value, list | tuple):
        for item in value:
            _check_argument(name, item)
    elif isinstance(value, str | int) and not isinstance(value, bool):
        text = str(value)
        if looks_personal(text):
            raise RuleViolation(
                "job_argument_personal",
                f"后台任务的参数 {name} 里像是有电话或证件号；请改为传编号，办理时再读取。",
                field="arguments",
            )
        if len(text) > MAX_CODE or not _CODE.fullmatch(text):
            raise RuleViolation(
                "job_argument_not_code",
                f"后台任务的参数 {name} 只能是编号、数字或是否，不能是文字内容；请改为传编号。",
                field="arguments",
            )
    elif value is not None and not isinstance(value, bool | float):
        raise RuleViolation(
            "job_argument_not_code",
            f"后台任务的参数 {name} 存不下；请改为编号、数字或是否。",
            field="arguments",
        )


def can_cancel(state: str, cancellable: bool, label: str) -> None:
    """Raises: wrong_state, job_not_cancellable."""
    if state not in OPEN:
        raise RuleViolation("wrong_state", f"这项任务{label}，不用取消了。")
    if not cancellable:
        raise RuleViolation("job_not_cancellable", "这种任务开始后不能取消，请等它做完。")


def can_retry(state: str, label: str) -> None:
    """Raises: wrong_state."""
    if state not in RETRIABLE:
        raise RuleViolation(
            "wrong_state", f"这项任务{label}，不能重试；只有失败和已取消的可以重试。"
        )


def has_tries_left(tries: int, max_tries: int) -> bool:
    """True if a job that was lost or disturbed may be taken up once more."""
    return tries < max_tries


def kept_text(text: str, length: int) -> str:
    """A result or a message as it is kept: short, and nothing that looks like a person's number."""
    return "说明里像是有电话或证件号，没有保存。" if looks_personal(text) else text[:length]


def broken() -> RuleViolation:
    """What staff are told of an error that nobody foresaw: nothing of its text."""
    return RuleViolation(
        "job_broken",
        "后台任务中途出错，没有写入任何内容。请点“重试”；还不行，请把任务编号告诉系统管理员。",
    )


def worker_lost() -> RuleViolation:
    """What staff are told of a job whose workers died again and again."""
    return RuleViolation(
        "worker_lost",
        "处理这项任务的后台进程几次意外中断，已不再自动重试，没有写入任何内容。"
        "请点“重试”；还不行，请把任务编号告诉系统管理员。",
    )


def kind_is_gone() -> RuleViolation:
    """What staff are told of a job that this version of the program does not know."""
    return RuleViolation(
        "job_kind_unknown", "当前版本的系统不认识这种任务。请重新发起，或请系统管理员检查版本。"
    )


def rate(done: int, seconds: float) -> float | None:
    """Units a second, or None while nothing can be said."""
    return done / seconds if done > 0 and seconds > 0 else None


def seconds_left(done: int, total: int, per_second: float | None) -> int | None:
    """The time that the rest takes at this rate, or None if nobody knows how much there is."""
    if not per_second or total <= 0:
        return None
    return max(round((total - done) / per_second), 0)
