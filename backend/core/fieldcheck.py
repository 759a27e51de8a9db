"""What single fields allow, compiled once a model: the same checks for one record or 100 000."""

import datetime
from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils import timezone

from backend.core.errors import RuleViolation

Check = Callable[[Any], tuple[str, str] | None]

_BOOKKEEPING = {"revision", "created_at", "updated_at"}
_TYPES: list[tuple[type[models.Field[Any, Any]], tuple[type, ...]]] = [
    (models.BooleanField, (bool,)),
    (models.IntegerField, (int,)),
    (models.DateTimeField, (datetime.datetime,)),
    (models.DateField, (datetime.date,)),
    (models.TimeField, (datetime.time,)),
    (models.CharField, (str,)),
    (models.TextField, (str,)),
]


def check_fields(record: models.Model) -> None:
    """Raises: required, too_long, invalid_choice, invalid_value, for the first field at fault."""
    values = record.__dict__
    for attname, name, label, check in _compiled(type(record)):
        fault = check(values[attname])
        if fault is not None:
            code, message = fault
            raise RuleViolation(code, f"{label}{message}", field=name)


@cache
def _compiled(model: type[models.Model]) -> list[tuple[str, str, str, Check]]:
    return [
        (field.attname, field.name, str(field.verbose_name), _check_of(field))
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in _BOOKKEEPING
    ]


def _types_of(field: models.Field[Any, Any]) -> tuple[type, ...]:
    for kind, types in _TYPES:
        if isinstance(field, kind):
            return types
    return ()


def _check_of(field: models.Field[Any, Any]) -> Check:
    null, blank = field.null, field.blank
    if isinstance(field, models.ForeignKey):
        return lambda value: ("required", "没有填，请选择。") if value is None and not null else None
    types = _types_of(field)
    allowed = frozenset(value for value, _ in field.flatchoices) if field.choices else None
    max_length = field.max_length if str in types else None
    validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    is_int = int in types

    def check(value: Any) -> tuple[str, str] | None:
        if value is None:
            return None if null else ("required", "没有填，请填写。")
        if types and not isinstance(value, types) or (is_int and value is True):
            return "invalid_value", "的格式不对，请核对。"
        if value == "":
            return None if blank else ("required", "没有填，请填写。")
        if allowed is not None and value not in allowed:
            return "invalid_choice", "不在可选的范围内，请从列表中选。"
        if max_length is not None and len(value) > max_length:
            return "too_long", f"最多 {max_length} 个字，请缩短。"
        return _first_fault(validators, value)

    if datetime.datetime in types:
        return lambda value: _aware(value) or check(value)
    return check


def _aware(value: Any) -> tuple[str, str] | None:
    if isinstance(value, datetime.datetime) and timezone.is_naive(value):
        return "invalid_value", "没有时区，请核对。"
    return None


def _first_fault(validators: list[Any], value: Any) -> tuple[str, str] | None:
    for validate in validators:
        try:
            validate(value)
        except RuleViolation as fault:
            return fault.code, "：" + fault.message
        except ValidationError as fault:
            return "invalid_value", "：" + "；".join(fault.messages)
    return None
