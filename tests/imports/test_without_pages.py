"""The command that imports loads no pages, and a process that began without them still has them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

# Processes of their own.
pytestmark = [pytest.mark.slow, pytest.mark.once]
ROOT = Path(__file__).resolve().parents[2]
SETUP = "import os, sys, django; django.setup(); "


def _says(code: str, tmp_path: Path, **environment: str) -> str:
    settings = {"DJANGO_SETTINGS_MODULE": "backend.settings", "LINLI_VAR": str(tmp_path)}
    command = [sys.executable, "-c", SETUP + code]
    return subprocess.check_output(
        command, cwd=ROOT, env={**os.environ, **settings, **environment}, text=True
    ).strip()


@pytest.mark.parametrize(("without", "loaded"), [("1", "False"), ("", "True")])
def test_pages_are_loaded_unless_not_wanted(tmp_path: Path, without: str, loaded: str) -> None:
    code = "print('backend.core.admin' in sys.modules)"
    assert _says(code, tmp_path, LINLI_WITHOUT_PAGES=without) == loaded


def test_who_asks_for_an_address_after_all_gets_it(tmp_path: Path) -> None:
    code = "from django.urls import reverse; print(reverse('admin:people_resident_changelist'))"
    assert _says(code, tmp_path, LINLI_WITHOUT_PAGES="1") == "/admin/people/resident/"


def test_the_command_asks_for_none(tmp_path: Path) -> None:
    code = (
        "import runpy, atexit; sys.argv = ['manage.py', 'import_sheet', '--help'];"
        "atexit.register(lambda: print('pages:', 'backend.core.admin' in sys.modules));"
        "runpy.run_path('manage.py', run_name='__main__')"
    )
    # Not set up before: manage.py itself must say so.
    command = [sys.executable, "-c", "import sys;" + code]
    told = subprocess.check_output(
        command, cwd=ROOT, env={**os.environ, "LINLI_VAR": str(tmp_path)}, text=True
    )
    assert told.strip().endswith("pages: False")
