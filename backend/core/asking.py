"""What the counting rules have against a move that the diagram allows: asked without writing.

One answer for every door: the buttons of a record's page and `availableActions` of the main API ask
here. A register says how its rules are asked; where it says nothing, its verb refuses when it comes
to it.
"""

from collections.abc import Callable
from typing import Any

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.core.models import Kept

# The record, the verb, who would do it -> why not, None for nothing.
WhyNot = Callable[[Any, str, Actor], str | None]
_ASKED: dict[str, WhyNot] = {}


def asked_by(model: type[Kept], why_not: WhyNot) -> None:
    """Registers how a model's rules are asked. Once a model."""
    if model._meta.label in _ASKED:
        raise LookupError(f"{model._meta.label} is asked twice")
    _ASKED[model._meta.label] = why_not


def refusal(ask: Callable[[], object]) -> str | None:
    """What a rule says against something, None if it lets it pass."""
    try:
        ask()
    except RuleViolation as violation:
        return violation.message
    return None


def why_not(record: Kept, verb: str, by: Actor) -> str | None:
    """Why the rules refuse the move now, for staff; None if they do not, or are not asked before."""
    ask = _ASKED.get(record._meta.label)
    return ask(record, verb, by) if ask is not None else None
