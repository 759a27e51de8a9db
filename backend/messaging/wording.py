"""The words of a message: a community's own if staff changed them, else the declared ones."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.core.words import in_chinese
from backend.messaging.choices import OUTGOING
from backend.messaging.models import MessageTemplate
from backend.messaging.rules import fill
from backend.messaging.templates import TemplateKind

TITLE_LENGTH = 100


@dataclass(frozen=True)
class Wording:
    """A title and a body with placeholders, and the ways out of the house that are on."""

    title: str
    body: str
    channels: frozenset[str]

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Title and body with the values in place. Raises: KeyError for one that is missing."""
        return fill(self.title, values)[:TITLE_LENGTH], fill(self.body, values)


def declared_wording(kind: TemplateKind) -> Wording:
    """The words that the kind came with."""
    outgoing = frozenset(channel for channel in OUTGOING if channel in kind.channels)
    return Wording(kind.title, kind.body, outgoing)


def wording_of(kind: TemplateKind, community: Any) -> Wording:
    """The words in force in a community."""
    declared = declared_wording(kind)
    own = MessageTemplate.objects.filter(community=community, kind=kind.code).first()
    if own is None:
        return declared
    return Wording(own.title, own.body, own.channels & declared.channels)


def samples(kind: TemplateKind) -> dict[str, str]:
    """What a preview writes for each placeholder: 〔活动名称〕."""
    return {name: f"〔{in_chinese(label)}〕" for name, label in kind.placeholders.items()}
