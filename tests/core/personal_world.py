"""A row of every table that holds personal data, with values that are known when they show."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.apps import apps
from django.db import models
from django.utils import timezone

from backend.core.models import Kept
from backend.places.models import Community

# What the first row and the second one are given: name, phone, and how all else begins.
VALUES = (("欧阳若谷", "13912345678", "QX7"), ("司马问天", "13787654321", "QY8"))
_NUMBERS = count(1)


def personal_models() -> list[type[Kept]]:
    """Every table with personal fields, by label."""
    found = [m for m in apps.get_models() if issubclass(m, Kept) and m.personal]
    return sorted(found, key=lambda model: model._meta.label)


def secret(model: type[Kept], name: str, which: int = 0) -> str:
    """The value that a personal field is given: nothing else on any page looks like it."""
    kind = model.personal[name]
    person, phone, hidden = VALUES[which]
    if kind in ("name", "phone"):
        return person if kind == "name" else phone
    field: Any = model._meta.get_field(name)
    return f"{hidden}{name}"[: field.max_length]


def secrets(model: type[Kept], names: Any, which: int = 0) -> set[str]:
    """The values of those of `names` that are personal; not of those one chooses from a list, for
    a page tells the whole list.
    """
    free = [n for n in names if n in model.personal and not model._meta.get_field(n).choices]  # type: ignore[union-attr]
    return {secret(model, name, which) for name in free}


def make(model: type[Kept], community: Community, which: int = 0) -> Any:
    """A row of the table in the community. Written past the gate: here only what is shown counts."""
    values = {field.name: _value(model, field, community, which) for field in _required(model)}
    record = model(**values)
    record.save()
    return record


def _required(model: type[Kept]) -> Iterator[Any]:
    for field in model._meta.concrete_fields:
        asked = not field.null and not field.has_default() and not field.blank
        # Where nothing else is said, a constraint wants a place.
        named = field.name in ("code", "place")
        wanted = asked or named or field.name in model.personal
        if wanted and not field.primary_key:
            yield field


def _value(model: type[Kept], field: Any, community: Community, which: int) -> Any:
    number = next(_NUMBERS)
    if field.name in model.personal and not field.choices:
        return secret(model, field.name, which)
    if field.is_relation:
        return _related(field.related_model, community, which)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.DateTimeField):
        # Later and later: an end comes after its start.
        return timezone.now() + timedelta(minutes=number)
    if isinstance(field, models.DateField):
        return timezone.localdate() + timedelta(days=number)
    if isinstance(field, models.TimeField):
        return (datetime.min + timedelta(minutes=number)).time()
    if isinstance(field, models.IntegerField):
        return number
    if isinstance(field, models.BooleanField):
        return False
    return f"w{number}"


def _related(target: Any, community: Community, which: int) -> Any:
    if target is Community:
        return community
    rows = target._default_manager.all()
    if any(field.name == "community" for field in target._meta.concrete_fields):
        rows = rows.filter(community=community)
    return rows.first() or make(target, community, which)
