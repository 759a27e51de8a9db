"""What comes of a broken file, judged: a clear sentence or a sound plan, in time, within memory."""

import os
import re
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.imports import reading
from backend.imports.plan import Plan
from backend.imports.planning import plan_file
from backend.imports.sheet import Sheet
from tests.imports.breaking import Broken

SECONDS = 10.0
MEGABYTES = 300
_COUNTED = ("create", "update", "unchanged", "skip", "reject")
# What is wrong with the headings is said of each of them.
_PEAK = re.compile(r"VmHWM:\s+(\d+)")
_OF_HEADINGS = ("column_missing", "column_twice", "column_unknown", "column_off")
_TECHNICAL = re.compile(r"Error|Exception|Traceback|None|\\x|0x|xml|<|zip", re.IGNORECASE)


@dataclass
class Cost:
    """What a file took: seconds on the clock and of work, megabytes at most, in both processes."""

    seconds: float
    cpu: float
    parent: float
    child: float

    @property
    def megabytes(self) -> float:
        return self.parent + self.child


class Watched(subprocess.Popen):  # type: ignore[type-arg]
    """A child whose memory and work are known when it is over.

    The kernel's own figure for a child's memory begins with the parent's, so it is looked at from
    outside, again and again: a high-water mark misses nothing but its last moments.
    """

    peaks: list[float] = []
    cpu: list[float] = []

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._peak = 0.0
        self._looking = threading.Thread(target=self._look, daemon=True)
        self._looking.start()

    def _look(self) -> None:
        while self.returncode is None:
            try:
                status = Path(f"/proc/{self.pid}/status").read_text()
                command = Path(f"/proc/{self.pid}/cmdline").read_text()
            except OSError:
                return
            if (found := _PEAK.search(status)) and "reader_process" in command:
                self._peak = int(found[1]) / 1024
            time.sleep(0.004)

    def _reap(self, options: int) -> bool:
        if self.returncode is None:
            pid, status, usage = os.wait4(self.pid, options)
            if not pid:
                return False
            self.returncode = os.waitstatus_to_exitcode(status)
            self._looking.join()
            Watched.peaks.append(self._peak)
            Watched.cpu.append(usage.ru_utime + usage.ru_stime)
        return True

    def poll(self) -> int | None:
        """As `Popen.poll`."""
        self._reap(os.WNOHANG)
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """As `Popen.wait`; those of the reading know no end but the child's."""
        self._reap(0)
        assert self.returncode is not None
        return self.returncode


def _peak() -> float:
    """The most memory that this process has had since it was last reset, in megabytes."""
    status = Path("/proc/self/status").read_text()
    found = _PEAK.search(status)
    assert found
    return int(found[1]) / 1024


def measured(work: Callable[[], Plan], patch: Callable[..., None]) -> tuple[Plan, Cost]:
    """What the work answers, and what it took."""
    patch(reading.subprocess, "Popen", Watched)
    Watched.peaks.clear()
    Watched.cpu.clear()
    # Sets the high-water mark back.
    Path("/proc/self/clear_refs").write_text("5")
    before, started, cpu = _peak(), time.monotonic(), time.process_time()
    plan = work()
    spent = time.process_time() - cpu + sum(Watched.cpu)
    seconds = time.monotonic() - started
    return plan, Cost(seconds, spent, max(_peak() - before, 0), max(Watched.peaks, default=0))


def planned(
    file: Broken, folder: Path, sheet: Sheet, patch: Callable[..., None], **asked: Any
) -> tuple[Plan, Cost]:
    """The plan for a broken file, and what it took."""
    path = folder / file.name
    path.write_bytes(file.content)
    try:
        return measured(lambda: plan_file(path, sheet, **asked), patch)
    finally:
        path.unlink()


def complaint(plan: Plan, cost: Cost) -> str:
    """What is wrong with what came of a file; "" if nothing is."""
    if cost.cpu > SECONDS:
        return f"{cost.cpu:.1f} s of work"
    if cost.megabytes > MEGABYTES:
        return f"{cost.parent:.0f} + {cost.child:.0f} MB"
    counts = plan.counts_dict()
    if counts["read"] != sum(counts[name] for name in _COUNTED):
        return "the counts do not add up"
    if not plan.refused:
        return "" if counts["read"] else "a plan of nothing"
    told = plan.file_problems
    if any(problem.row is not None for problem in told) or plan.chunks:
        return "a refused file with rows"
    refusing = [p for p in told if p.level == "error" or p.code == "several_sheets"]
    others = [p for p in told if p not in refusing]
    if len(refusing) != 1 and not all(p.code in _OF_HEADINGS for p in refusing):
        return f"not one sentence: {[p.code for p in told]}"
    if not refusing or any(p.code not in _OF_HEADINGS for p in others):
        return f"more than one thing is said: {[p.code for p in told]}"
    for problem in refusing:
        message = problem.message
        if not re.search("[一-龥]{4}", message) or "请" not in message or len(message) > 200:
            return f"not a clear sentence: {problem.code}"
        if _TECHNICAL.search(message.replace(".xlsx", "").replace("Excel", "")):
            return f"a technical sentence: {problem.code}"
    return ""


def no_child_is_left() -> bool:
    """Whether this process has no children that the reading has started."""
    path = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    names = []
    for pid in path.read_text().split():
        try:
            names.append(Path(f"/proc/{pid}/cmdline").read_text())
        except OSError:
            continue
    return not any("reader_process" in name for name in names)
