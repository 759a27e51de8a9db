"""Rules on opening a community: pure functions."""

import re

from backend.core.errors import RuleViolation
from backend.core.roles import Role

# What one workbook may hold: a community is a few hundred rows, and all are made in one go.
MOST_ROWS = 3_000
_CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")


def community_code_fits(code: str) -> None:
    """Raises: community_code_invalid for what could not stand in an address."""
    if not _CODE.fullmatch(code):
        raise RuleViolation(
            "community_code_invalid",
            "社区编号用小写字母和数字，字母开头，例如 xinqiao；留空就由系统按拼音取。",
            field="code",
        )


def post_has_its_estate(role: str, estate: object) -> None:
    """Raises: post_estate_missing for a steward of nowhere; post_estate_not_needed for the others."""
    if role == Role.STEWARD and not estate:
        raise RuleViolation("post_estate_missing", "网格员要写明负责哪个小区。", field="estate")
    if role != Role.STEWARD and estate:
        raise RuleViolation(
            "post_estate_not_needed",
            "只有网格员写负责的小区；这个岗位管整个社区，请把这一格留空。",
            field="estate",
        )


def account_is_theirs(known_as: str, name: str, *, of_this_community: bool) -> None:
    """Raises: username_taken if an account of that name is, or may be, somebody else's."""
    if not of_this_community or known_as != name:
        raise RuleViolation(
            "username_taken", "这个登录名已有人用，请换一个，或留空由系统取名。", field="username"
        )


def everything_is_right(problems: int) -> None:
    """Raises: workbook_has_problems: a half-opened community helps nobody."""
    if problems:
        raise RuleViolation(
            "workbook_has_problems", f"表格里还有 {problems} 处要改。请改好后重新上传，再确认。"
        )


def same_as_shown(shown: str, now: str) -> None:
    """Raises: founding_outdated if the plan comes out otherwise than it was shown."""
    if shown != now:
        raise RuleViolation(
            "founding_outdated",
            "预览之后，系统里的记录有变动，结果会和预览不一样。什么都没有写入，请重新上传看新的预览。",
        )


def workbook_is_kept(there: bool) -> None:
    """Raises: upload_gone once the file's time is over."""
    if not there:
        raise RuleViolation("upload_gone", "上传的文件已过保存期，请重新上传。")
