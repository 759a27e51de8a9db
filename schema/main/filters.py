"""Filters that many lists take alike: `community = of_community()` in a filter type."""

from datetime import datetime
from typing import Any

import strawberry_django
from django.db.models import Q

from schema.main.base import since


def of_community() -> Any:
    """Rows of one community."""

    def community(self: Any, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}community__code": value})

    return strawberry_django.filter_field(community, description="Of the community with this code.")


def updated_since() -> Any:
    """Rows that changed at or after a moment: for programs that keep a copy."""

    def updated_since(self: Any, value: datetime, prefix: str) -> Q:
        return since(value, prefix)

    return strawberry_django.filter_field(
        updated_since, description="Changed at or after this moment."
    )


def starts_from() -> Any:
    """Rows that begin at or after a moment."""

    def starts_from(self: Any, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}starts_at__gte": value})

    return strawberry_django.filter_field(
        starts_from, description="Begins at or after this moment."
    )


def starts_before() -> Any:
    """Rows that begin before a moment."""

    def starts_before(self: Any, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}starts_at__lt": value})

    return strawberry_django.filter_field(starts_before, description="Begins before this moment.")


def code_of(path: str, description: str) -> Any:
    """Rows of the record with a code; `path` leads to that record."""

    def with_code(self: Any, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}{path}__code": value})

    return strawberry_django.filter_field(with_code, description=description)


def one_of(choices: Any, column: str, description: str) -> Any:
    """Rows whose `column` holds one of some choices."""

    def among(self: Any, value: Any, prefix: str) -> Q:
        return Q(**{f"{prefix}{column}__in": value})

    among.__annotations__["value"] = list[choices]
    return strawberry_django.filter_field(among, description=description)
