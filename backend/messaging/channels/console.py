"""Messages on the standard output: for trying things out, never for a server with people in it."""

import sys

from django.conf import settings

from backend.messaging.addresses import masked_address
from backend.messaging.channels.message import Outgoing


class ConsoleSender:
    """Prints each message; outside the demo without its words, which may name people."""

    def carries(self, template: str) -> bool:
        """Any kind."""
        return True

    def send(self, message: Outgoing) -> str:
        """Prints one line."""
        to = masked_address(message.channel, message.to)
        words = f" {message.title} | {message.body}" if settings.DEMO else ""
        sys.stdout.write(f"[{message.channel}] {to} {message.template}{words}\n")
        sys.stdout.flush()
        return ""
