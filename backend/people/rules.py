"""Rules on people: pure functions."""

import re

from backend.core.errors import RuleViolation

_MOBILE = re.compile(r"1[3-9]\d{9}")
_LANDLINE = re.compile(r"0\d{2,3}-\d{7,8}(-\d{1,6})?")
_MONTH = re.compile(r"(19|20)\d{2}-(0[1-9]|1[0-2])")


def phone_is_normal(phone: str) -> None:
    """Raises: phone_invalid unless `phone` is in the one normal form, or empty.

    A mobile is 11 digits (13812345678), a landline has its area code (0371-67890123).
    """
    if phone and not _MOBILE.fullmatch(phone) and not _LANDLINE.fullmatch(phone):
        raise RuleViolation(
            "phone_invalid",
            "电话应是 11 位手机号，或带区号的座机（如 0371-67890123），请核对。",
            field="phone",
        )


def birth_month_is_real(month: str) -> None:
    """Raises: month_invalid unless `month` reads like 1958-03, or is empty."""
    if month and not _MONTH.fullmatch(month):
        raise RuleViolation(
            "month_invalid", "出生年月应写成 1958-03 这样的年和月，请核对。", field="birth_month"
        )


def role_has_its_place(
    role: str, community: int | None, subdistrict: int | None, estate_community: int | None
) -> None:
    """Raises: role_place_missing unless a role says where it holds, role_place_twice if twice.

    The street office holds in a subdistrict; everybody else in a community, or one estate of it.
    """
    if (community is None) == (subdistrict is None):
        raise RuleViolation(
            "role_place_missing", "请选择社区或街道（只选一个），说明这个角色在哪里有效。"
        )
    if estate_community is not None and estate_community != community:
        raise RuleViolation(
            "role_place_twice", "所选小区不属于所选社区，请重新选择。", field="estate"
        )
