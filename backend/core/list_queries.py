"""A list's address taken apart and put together: its filters and its order, by lasting names.

An address names columns by their place, and what was searched for; neither is worth keeping. What a
filter no longer offers is dropped, and said; it never breaks a page.
"""

from collections.abc import Sequence
from copy import copy
from typing import Any

from django.contrib.admin.exceptions import DisallowedModelAdminLookup
from django.contrib.admin.options import (
    IS_FACETS_VAR,
    IS_POPUP_VAR,
    TO_FIELD_VAR,
    IncorrectLookupParameters,
)
from django.contrib.admin.views.main import (
    ALL_VAR,
    ERROR_FLAG,
    ORDER_VAR,
    PAGE_VAR,
    SEARCH_VAR,
)
from django.core.exceptions import FieldError, ValidationError
from django.http import HttpRequest, QueryDict

from backend.core.desk.lists import PARAMETER
from backend.core.list_columns import key_of
from backend.core.list_pages import COLUMNS, SAVED, VIEW

_NO_FILTERS = frozenset(
    {ALL_VAR, ERROR_FLAG, IS_FACETS_VAR, IS_POPUP_VAR, ORDER_VAR, PAGE_VAR, SEARCH_VAR}
    | {TO_FIELD_VAR, VIEW, COLUMNS, SAVED, "_changelist_filters"}
)
_UNREADABLE = (
    IncorrectLookupParameters,
    DisallowedModelAdminLookup,
    ValidationError,
    FieldError,
    ValueError,
)
Filters = Sequence[Sequence[str]]


def filters_in(asked: QueryDict) -> list[list[str]]:
    """The filters of an address, as (name, value); nothing of what was searched for."""
    return sorted(
        [name, value]
        for name, values in asked.lists()
        if name not in _NO_FILTERS
        for value in values
        if value
    )


def order_in(changelist: Any) -> list[str]:
    """The columns by which a list was ordered by hand: names, "-" before those that descend."""
    if ORDER_VAR not in changelist.params:
        return []
    found = []
    for index, way in changelist.get_ordering_field_columns().items():
        key = key_of(changelist.list_display[index])
        found.append(f"-{key}" if way == "desc" else key)
    return found


def changelist_of(request: HttpRequest, register: Any, asked: QueryDict) -> Any:
    """The list of a register as this reader would see it under another address.

    Raises: what Django raises for a filter that is not offered.
    """
    other = copy(request)
    other.GET = asked  # type: ignore[assignment]
    other.method = "GET"
    return register.get_changelist_instance(other)


def read_list(request: HttpRequest, register: Any, query: str) -> tuple[list[list[str]], list[str]]:
    """The filters and the order that an address names; none for one that cannot be read."""
    asked = QueryDict(query)
    try:
        changelist = changelist_of(request, register, asked)
    except _UNREADABLE:
        return [], []
    return filters_in(asked), order_in(changelist)


def address_of(
    request: HttpRequest,
    register: Any,
    filters: Filters,
    order: Sequence[str],
    besides: Sequence[tuple[str, str]] = (),
) -> tuple[str, list[str]]:
    """The query string for kept filters and an order; and the names of filters that were dropped."""
    asked = _query(filters, besides)
    dropped: list[str] = []
    changelist = _readable(request, register, asked)
    if changelist is None:
        kept = []
        for name in dict.fromkeys(name for name, _value in filters):
            pairs = [pair for pair in filters if pair[0] == name]
            if _readable(request, register, _query(pairs, besides)) is None:
                dropped.append(name)
            else:
                kept += pairs
        asked = _query(kept, besides)
        changelist = _readable(request, register, asked)
        if changelist is None:
            # Each for itself, but not together.
            dropped, asked = [name for name, _value in filters], _query((), besides)
            changelist = changelist_of(request, register, asked)
    for name in _outdated(changelist, asked):
        dropped.append(name)
        del asked[name]
    places = {key_of(shown): at for at, shown in enumerate(changelist.list_display)}
    wanted = [
        f"-{places[key[1:]]}" if key.startswith("-") else str(places[key])
        for key in order
        if key.removeprefix("-") in places
    ]
    if wanted:
        asked[ORDER_VAR] = ".".join(wanted)
    return asked.urlencode(), dropped


def _query(filters: Filters, besides: Sequence[tuple[str, str]]) -> QueryDict:
    asked = QueryDict(mutable=True)
    for name, value in (*besides, *filters):
        asked.appendlist(name, value)
    return asked


def _readable(request: HttpRequest, register: Any, asked: QueryDict) -> Any:
    try:
        return changelist_of(request, register, asked)
    except _UNREADABLE:
        return None


def _outdated(changelist: Any, asked: QueryDict) -> list[str]:
    """The filters whose value is no longer among what they offer."""
    specs = changelist.filter_specs
    found = []
    if PARAMETER in asked and not any(PARAMETER in one.expected_parameters() for one in specs):
        # Offered only where it is in use, so a line of 今日待办 that is gone offers nothing.
        found.append(PARAMETER)
    for spec in specs:
        offered = getattr(spec, "lookup_choices", None)
        if offered is None:
            offered = getattr(getattr(spec, "field", None), "flatchoices", None)
        if not offered:
            continue
        known = {str(value) for value, _label in offered}
        for name in spec.expected_parameters():
            values = [v for value in asked.getlist(name or "") for v in value.split(",")]
            if not str(name).endswith("__isnull") and any(v not in known for v in values if v):
                found.append(name)
    return found
