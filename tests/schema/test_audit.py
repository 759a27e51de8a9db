"""npm graphql-http's audit of GraphQL over HTTP, against a real server: no error on either address."""

import json
import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.schema.asking import MAIN, OPEN

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db(transaction=True)]

NPM = Path(__file__).with_name("npm")
# What the audit of this version looks at; were it fewer, it would not have run.
AUDITS = 60
# A question that open data cannot answer is HTTP 400, so that no cache keeps it as an answer.
KNOWN: dict[str, set[str]] = {
    MAIN: set(),
    OPEN: {
        f"SHOULD use {what} failure when accepting application/json"
        for what in (
            "200 status code on document parsing",
            "200 status code on document validation",
            "a status code of 200 on variable coercion",
        )
    },
}


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the audit and what it needs, installed from its lock."""
    if not shutil.which("npm"):
        pytest.skip("needs node and npm")
    folder = tmp_path_factory.mktemp("audit")
    for name in ("package.json", "package-lock.json", ".npmrc", "audit.mjs"):
        shutil.copy(NPM / name, folder / name)
    said = subprocess.run(
        ["npm", "ci", "--no-audit", "--no-fund"],
        cwd=folder, capture_output=True, text=True, timeout=180, check=False,
    )  # fmt: skip
    if said.returncode != 0:
        pytest.skip(f"npm could not install: {said.stderr.strip().splitlines()[-1:]}")
    return folder


def audited(folder: Path, url: str) -> list[dict[str, Any]]:
    said = subprocess.run(
        ["node", "audit.mjs", url],
        cwd=folder, capture_output=True, text=True, timeout=120, check=False,
        env={**os.environ, "no_proxy": "*", "NO_PROXY": "*"},
    )  # fmt: skip
    assert said.returncode == 0, said.stderr
    found: list[dict[str, Any]] = json.loads(said.stdout)
    return found


@pytest.mark.parametrize("address", [MAIN, OPEN])
def test_no_error_in_the_audit(audit: Path, live_server: Any, address: str) -> None:
    found = audited(audit, live_server.url + address)
    statuses = Counter(one["status"] for one in found)
    assert len(found) >= AUDITS, statuses
    wrong = [one for one in found if one["status"] == "error"]
    assert wrong == [], statuses
    # What it only recommends is kept, too, but for what is said below.
    warned = {one["name"] for one in found if one["status"] == "warn"}
    assert warned <= KNOWN[address], statuses
    assert statuses["ok"] > 40, "the control: it asks, and is answered"


def test_an_address_that_is_no_graphql_fails_it(audit: Path, live_server: Any) -> None:
    """The control."""
    found = audited(audit, f"{live_server.url}/healthz")
    assert sum(one["status"] == "error" for one in found) > 10
