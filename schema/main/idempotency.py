"""The same key twice gives the first result."""

from collections.abc import Callable
from typing import Any, TypeVar

from django.contrib.auth import get_user_model
from django.db import transaction

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.models import IdempotencyKey, Kept

K = TypeVar("K", bound=Kept)
MAX_LENGTH = 80


def once(verb: str, key: str, by: Actor, model: type[K], make: Callable[[], K]) -> K:
    """What `make` made, or made earlier under this key of this caller.

    Raises: idempotency_key_invalid; whatever `make` raises (then the key is free again).
    """
    if not key or len(key) > MAX_LENGTH:
        raise RuleViolation(
            "idempotency_key_invalid",
            f"请给出 1 到 {MAX_LENGTH} 个字符的 idempotencyKey。",
            field="idempotency_key",
        )
    with transaction.atomic():
        # The caller's own row is the lock: two tries with one key wait for each other. Not its key:
        # who promotes this caller from a waitlist writes a message to them, and must not wait here.
        get_user_model().objects.select_for_update(no_key=True).get(pk=by.user.pk)
        earlier = IdempotencyKey.objects.filter(user_id=by.user.pk, verb=verb, key=key).first()
        if earlier is not None:
            found: Any = model._default_manager.get(pk=earlier.object_id)
            return found
        record = make()
        gate.keep_notes(
            [IdempotencyKey(user_id=by.user.pk, verb=verb, key=key, object_id=record.pk)]
        )
        return record
