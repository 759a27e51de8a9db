"""The TypeScript project of this folder, in a copy that a test may build in."""

import shutil
import subprocess
from pathlib import Path

from tests.front.mocked import ROOT

FOLDER = Path(__file__).resolve().parent


def copied(into: Path) -> Path:
    """A copy of this folder, with what it reads from the repository beside it."""
    shutil.copytree(ROOT / "schema" / "snapshots", into / "schema" / "snapshots")
    journeys = ROOT / "docs" / "api" / "journeys"
    if journeys.is_dir():
        shutil.copytree(journeys, into / "docs" / "api" / "journeys")
    kept = shutil.ignore_patterns("node_modules", "generated", "dist", "*.py", "__pycache__")
    shutil.copytree(FOLDER, into / "tests" / "front", ignore=kept)
    return into / "tests" / "front"


def run(folder: Path, *command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


def types(folder: Path) -> subprocess.CompletedProcess[str]:
    return run(folder, "npx", "--no-install", "tsc", "--noEmit")
