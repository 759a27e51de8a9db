"""Panels: what apps above the core add to the page of any record (attachments, requests, …)."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest

from backend.core.models import Kept


@dataclass(frozen=True)
class Panel:
    """A box under a record's form: a template and what it needs."""

    template: str
    context: dict[str, Any] = field(default_factory=dict)


PanelMaker = Callable[[HttpRequest, Kept], Panel | None]
_MAKERS: list[PanelMaker] = []


def panel(maker: PanelMaker) -> PanelMaker:
    """Registers a maker; it answers None for a record that it has nothing to add to."""
    _MAKERS.append(maker)
    return maker


def panels_of(request: HttpRequest, record: Kept) -> list[Panel]:
    """The panels of a record's page, in the order in which the apps stand."""
    made = (maker(request, record) for maker in _MAKERS)
    return [found for found in made if found is not None]
