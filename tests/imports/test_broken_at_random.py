"""Three hundred files broken at random: one clear sentence each, or a sound plan; and nothing else.

`LINLI_BROKEN=3000-5000` breaks others, by hand.
"""

import os
import tempfile
import traceback
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction

from backend.core.access import Actor
from backend.imports.actions import Upload, confirm_import, plan_batch, receive
from backend.imports.corrected import corrected_workbook
from backend.imports.plan import Plan
from backend.imports.queries import all_problems, as_answer
from backend.imports.sheet import Sheet, sheet_of
from backend.people.models import User
from tests.conftest import ON_POSTGRES
from tests.imports.breaking import KINDS, Broken, anyhow, broken, ways_of
from tests.imports.breaking.judging import Cost, complaint, no_child_is_left, planned
from tests.imports.doors import written

pytestmark = pytest.mark.slow
FIRST, _, LAST = os.environ.get("LINLI_BROKEN", "0-300").partition("-")
# The files are read the same way on either database; what differs is what it keeps.
NUMBERS = range(int(FIRST), int(LAST), 5 if ON_POSTGRES else 1)
# What this process may grow by after the first third of them, in megabytes.
GROWTH = 40


def _size() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


class Bench:
    """Plans broken files as the server does, and keeps what is a plan as the server would."""

    def __init__(self, user: User, folder: Path, patch: Any) -> None:
        self.folder, self.patch = folder, patch
        self.sheet: Sheet = sheet_of("attendance")
        self.target = self.sheet.find_target("pf-open")
        self.by = Actor.of(user, "admin")

    def comes_to(self, file: Broken) -> tuple[str, str, Cost]:
        """What is wrong with what a file came to, what that was, and what it took."""
        asked = {"community": self.target.community, "target": self.target, "called": file.name}
        plan, cost = planned(file, self.folder, self.sheet, self.patch, **asked)
        wrong = complaint(plan, cost)
        if not wrong and not plan.refused:
            wrong = self._is_kept(file)
        return wrong, plan.file_problems[-1].code if plan.refused else "a plan", cost

    def _is_kept(self, file: Broken) -> str:
        """Whether a plan can be stored, shown, carried out and corrected; then all is undone."""
        with transaction.atomic():
            receipt = Upload(ContentFile(file.content), file.name, len(file.content))
            batch = receive(
                receipt,
                self.sheet,
                community=self.target.community,
                by=self.by,
                target_code="pf-open",
            )
            batch = plan_batch(batch, by=self.by)
            told = list(all_problems(batch))
            as_answer(batch)
            corrected_workbook(batch).close()
            if batch.create + batch.update:
                batch = confirm_import(batch, by=self.by, take_good=True)
            Path(batch.upload.path).unlink()
            transaction.set_rollback(True)
        return "" if all(p.message for p in told) else "a problem without a sentence"


def test_each_gets_one_clear_sentence_or_a_sound_plan_in_time_and_within_memory(
    demo_worker: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "files"
    folder.mkdir()
    bench = Bench(demo_worker, folder, monkeypatch.setattr)
    before, there = written(), _files()
    wrong: list[str] = []
    came_to: Counter[str] = Counter()
    size = most = slowest = 0.0
    for number in NUMBERS:
        file = broken(number)
        try:
            complaint_, what, cost = bench.comes_to(file)
        except Exception as error:
            # The others are worth knowing too.
            place = traceback.extract_tb(error.__traceback__)[-1]
            wrong.append(f"{file}: {type(error).__name__} in {place.filename}:{place.lineno}")
            continue
        came_to[what] += 1
        most = max(most, cost.megabytes)
        slowest = max(slowest, cost.cpu)
        if complaint_:
            wrong.append(f"{file}: {complaint_}")
        if number == NUMBERS[len(NUMBERS) // 3]:
            # By now everything is loaded that will be.
            size = _size()
    print(f"{dict(came_to)}, at most {most:.0f} MB and {slowest:.1f} s of work")
    assert not wrong, "\n".join(wrong)
    assert _size() - size < GROWTH, "this process has grown"
    assert no_child_is_left()
    assert list(folder.iterdir()) == []
    assert _files() == there, "a file is left behind"
    assert written() == before
    # Neither all harmless nor all hopeless, or this proves little.
    assert came_to["a plan"] > len(NUMBERS) / 10
    assert came_to["file_broken"] > len(NUMBERS) / 10
    assert len(came_to) >= 5, came_to


def _files() -> set[str]:
    """What lies where temporary files and uploads are."""
    media = Path(settings.MEDIA_ROOT)
    uploads = (
        {str(path) for path in media.rglob("*") if path.is_file()} if media.exists() else set()
    )
    temporary = Path(tempfile.gettempdir())
    return uploads | {str(p) for p in temporary.glob("tmp*") if p.stat().st_uid == os.getuid()}


def test_the_same_number_breaks_the_same_way() -> None:
    for number in (0, 5, 8, 9, 41):
        assert broken(number) == broken(number)
    ways = {way for number in range(300) for way in ways_of(number)}
    known = {way.__name__ for _, own in KINDS.values() for way in own} | {
        way.__name__ for way in anyhow.WAYS
    }
    assert ways == known, "300 files meet every way of breaking"


def test_control_a_judge_that_sees_nothing_would_be_no_judge() -> None:
    cheap = Cost(0.1, 0.1, 1, 30)
    plan = Plan(register="attendance")
    assert complaint(plan, cheap) == "a plan of nothing"
    plan.refuse("file_broken", "BadZipFile: not a zip")
    assert complaint(plan, cheap).startswith("not a clear sentence")
    plan.file_problems.clear()
    plan.refuse("file_broken", "文件不完整或已损坏，请重新上传")
    assert complaint(plan, cheap) == ""
    assert complaint(plan, Cost(0.1, 11, 1, 30)) == "11.0 s of work"
    assert complaint(plan, Cost(0.1, 1, 150, 151)) == "150 + 151 MB"
    plan.refuse("file_empty", "这个文件是空的，请重新上传")
    assert complaint(plan, cheap).startswith("not one sentence")
