"""Starting, watching, holding and killing the processes of a race."""

import json
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from tests.imports.races.databases import ROOT, Database
from tests.scan import SCAN

# For what hangs: what is merely slow, on whatever machine, is waited for.
PATIENCE = 300.0


@dataclass(frozen=True)
class Outcome:
    """How a process ended and what it said."""

    status: int
    said: str
    complained: str

    @property
    def answer(self) -> dict[str, Any]:
        """What it said, if that is JSON."""
        answer: dict[str, Any] = json.loads(self.said)
        return answer


class Place(Protocol):
    """What a process needs of a database."""

    @property
    def folder(self) -> Path: ...
    @property
    def environment(self) -> dict[str, str]: ...


class Process:
    """A command on a database, watched by its marks."""

    # The module that runs it and sets the marks.
    runner = "tests.imports.races.runner"

    def __init__(
        self,
        database: Place,
        *command: str,
        hold: Sequence[str] = (),
        without: Sequence[str] = (),
        runner: str = "",
    ) -> None:
        self._marks, theirs = os.pipe()
        self._rest = b""
        self._files = [
            (database.folder / f"{time.monotonic_ns()}.{kind}").open("w+b")
            for kind in ("said", "complained")
        ]
        options = json.dumps({"hold": hold, "without": without})
        started = [sys.executable, "-m", runner or self.runner, str(theirs), options]
        self._seen = {"started": time.monotonic()}
        # A session of its own: so we can tell when the children of a killed one are gone too.
        self._process = subprocess.Popen(
            [*started, *command],
            cwd=ROOT,
            env=database.environment,
            stdin=subprocess.PIPE,
            stdout=self._files[0],
            stderr=self._files[1],
            pass_fds=[theirs],
            start_new_session=True,
        )
        os.close(theirs)

    def reaches(self, mark: str, within: float = PATIENCE) -> bool:
        """Waits for a mark; False if the time is up, or the process over, before it came."""
        until = time.monotonic() + within
        while mark not in self._seen:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self._marks], [], [], left)[0]:
                return False
            piece = os.read(self._marks, 4096)
            if not piece:
                return False
            *lines, self._rest = (self._rest + piece).split(b"\n")
            for line in lines:
                self._seen.setdefault(line.decode(), time.monotonic())
        return True

    def outlasts(self, mark: str, seconds: float) -> bool:
        """Waits until this long after a mark; False, at once, if it is over before."""
        if not self.reaches(mark):
            return False
        return not self.reaches("done", self._seen[mark] + seconds - time.monotonic())

    def seconds(self, earlier: str, later: str) -> float:
        """The time from one mark to another that have both been reached."""
        return self._seen[later] - self._seen[earlier]

    @property
    def runs(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    def let_go(self) -> None:
        """Lets it go on from where it is held."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"\n")
        self._process.stdin.flush()

    def send(self, number: int) -> None:
        """Sends it a signal."""
        self._process.send_signal(number)

    def stop(self) -> None:
        """Stops all its threads where they are; the signal alone only says that they shall."""
        self.send(signal.SIGSTOP)
        threads = Path(f"/proc/{self._process.pid}/task")
        until = time.monotonic() + PATIENCE
        while not all(_is_stopped(thread) for thread in threads.iterdir()):
            assert time.monotonic() < until, "a thread goes on"
            time.sleep(0.005)

    def kill(self) -> int:
        """Kills it without warning; answers its exit status once all its children are gone."""
        self._process.send_signal(signal.SIGKILL)
        status = self._process.wait(PATIENCE)
        until = time.monotonic() + PATIENCE
        while _has_members(self._process.pid):
            assert time.monotonic() < until, "a child outlives the importer"
            time.sleep(0.02)
        self._close()
        return status

    def finish(self) -> Outcome:
        """Waits for the end."""
        status = self._process.wait(PATIENCE)
        texts = []
        for file in self._files:
            file.seek(0)
            texts.append(file.read().decode())
        self._close()
        SCAN.look("complaint", texts[1], "a child process")
        return Outcome(status, *texts)

    def complaint(self) -> str:
        """What it has written to the stream of errors so far."""
        with open(self._files[1].name, encoding="utf-8") as file:
            return file.read()

    def _close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        os.close(self._marks)
        for file in self._files:
            file.close()


def run(database: Database, *command: str) -> Outcome:
    """A command, alone and to its end."""
    return Process(database, *command).finish()


def _is_stopped(thread: Path) -> bool:
    # After the name in parentheses, which may hold anything: the state.
    return (thread / "stat").read_text().rpartition(")")[2].split()[0] == "T"


def _has_members(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
