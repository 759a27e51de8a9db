"""The same key twice gives the first result."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation, not_found
from backend.core.many import Told
from backend.core.models import IdempotencyKey
from backend.core.words import in_chinese

K = TypeVar("K", bound=Model)
MAX_LENGTH = 80


def once(
    verb: str,
    key: str,
    by: Actor,
    model: type[K],
    make: Callable[[], K],
    also: Q | None = None,
    rows: QuerySet[Any] | None = None,
) -> K:
    """What `make` made, or made earlier under this key of this caller.

    An earlier one is answered only while the caller may see it; `also` are further rows of `model`
    that this caller may be answered with; `rows` are all of them, where `model` is no register's.
    Raises: idempotency_key_invalid; not_found; whatever `make` raises (then the key is free again).
    """
    _is_a_key(key)
    with transaction.atomic():
        # The caller's own row is the lock: two tries with one key wait for each other. Not its key:
        # who promotes this caller from a waitlist writes a message to them, and must not wait here.
        get_user_model().objects.select_for_update(no_key=True).get(pk=by.user.pk)
        earlier = IdempotencyKey.objects.filter(user_id=by.user.pk, verb=verb, key=key).first()
        if earlier is not None:
            known = _seen(model, by, also) if rows is None else rows
            found: Any = known.filter(pk=earlier.object_id).first()
            if found is None:
                raise not_found(in_chinese(model._meta.verbose_name))
            return found
        record = make()
        gate.keep_notes(
            [IdempotencyKey(user_id=by.user.pk, verb=verb, key=key, object_id=record.pk)]
        )
        return record


def _seen(model: Any, by: Actor, also: Q | None) -> QuerySet[Any]:
    seen = model.visible(by.user) if also is None else model.visible(by.user) | also
    found: QuerySet[Any] = model._default_manager.filter(seen)
    return found


def once_many(verb: str, key: str, by: Actor, do: Callable[[], Told[Any]]) -> Told[int]:
    """As `once`, for a verb that does many: which row was made at which index, and what was refused.

    Where nothing was made, the key stays free. Raises: idempotency_key_invalid; what `do` raises.
    """
    _is_a_key(key)
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=by.user.pk)
        earlier = IdempotencyKey.objects.filter(user_id=by.user.pk, verb=verb, key=key).first()
        if earlier is not None:
            return _remembered(earlier.answer or {})
        done = do()
        told = Told({index: row.pk for index, row in done.made.items()}, done.refused)
        if told.made:
            row = IdempotencyKey(user_id=by.user.pk, verb=verb, key=key, object_id=0)
            row.answer = _kept(told)
            gate.keep_notes([row])
        return told


def _kept(told: Told[int]) -> dict[str, Any]:
    refused = {
        str(index): [[one.code, one.message, one.field] for one in some]
        for index, some in told.refused.items()
    }
    return {"made": {str(index): pk for index, pk in told.made.items()}, "refused": refused}


def _remembered(answer: dict[str, Any]) -> Told[int]:
    return Told(
        {int(index): pk for index, pk in answer.get("made", {}).items()},
        {
            int(index): [RuleViolation(code, message, field=field) for code, message, field in some]
            for index, some in answer.get("refused", {}).items()
        },
    )


def _is_a_key(key: str) -> None:
    if not key or len(key) > MAX_LENGTH:
        raise RuleViolation(
            "idempotency_key_invalid",
            f"请给出 1 到 {MAX_LENGTH} 个字符的 idempotencyKey。",
            field="idempotency_key",
        )
