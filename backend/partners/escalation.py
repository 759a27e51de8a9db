"""The registers in which an issue goes on: they stand elsewhere, and are known by label and code."""

from typing import Any

from django.apps import apps

from backend.partners.choices import Escalation


def known_in_register(register: str, code: str, community_id: int) -> bool | None:
    """Whether the register has a record of that code in the community; None if it is not there."""
    if register not in Escalation.values:
        return None
    try:
        model: Any = apps.get_model(register)
    except LookupError:
        return None
    return bool(model._default_manager.filter(code=code, community=community_id).exists())
