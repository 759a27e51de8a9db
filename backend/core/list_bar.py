"""The bar above a register's list and in its export page: what apps add there (views, boards, …)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True)
class BarPart:
    """A piece of the bar: a template, which finds its context under `part`."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


# Takes the request, the register's admin and its change list as it was asked for.
BarMaker = Callable[[HttpRequest, Any, Any], BarPart | None]
_MAKERS: list[BarMaker] = []


def list_bar(maker: BarMaker) -> BarMaker:
    """Registers a maker; it answers None for a list to which it adds nothing."""
    _MAKERS.append(maker)
    return maker


def parts_of(request: HttpRequest, register: Any, changelist: Any) -> list[BarPart]:
    """The parts of a list's bar, in the order in which the apps stand."""
    made = (maker(request, register, changelist) for maker in _MAKERS)
    return [found for found in made if found is not None]


# The same for the page on which an export is asked for: (above its form, within it).
ExportMaker = Callable[[HttpRequest, Any], tuple[BarPart | None, BarPart | None]]
_EXPORT_MAKERS: list[ExportMaker] = []


def export_bar(maker: ExportMaker) -> ExportMaker:
    """Registers a maker of what stands above an export's form, and at its end."""
    _EXPORT_MAKERS.append(maker)
    return maker


def export_parts_of(request: HttpRequest, register: Any) -> dict[str, list[BarPart]]:
    """What stands above an export's form, and at its end."""
    made = [maker(request, register) for maker in _EXPORT_MAKERS]
    return {
        "above": [above for above, _end in made if above is not None],
        "end": [end for _above, end in made if end is not None],
    }
