"""Schemathesis asks both APIs, as four callers, what nobody thought of: questions made from the schemas.

It lives in a virtual environment of its own, made from tests/schema/schemathesis/requirements.lock,
and asks a real server of the demo whose other community is marked (marking.py). What an answer must
not hold stands in hooks.py; here it is looked at that it asked, and was answered.
"""

import json
import os
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from graphql import build_schema, graphql_sync

from fixtures.serve import _web_server as web_server
from tests.demo.test_serve import free_port, wait_for
from tests.imports.races.databases import new_world, run_in
from tests.schema.asking import MAIN, OPEN

pytestmark = [pytest.mark.slow, pytest.mark.once]

HERE = Path(__file__).with_name("schemathesis")
ROOT = Path(__file__).resolve().parents[2]
CHECKS = ("linli_no_server_error", "linli_no_unexpected_exception", "linli_no_row_of_others")
SEED = "20250831"
NO_PROXY = {"no_proxy": "*", "NO_PROXY": "*"}
UNLIMITED = {
    f"LINLI_{name}_REQUESTS_PER_MINUTE": "0"
    for name in ("GRAPHQL", "GRAPHQL_ANONYMOUS", "OPEN_DATA")
}


class Run(NamedTuple):
    """What Schemathesis said in the end, and a line for each request."""

    status: int
    said: str
    lines: list[dict[str, Any]]


