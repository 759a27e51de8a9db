"""Sessions in the database, sealed: a backup or a look at the table shows nobody's phone or code."""

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from backend.accounts.sealing import seal, unseal


class SessionStore(DatabaseStore):
    """Django's own, but for how a session is written down."""

    def encode(self, session_dict: dict[str, Any]) -> str:
        """The session as the table holds it."""
        return seal(self.serializer().dumps(session_dict).decode("latin-1"))

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        """The session; empty for what cannot be opened, which signs its owner out."""
        opened = unseal(session_data if isinstance(session_data, str) else session_data.decode())
        if opened is None:
            return {}
        try:
            return self.serializer().loads(opened.encode("latin-1"))  # type: ignore[no-any-return]
        except ValueError:
            return {}
