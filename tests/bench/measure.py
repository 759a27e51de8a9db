"""Running commands and reading off their time and memory."""

import os
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Run:
    """One run of one command."""

    seconds: float
    megabytes: float
    output: str


def run(command: Sequence[str], environment: Mapping[str, str]) -> Run:
    """Runs a command to its end. Memory is the largest resident set of the process or of a child
    it waited for. Raises: RuntimeError if it ended with neither 0 nor 1.
    """
    started = time.perf_counter()
    process = subprocess.Popen(
        command, env={**os.environ, **environment}, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    # import_sheet answers 1 while rows stay rejected: they do here, on purpose.
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[1]} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024, output)


def ratio(ours: Sequence[Run], floor: Sequence[Run]) -> float:
    """The best of ours by the best of the floor's: noise only ever adds."""
    return min(r.seconds for r in ours) / min(r.seconds for r in floor)
