"""After the whole suite: no personal datum in any log line, error page, report or file name.

A pytest plugin. While tests run, it keeps what the product logged, the bodies of refused requests,
the names of files it stored, and what child processes complained; at the end it looks for whole
phones, identity numbers, and names of the demo's people. A find fails the run, and says where.
"""

import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.storage import FileSystemStorage
from django.test import Client

from fixtures.people import newcomers, residents_of

# Not within a word: a random name of a file is hexadecimal.
PHONE = re.compile(r"(?<![0-9A-Za-z])1[3-9]\d{9}(?![0-9A-Za-z])")
IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dXx]"
    r"(?![0-9A-Za-z])"
)
# Loggers of the tests' own tools: what a driver or a server library says of our requests to it.
NOT_OURS = ("asyncio", "hypothesis", "urllib3", "faker", "PIL")


def names() -> frozenset[str]:
    """The people of the demo and of its sheets."""
    known = {p.name for code in ("xinhe", "dongfang") for p in residents_of(code)}
    return frozenset(known | {p.name for p in newcomers()})


def finds(text: str, known: frozenset[str]) -> Iterator[str]:
    """The kinds of personal data in a text, never the values."""
    if PHONE.search(text):
        yield "a phone"
    if IDENTITY.search(text):
        yield "an identity number"
    for piece in re.findall(r"[\u4e00-\u9fff]+", text):
        for size in (2, 3, 4):
            if any(piece[i : i + size] in known for i in range(len(piece) - size + 1)):
                yield "a name"
                return


class Scan:
    """What one process of the suite has seen so far, looked through as it comes."""

    def __init__(self) -> None:
        self.known = names()
        self.seen = {"log": 0, "error page": 0, "file name": 0, "complaint": 0}
        self.bad: list[str] = []
        self.test = ""

    def look(self, kind: str, text: str, where: str) -> None:
        """Looks through one text."""
        self.seen[kind] += 1
        for found in finds(text, self.known):
            self.bad.append(f"{found} in a {kind} ({where}) during {self.test}")


SCAN = Scan()


class Listener(logging.Handler):
    """Hears every logger that speaks, tracebacks and all."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.split(".")[0] not in NOT_OURS:
            SCAN.look("log", self.format(record), record.name)


LISTENER = Listener(logging.INFO)


def _watch_responses() -> None:
    plain = Client.request

    def request(self: Any, **given: Any) -> Any:
        response = plain(self, **given)
        if response.status_code >= 400 and not response.streaming:
            SCAN.look("error page", response.content.decode("utf-8", "replace"), "response")
        return response

    Client.request = request  # type: ignore[method-assign]


def _watch_files() -> None:
    plain = FileSystemStorage._save  # type: ignore[attr-defined]

    def save(self: Any, name: str, content: Any) -> Any:
        stored = plain(self, name, content)
        SCAN.look("file name", str(stored), "storage")
        return stored

    FileSystemStorage._save = save  # type: ignore[attr-defined]


def pytest_sessionstart(session: pytest.Session) -> None:
    """Begins to listen."""
    LISTENER.setFormatter(logging.Formatter("%(levelname)s %(name)s %(message)s"))
    _watch_responses()
    _watch_files()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Notes which test runs, and listens: whoever sets Django up anew has cleared the handlers."""
    SCAN.test = item.nodeid
    if LISTENER not in logging.getLogger().handlers:
        logging.getLogger().addHandler(LISTENER)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """Takes over what a process of the suite has found."""
    output = getattr(node, "workeroutput", {})
    SCAN.bad += output.get("linli_bad", [])
    for kind, count in output.get("linli_seen", {}).items():
        SCAN.seen[kind] += count


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """Hands the finds up, or fails the run by them."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["linli_bad"], output["linli_seen"] = SCAN.bad, SCAN.seen
    elif SCAN.bad and exitstatus in (0, 5):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Says what was looked through and what was found."""
    seen = ", ".join(f"{count} × {kind}" for kind, count in SCAN.seen.items())
    terminalreporter.section("personal data")
    terminalreporter.line(f"looked through {seen}: {len(SCAN.bad) or 'nothing'} found")
    for line in sorted(set(SCAN.bad))[:40]:
        terminalreporter.line(f"  {line}")
