"""What a channel is given, and how it says no."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True)
class Outgoing:
    """One message to one address."""

    channel: str
    # Never logged.
    to: str = field(repr=False)
    template: str
    title: str = field(repr=False)
    body: str = field(repr=False)
    values: Mapping[str, str] = field(repr=False)
    # The same at every try, so that a provider can drop what it has had before.
    reference: str
    # When the message was written down, and whether it may have been sent before.
    made_at: datetime
    again: bool = False


class Refused(Exception):
    """The message was not taken. `code` is for the log: never a text that could name somebody."""

    def __init__(self, code: str, *, for_good: bool = False) -> None:
        super().__init__(code)
        self.code = code[:60]
        # Trying again would change nothing.
        self.for_good = for_good


class Sender(Protocol):
    """One way out of the house."""

    def carries(self, template: str) -> bool:
        """Whether messages of this kind can go this way at all."""
        ...

    def send(self, message: Outgoing) -> str:
        """Hands the message over; answers the provider's reference, "" if there is none.

        Raises: Refused.
        """
        ...
