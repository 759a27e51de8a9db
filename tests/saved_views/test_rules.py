"""Rules of saved views: no database."""

import pytest

from backend.core.errors import RuleViolation
from backend.core.list_columns import key_of
from backend.saved_views import rules
from backend.saved_views.choices import SHARED_WITH


def _code(rule: object, *values: object, **named: object) -> str:
    try:
        rule(*values, **named)  # type: ignore[operator]
    except RuleViolation as violation:
        return violation.code
    return ""


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("本月未办结", ""),
        ("  ", "view_name_missing"),
        ("长" * 31, "view_name_too_long"),
        ("给13900001234的", "text_has_personal_data"),
    ],
)
def test_a_view_has_a_short_name_without_personal_data(name: str, code: str) -> None:
    assert _code(rules.view_has_a_name, name) == code


@pytest.mark.parametrize(
    ("filters", "code"),
    [
        ([["status__exact", "open"]], ""),
        ([["q", "张"]], "view_keeps_search"),
        ([["status__exact", "open"], ["p", "2"]], "view_keeps_search"),
        ([[]], "view_keeps_search"),
    ],
)
def test_what_was_searched_for_is_never_kept(filters: list[list[str]], code: str) -> None:
    assert _code(rules.view_keeps_no_search, filters) == code


@pytest.mark.parametrize(
    ("community", "role", "code"),
    [
        (None, "", ""),
        (1, "worker", ""),
        (None, "worker", "view_share_incomplete"),
        (1, "", "view_share_incomplete"),
        (1, "resident", "view_share_incomplete"),
    ],
)
def test_a_view_is_shared_with_a_role_somewhere_or_with_nobody(
    community: int | None, role: str, code: str
) -> None:
    assert _code(rules.view_is_shared_fully, community, role, SHARED_WITH) == code


@pytest.mark.parametrize(
    ("own", "shared", "may_share", "allowed"),
    [
        (True, False, False, True),
        (False, False, False, False),
        # Shared: whoever may share there, and nobody else, its maker included.
        (True, True, False, False),
        (False, True, True, True),
    ],
)
def test_who_may_change_a_view(own: bool, shared: bool, may_share: bool, allowed: bool) -> None:
    code = _code(rules.view_may_be_changed, own=own, shared=shared, may_share=may_share)
    assert code == ("" if allowed else "view_is_shared")


def test_there_is_an_end_to_views_and_columns() -> None:
    assert _code(rules.there_is_room, rules.MOST_VIEWS - 1) == ""
    assert _code(rules.there_is_room, rules.MOST_VIEWS) == "too_many_views"
    assert _code(rules.columns_are_few, range(rules.MOST_COLUMNS)) == ""
    assert _code(rules.columns_are_few, range(rules.MOST_COLUMNS + 1)) == "too_many_columns"


def test_a_column_keeps_its_name_whatever_shows_it() -> None:
    def masked_phone() -> None: ...

    def labelled_status() -> None: ...

    assert [key_of(one) for one in ("title", masked_phone, labelled_status)] == [
        "title",
        "phone",
        "status",
    ]
