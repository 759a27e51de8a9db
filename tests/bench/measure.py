"""Running commands and reading off their time and memory."""

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PAUSE_SECONDS = 0.02


@dataclass(frozen=True)
class Run:
    """One run of one command. Memory in MB: the largest resident set of the process, and of the
    largest child that it had (0 where it had none).
    """

    seconds: float
    megabytes: float
    child_megabytes: float
    output: str


@dataclass
class _Watch:
    """Looks again and again how much a process and its children hold; Linux alone can tell."""

    pid: int
    own: float = 0
    child: float = 0
    over: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        while not self.over.wait(PAUSE_SECONDS):
            self.own = max(self.own, _most(self.pid))
            try:
                pids = children.read_text().split()
            except OSError:
                continue
            self.child = max([self.child, *(_most(int(pid)) for pid in pids)])


def _most(pid: int) -> float:
    """The most that a process has held so far."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    found = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(found[0]) / 1024 if found else 0


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Runs a command to its end. Raises: RuntimeError if it ended with neither 0 nor 1."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    watch = _Watch(process.pid)
    watcher = threading.Thread(target=watch.run)
    watcher.start()
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    watch.over.set()
    watcher.join()
    process.returncode = os.waitstatus_to_exitcode(status)
    # import_sheet answers 1 while rows stay rejected: they do here, on purpose.
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[1]} ended with {process.returncode}")
    # Where nobody could look, what the system says at the end: of the larger of the two.
    return Run(seconds, watch.own or usage.ru_maxrss / 1024, watch.child, output)


def best(runs: Sequence[Run]) -> float:
    """The seconds of the quickest: noise only ever adds."""
    return min(run.seconds for run in runs)


def ratio(ours: Sequence[Run], floor: Sequence[Run]) -> float:
    """The best of ours by the best of the floor's."""
    return best(ours) / best(floor)
