"""What the system tells people: each kind of message, declared by the app that sends it.

An app's notices.py declares its kinds when it is imported. Staff of a community may change the
words (MessageTemplate); the placeholders are the kind's.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise

from backend.messaging.rules import placeholders_are_kept, placeholders_are_known

# Every message of a community may name it.
COMMUNITY_NAME = "community_name"


@dataclass(frozen=True)
class TemplateKind:
    """One kind of message: Chinese text with {placeholders}, and the ways it may go."""

    # Stable, for programs and for once keys.
    code: str
    title: str
    body: str
    # Placeholder -> what staff are told it stands for.
    placeholders: Mapping[str, str | Promise]
    channels: tuple[str, ...] = ("inbox", "sms", "email", "wechat")
    # What staff read in the list of templates: "报名成功".
    label: str | Promise = ""
    # Placeholders that a reworded body must keep: without them it would say nothing.
    needed: tuple[str, ...] = ()
    # A code for signing in: it is sent at once, shown nowhere and not for staff to reword.
    secret: bool = False


_KINDS: dict[str, TemplateKind] = {}


def declare(kind: TemplateKind) -> TemplateKind:
    """Makes a kind of message known. Raises: placeholder_unknown, placeholder_missing."""
    for text in (kind.title, kind.body):
        placeholders_are_known(text, kind.placeholders, "")
    placeholders_are_kept(kind.body, kind.needed, kind.placeholders, "")
    _KINDS[kind.code] = kind
    return kind


def kind_of(code: str) -> TemplateKind:
    """The kind of that code. Raises: KeyError."""
    return _KINDS[code]


def all_kinds() -> list[TemplateKind]:
    """Every one, in the order in which the apps declare them."""
    return list(_KINDS.values())
