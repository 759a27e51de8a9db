"""Rules of saved views: pure functions."""

from collections.abc import Collection, Iterable, Sequence

from backend.core.errors import RuleViolation
from backend.core.publication import findings_in

LONGEST_NAME = 30
MOST_VIEWS = 30
MOST_COLUMNS = 80
# Parameters that hold what somebody searched for, or where they stood; never kept.
NEVER_KEPT = frozenset({"q", "p", "e", "_popup", "_to_field"})


def view_has_a_name(name: str) -> None:
    """Raises: view_name_missing; view_name_too_long; text_has_personal_data.

    Others read the name, and the history keeps it: it names a job, never a person.
    """
    if not name.strip():
        raise RuleViolation(
            "view_name_missing", "请给视图起个名字，例如“本月未办结”。", field="name"
        )
    if len(name) > LONGEST_NAME:
        raise RuleViolation(
            "view_name_too_long", f"名字最多 {LONGEST_NAME} 个字，请写得简短些。", field="name"
        )
    if findings_in(name):
        raise RuleViolation(
            "text_has_personal_data",
            "视图的名字会给别人看到，请不要写电话、身份证号或门牌号。",
            field="name",
        )


def view_keeps_no_search(filters: Iterable[Sequence[str]]) -> None:
    """Raises: view_keeps_search: what was searched for may be somebody's name."""
    if any(not pair or pair[0] in NEVER_KEPT for pair in filters):
        raise RuleViolation(
            "view_keeps_search", "视图不保存搜索的内容，只保存筛选、列和排序；请清空搜索再存。"
        )


def columns_are_few(columns: Collection[str]) -> None:
    """Raises: too_many_columns."""
    if len(columns) > MOST_COLUMNS:
        raise RuleViolation("too_many_columns", f"最多选 {MOST_COLUMNS} 列，请去掉一些。")


def view_is_shared_fully(community: int | None, role: str, roles: Collection[str]) -> None:
    """Raises: view_share_incomplete unless it is shared with nobody, or a known role somewhere."""
    if (community is None) != (not role) or (role and role not in roles):
        raise RuleViolation(
            "view_share_incomplete", "请选要共享给哪个社区的哪种角色。", field="shared_with"
        )


def there_is_room(held: int) -> None:
    """Raises: too_many_views: `held` are those that somebody has of one list."""
    if held >= MOST_VIEWS:
        raise RuleViolation(
            "too_many_views", f"一个列表最多保存 {MOST_VIEWS} 个视图，请先删除不用的。"
        )


def view_may_be_changed(*, own: bool, shared: bool, may_share: bool) -> None:
    """Raises: view_is_shared: what a role works with is changed by whoever may share there."""
    if may_share if shared else own:
        return
    raise RuleViolation(
        "view_is_shared",
        "这是共享的视图，只有能共享的人可以改；您可以另存为自己的视图。",
    )
