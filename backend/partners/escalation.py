"""The registers in which an issue goes on: they stand elsewhere, and are known by label and code."""

from collections.abc import Callable
from typing import Any

from django.apps import apps

from backend.core.access import Actor
from backend.partners.choices import Escalation
from backend.partners.models import IncipientIssue

# Takes an issue down in its register, and answers the code that it has there.
Beginning = Callable[[IncipientIssue, Actor], str]
_BEGINNINGS: dict[str, Beginning] = {}


def begun_by(register: str) -> Callable[[Beginning], Beginning]:
    """Marks what takes an issue down in a register: one that stands on a floor above."""

    def mark(beginning: Beginning) -> Beginning:
        _BEGINNINGS[register] = beginning
        return beginning

    return mark


def beginning_in(register: str) -> Beginning | None:
    """What takes an issue down in a register; None where staff must do it themselves first."""
    return _BEGINNINGS.get(register)


def known_in_register(register: str, code: str, community_id: int) -> bool | None:
    """Whether the register has a record of that code in the community; None if it is not there."""
    if register not in Escalation.values:
        return None
    try:
        model: Any = apps.get_model(register)
    except LookupError:
        return None
    return bool(model._default_manager.filter(code=code, community=community_id).exists())
