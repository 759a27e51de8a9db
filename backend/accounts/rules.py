"""Rules on coming in: pure functions."""

import re
from collections.abc import Collection
from datetime import datetime, timedelta

from backend.core.errors import RuleViolation

LONGEST_LIFE_OF_A_KEY = timedelta(days=366)
_USERNAME = re.compile(r"[a-z][a-z0-9._-]{2,29}")
_MOBILE = re.compile(r"1[3-9]\d{9}")
AT_THE_DESK = "没有能自动对上的花名册记录。请带身份证到社区服务台，由工作人员为您关联。"


def mobile(text: str) -> str:
    """The 11 digits of a mobile phone as somebody typed it. Raises: phone_invalid."""
    digits = re.sub(r"[\s\-()（）]", "", text)
    digits = digits.removeprefix("+86").removeprefix("0086")
    if not _MOBILE.fullmatch(digits):
        raise RuleViolation("phone_invalid", "请填写 11 位手机号。", field="phone")
    return digits


def username_fits(username: str) -> None:
    """Raises: username_invalid for a name that nobody could type."""
    if not _USERNAME.fullmatch(username):
        raise RuleViolation(
            "username_invalid",
            "登录名用 3 到 30 个小写字母或数字，字母开头，例如 wangfang；"
            "开通社区的表里可以留空，由系统按拼音取名。",
            field="username",
        )


def username_is_free(taken: bool) -> None:
    """Raises: username_taken."""
    if taken:
        raise RuleViolation("username_taken", "这个登录名已有人用，请换一个。", field="username")


def account_has_its_person(name: str) -> None:
    """Raises: account_nameless: lists and slips say whose an account is."""
    if not name.strip():
        raise RuleViolation("account_nameless", "请填写这个账号是谁的（姓名）。", field="name")


def key_has_a_name(name: str) -> None:
    """Raises: key_name_missing unless the key says what it is for."""
    if not name.strip():
        raise RuleViolation(
            "key_name_missing", "请写明这个密钥给哪个程序用，例如“小程序后台”。", field="name"
        )


def scopes_are_known(scopes: Collection[str], known: Collection[str]) -> None:
    """Raises: scope_missing if a key may do nothing, scope_unknown if something nobody knows."""
    if not scopes:
        raise RuleViolation("scope_missing", "请至少勾选一项权限。", field="scopes")
    unknown = sorted(set(scopes) - set(known))
    if unknown:
        raise RuleViolation(
            "scope_unknown",
            f"没有这些权限，或密钥不能带：{'、'.join(unknown)}。请从列出的权限里选。",
            field="scopes",
        )


def key_ends_in_time(expires_at: datetime, now: datetime) -> None:
    """Raises: key_expiry_invalid unless a key ends after now and within a year."""
    if not now < expires_at <= now + LONGEST_LIFE_OF_A_KEY:
        raise RuleViolation(
            "key_expiry_invalid",
            "有效期要在今天之后，最长一年。到期前可以再建一个新的。",
            field="expires_at",
        )


def one_unclaimed_person(found: Collection[int | None]) -> None:
    """Raises: resident_unclear unless one person of the roster fits, whom no account has yet.

    `found` names the account of each person who fits. One code for every reason: who tries names
    must not learn whether the name, the phone or another's account was in the way.
    """
    if list(found) != [None]:
        raise RuleViolation("resident_unclear", AT_THE_DESK)


def account_is_anothers(whose: int | None, by: int | None) -> None:
    """Raises: own_account: whoever has somebody's session must not close the account with it, nor
    take the second factor off.
    """
    if whose is not None and whose == by:
        raise RuleViolation("own_account", "这是您自己的账号，请由另一位系统管理员办理。")


def account_stands_otherwise(changed: int, *, opened: bool) -> None:
    """Raises: account_closed, account_open where nothing was to change."""
    if changed:
        return
    if opened:
        raise RuleViolation("account_open", "这个账号没有停用，不用恢复。")
    raise RuleViolation("account_closed", "这个账号已经停用。")
