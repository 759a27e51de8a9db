"""What single fields allow, compiled once a model: the same checks for one record or 100 000."""

import datetime
import re
from collections.abc import Callable
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone

from backend.core.errors import RuleViolation
from backend.core.words import in_chinese

Fault = tuple[str, str]
_RANGES = {
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "SmallIntegerField": (-(2**15), 2**15 - 1),
    "PositiveIntegerField": (0, 2**31 - 1),
    "BigIntegerField": (-(2**63), 2**63 - 1),
    "PositiveBigIntegerField": (0, 2**63 - 1),
}
Check = Callable[[Any], Fault | None]
_LIMITS = (MinValueValidator, MaxValueValidator)

_NOTHING = object()
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


def check_fields(record: models.Model, passed: dict[str, Any] | None = None) -> None:
    """Raises: required, too_long, invalid_choice, invalid_value, for the first field at fault.

    `passed` is for the records of one set: the value of each field that was found good last. Most
    fields of most rows hold the very same one, which need not be asked about again.
    """
    values = record.__dict__
    if passed is None:
        passed = {}
    for attname, name, label, check in _compiled(type(record)):
        value = values[attname]
        if passed.get(attname, _NOTHING) is value:
            continue
        fault = check(value)
        if fault is not None:
            code, message = fault
            raise RuleViolation(code, f"{label}{message}", field=name)
        passed[attname] = value


@cache
def _compiled(model: type[models.Model]) -> list[tuple[str, str, str, Check]]:
    found = [
        (field.attname, field.name, in_chinese(field.verbose_name), _check_of(field))
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name not in _BOOKKEEPING
    ]
    return [(a, n, label, check) for a, n, label, check in found if check is not None]


def _types_of(field: models.Field[Any, Any]) -> tuple[type, ...]:
    for kind, types in _TYPES:
        if isinstance(field, kind):
            return types
    return ()


def _check_of(field: models.Field[Any, Any]) -> Check | None:
    if isinstance(field, models.ForeignKey):
        # Whether the row is there is asked for all records at once, by Facts.
        return None if field.null else _missing
    types = _types_of(field)
    validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    if types == (str,):
        return _text_check(field, validators)
    if types == (int,) and all(isinstance(v, _LIMITS) for v in validators):
        return _whole_number_check(field, validators)
    return _general_check(field, types, validators)


def _missing(value: Any) -> Fault | None:
    return ("required", "没有填，请选择。") if value is None else None


# No database keeps these: NUL, and halves of a character.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_REQUIRED: Fault = ("required", "没有填，请填写。")
_WRONG_TYPE: Fault = ("invalid_value", "的格式不对，请核对。")


def _text_check(field: models.Field[Any, Any], validators: list[Any]) -> Check:
    null, blank = field.null, field.blank
    allowed = frozenset(value for value, _ in field.flatchoices) if field.choices else None
    max_length = field.max_length or 10**9

    def check(value: Any) -> Fault | None:
        if value == "":
            return None if blank else _REQUIRED
        if not isinstance(value, str):
            if value is None:
                return None if null else _REQUIRED
            return _WRONG_TYPE
        if not blank and value.isspace():
            return _REQUIRED
        if not value.isprintable() and _UNSTORABLE.search(value):
            return "invalid_value", "里有不能保存的字符，请重新输入。"
        if allowed is not None and value not in allowed:
            return "invalid_choice", "不在可选的范围内，请从列表中选。"
        if len(value) > max_length:
            return "too_long", f"最多 {max_length} 个字，请缩短。"
        return _first_fault(validators, value) if validators else None

    return check


def _whole_number_check(field: models.Field[Any, Any], validators: list[Any]) -> Check:
    null = field.null
    # What PostgreSQL holds, everywhere: SQLite would take more.
    floor, ceiling = _RANGES.get(field.get_internal_type(), (-(2**31), 2**31 - 1))
    low = max((v.limit_value for v in validators if isinstance(v, MinValueValidator)), default=None)
    low = floor if low is None else low
    high = min(
        (v.limit_value for v in validators if isinstance(v, MaxValueValidator)), default=ceiling
    )
    high = min(high, ceiling)

    def check(value: Any) -> Fault | None:
        if value is None:
            return None if null else _REQUIRED
        if value.__class__ is not int:
            return _WRONG_TYPE
        if value < low or value > high:
            return "invalid_value", f"应在 {low} 到 {high} 之间。"
        return None

    return check


def _general_check(
    field: models.Field[Any, Any], types: tuple[type, ...], validators: list[Any]
) -> Check:
    null = field.null
    moment = datetime.datetime in types
    only_day = types == (datetime.date,)

    def check(value: Any) -> Fault | None:
        if value is None:
            return None if null else _REQUIRED
        if types and not isinstance(value, types):
            return _WRONG_TYPE
        if only_day and isinstance(value, datetime.datetime):
            return _WRONG_TYPE
        if moment and timezone.is_naive(value):
            return "invalid_value", "没有时区，请核对。"
        return _first_fault(validators, value) if validators else None

    return check


def _first_fault(validators: list[Any], value: Any) -> Fault | None:
    for validate in validators:
        try:
            validate(value)
        except RuleViolation as fault:
            return fault.code, "：" + fault.message
        except ValidationError as fault:
            return "invalid_value", "：" + "；".join(fault.messages)
    return None
