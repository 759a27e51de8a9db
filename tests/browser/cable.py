"""A network cable that can be pulled: everything between a browser and a server goes through it.

Playwright's own switch does not reach what a service worker fetches.
"""

import socket
import threading
from contextlib import suppress
from urllib.parse import urlsplit


class Cable:
    """Carries bytes from a port of its own to a server's; nothing while it is pulled."""

    def __init__(self, server: str) -> None:
        where = urlsplit(server)
        self._server = (where.hostname or "", where.port or 0)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self._open: set[socket.socket] = set()
        self._pulled = False
        self._answers_lost = False
        threading.Thread(target=self._accept, daemon=True).start()

    def pull(self) -> None:
        """Cuts what is under way, and whatever begins."""
        self._pulled = True
        for one in list(self._open):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def plug_in(self) -> None:
        """Carries again."""
        self._pulled = self._answers_lost = False

    def lose_answers(self) -> None:
        """What is asked arrives, and no answer comes back."""
        self._answers_lost = True

    def close(self) -> None:
        """Ends for good."""
        self.pull()
        self._listening.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listening.accept()
            except OSError:
                return
            if self._pulled:
                near.close()
                continue
            far = socket.create_connection(self._server)
            self._open |= {near, far}
            threading.Thread(target=self._carry, args=(near, far, False), daemon=True).start()
            threading.Thread(target=self._carry, args=(far, near, True), daemon=True).start()

    def _carry(self, source: socket.socket, target: socket.socket, answers: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if answers and self._answers_lost:
                    break
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            self._open.discard(one)