@pytest.fixture(scope="module")
def schemathesis(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, in its own environment; kept under LINLI_VAR for as long as the lock stays."""
    lock = HERE / "requirements.lock"
    base = os.environ.get("LINLI_VAR")
    folder = Path(base) if base else tmp_path_factory.mktemp("fuzz")
    home = folder / "schemathesis"
    mark = home / "installed.lock"
    command = home / "bin" / "schemathesis"
    if mark.exists() and mark.read_bytes() == lock.read_bytes():
        return command
    shutil.rmtree(home, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, timeout=120)
    pip = [str(home / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    done = subprocess.run(
        [*pip, "--require-hashes", "-r", str(lock)],
        capture_output=True, text=True, timeout=300, check=False,
    )  # fmt: skip
    if done.returncode != 0:
        # A lock that is wrong is no reason to leave the test out.
        assert "THESE PACKAGES DO NOT MATCH" not in done.stderr, done.stderr
        pytest.skip(f"Schemathesis could not be installed: {done.stderr.strip().splitlines()[-1:]}")
    shutil.copy(lock, mark)
    return command


# The demo migrates, and the tables are there already.
FROM_MODELS = {"DJANGO_SETTINGS_MODULE": "tests.settings_from_models"}


class Demo(NamedTuple):
    """The demo at its address, and where it stands what must not be told there."""

    address: str
    world: Path


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    folder = tmp_path_factory.mktemp("served")
    world, said, port = folder / "world.json", folder / "said.txt", free_port()
    with new_world(folder / "var", "fixtures.load_demo", **FROM_MODELS) as database:
        run_in(database, "-m", "tests.schema.schemathesis.marking", str(world))
        with said.open("w") as log:
            server = subprocess.Popen(
                [sys.executable, *web_server(port)],
                cwd=ROOT, env=database.environment | UNLIMITED, stdout=log, stderr=log,
            )  # fmt: skip
        try:
            wait_for(port, "/healthz")
            yield Demo(f"http://127.0.0.1:{port}", world)
        finally:
            server.terminate()
            server.wait(timeout=60)
        assert "Traceback" not in said.read_text()


def asked(
    command: Path, url: str, world: Path, folder: Path, *more: str, examples: int, token: str = ""
) -> Run:
    """Asks at an address, so many questions of each root field and mutation."""
    log = folder / "asked.jsonl"
    log.touch()
    arguments = [
        *("--no-color", "run", url, "--phases", "fuzzing", "--mode", "positive", "--no-shrink"),
        *("--checks", ",".join(CHECKS), "--continue-on-failure", "--suppress-health-check", "all"),
        *("--seed", SEED, "--max-examples", str(examples), "--generation-database", "none"),
        *("--workers", "2", "--warnings", "off", *more),
    ]
    if token:
        arguments += ["-H", f"X-Session-Token: {token}"]
    done = subprocess.run(
        [str(command), *arguments],
        cwd=folder, capture_output=True, text=True, timeout=900, check=False,
        env={
            **os.environ,
            **NO_PROXY,
            "PYTHONPATH": str(HERE),
            "SCHEMATHESIS_HOOKS": "hooks",
            "LINLI_FUZZ_WORLD": str(world),
            "LINLI_FUZZ_LOG": str(log),
        },
    )  # fmt: skip
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    return Run(done.returncode, done.stdout[-6000:] + done.stderr[-2000:], lines)


def token_of(demo: Demo, name: str) -> str:
    request = urllib.request.Request(
        f"{demo.address}/_allauth/app/v1/auth/login",
        json.dumps({"username": name, "password": f"demo-{name}"}).encode(),
        {"Content-Type": "application/json"},
    )
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=20) as answer:
        return str(json.load(answer)["meta"]["session_token"])


@pytest.mark.parametrize("name", ["resident", "worker", "secretary"])
def test_the_main_api_answers_whatever_it_is_asked(
    schemathesis: Path, served: Demo, tmp_path: Path, name: str
) -> None:
    token = token_of(served, name)
    run = asked(
        schemathesis, served.address + MAIN, served.world, tmp_path, examples=3, token=token
    )
    assert run.status == 0, run.said
    operations = {line["of"] for line in run.lines}
    assert len([one for one in operations if one.startswith("Query.")]) > 80
    assert len([one for one in operations if one.startswith("Mutation.")]) > 150
    # The control: what is asked is understood, and comes as far as the rules.
    told = sum(line["told"] for line in run.lines)
    assert told > 0.75 * len(run.lines), Counter(str(line["codes"]) for line in run.lines)
    refusals = Counter(code for line in run.lines for code in line["refused"])
    assert len(refusals) > 5, refusals
    assert not any("session_invalid" in line["codes"] for line in run.lines)


def test_open_data_answers_whatever_it_is_asked(
    schemathesis: Path, served: Demo, tmp_path: Path
) -> None:
    world = json.loads(served.world.read_text())
    # Everybody may see the other community's published rows, and nothing else of it.
    world |= {"words": world["open_words"], "forbidden": {}}
    given = tmp_path / "world.json"
    given.write_text(json.dumps(world))
    run = asked(schemathesis, served.address + OPEN, given, tmp_path, examples=10)
    assert run.status == 0, run.said
    assert len({line["of"] for line in run.lines}) > 25
    told = sum(line["told"] for line in run.lines)
    assert told > 0.5 * len(run.lines), Counter(str(line["codes"]) for line in run.lines)


# --- the control: an API that does what none of ours may -----------------------------------------

LEAKING = build_schema("""
type Query { kept: String shown: String raises: Int id: ID plain: String down: Int }
""")


class _Leaking(BaseHTTPRequestHandler):
    words: list[str] = []

    def do_POST(self) -> None:
        given = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if "down" in given["query"]:
            self.send_error(500)
            return
        values = {"kept": self.words[1], "shown": self.words[0], "id": self.words[2]}
        done = graphql_sync(LEAKING, given["query"], {**values, "plain": "x"})
        answer: dict[str, Any] = dict(done.formatted)
        if "raises" in given["query"]:
            answer["errors"] = [{"message": "x", "extensions": {"code": "internal"}}]
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


def test_an_api_that_leaks_or_breaks_is_found(schemathesis: Path, tmp_path: Path) -> None:
    world = {
        "own": {"Resident": [1]}, "other": {"Resident": [7]}, "forbidden": {"Resident": [7]},
        "codes": {"own": {}, "other": {}}, "communities": ["here", "there"],
        "words": ["外街所有", "外街所藏"],
    }  # fmt: skip
    given = tmp_path / "world.json"
    given.write_text(json.dumps(world))
    _Leaking.words = ["外街所有的店", "外街所藏的事", "UmVzaWRlbnQ6Nw=="]
    with ThreadingHTTPServer(("127.0.0.1", 0), _Leaking) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}/"
        run = asked(schemathesis, url, given, tmp_path, examples=2)
        server.shutdown()
    assert run.status == 1, run.said
    for name in CHECKS:
        assert name in run.said
    for wrong in ("Query.kept", "Query.shown", "Query.id", "Query.raises", "Query.down"):
        assert wrong in run.said
    assert f"_ {'Query.plain'} _" not in run.said, "what is right is not found"
