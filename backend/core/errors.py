"""One error class, many codes.

A code is stable and for programs; the message is Chinese, for staff, and says what to do next.
"""

from collections.abc import Mapping

from django.core.exceptions import ValidationError


class RuleViolation(ValidationError):
    """A rule said no. `code` names the rule, `field` the input at fault ("" for the whole)."""

    code: str
    message: str

    def __init__(self, code: str, message: str, *, field: str = "") -> None:
        super().__init__(message, code=code)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class ManyViolations(Exception):
    """Some of a set broke a rule, so nothing of the set was written.

    `by_index` maps the position in the set to the first rule that record broke.
    """

    def __init__(self, by_index: Mapping[int, RuleViolation]) -> None:
        super().__init__(f"{len(by_index)} records refused")
        self.by_index = dict(by_index)


def not_allowed(message: str = "您没有这项操作的权限，请联系社区管理员。") -> RuleViolation:
    """The refusal for lack of rights; code `not_allowed`."""
    return RuleViolation("not_allowed", message)


def not_found(what: str) -> RuleViolation:
    """The refusal for what does not exist or is not the caller's; code `not_found`.

    The two are one on purpose: another community's rows do not exist for you.
    """
    return RuleViolation("not_found", f"没有找到{what}，请刷新页面后再试。")
