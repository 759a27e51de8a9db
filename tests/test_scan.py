"""The scan after the suite finds what it is there to find, and lets a clean run pass."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fixtures.people import residents_of
from tests.scan import finds, names

pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[1]
PERSON = residents_of("xinhe")[0]
CLEAN = "def test_it(caplog):\n    logging.getLogger('linli').warning('batch %s', 'dr-1')\n"
LEAKS = {
    "a log": "def test_it():\n    logging.getLogger('linli').warning('no such phone: %s', PHONE)\n",
    "a traceback": (
        "def test_it():\n    try:\n        raise ValueError(NAME)\n"
        "    except ValueError:\n        logging.getLogger('linli').exception('broken')\n"
    ),
    "a file": (
        "def test_it(tmp_path):\n    FileSystemStorage(tmp_path).save(NAME + '.txt', ContentFile(b''))\n"
    ),
    "an error page": (
        "@pytest.mark.urls(__name__)\ndef test_it(client):\n"
        "    assert client.get('/').status_code == 404\n"
    ),
}
HEAD = f"""import logging
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage
from django.http import HttpResponse
from django.urls import path
PHONE, NAME = {PERSON.phone!r}, {PERSON.name!r}
urlpatterns = [path('', lambda request: HttpResponse('查无此人：' + NAME, status=404))]
"""


def run(folder: Path, body: str, *options: str) -> subprocess.CompletedProcess[str]:
    """A run of pytest, as the suite's, over one file."""
    (folder / "test_inner.py").write_text(HEAD + body, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.scan", "-p", "no:cacheprovider"]
    command += ["--rootdir", str(folder), "-c", os.devnull, "--ds", "backend.settings", *options]
    return subprocess.run(
        [*command, str(folder / "test_inner.py")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.slow
@pytest.mark.parametrize("leak", LEAKS)
def test_a_leak_fails_a_run_whose_tests_pass(tmp_path: Path, leak: str) -> None:
    done = run(tmp_path, LEAKS[leak])
    assert "1 passed" in done.stdout, done.stdout + done.stderr
    assert done.returncode == 1
    assert "test_inner.py::test_it" in done.stdout.split("personal data")[-1]
    # The report names the place and not the person.
    report = done.stdout.split("personal data")[-1]
    assert PERSON.name not in report
    assert PERSON.phone not in report


@pytest.mark.slow
def test_a_leak_in_one_of_several_processes_fails_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, LEAKS["a log"], "-n", "1")
    assert (done.returncode, "1 passed" in done.stdout) == (1, True), done.stdout


@pytest.mark.slow
def test_a_clean_run_passes(tmp_path: Path) -> None:
    done = run(tmp_path, CLEAN)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing found" in done.stdout


def test_what_counts_as_personal() -> None:
    known = names()
    assert list(finds("rang 13900000001 twice", known)) == ["a phone"]
    assert list(finds("36010219580312451X", known)) == ["an identity number"]
    assert list(finds(f"居民{PERSON.name}来过", known)) == ["a name"]
    # A masked one, a random file name, a number that is no phone.
    assert list(finds("139****0001 uploads/a13912345678f 12345 2026-11-25", known)) == []
