"""The page follows a slot over a WebSocket, typed, at a real server."""

import subprocess
from pathlib import Path

import pytest

from tests.front.project import run
from tests.live.conftest import Server, server

__all__ = ["server"]

# Node has WebSocket of its own from 22 on; before, the package that codegen brings does.
FOLLOW = """
import WebSocket from "ws";
globalThis.WebSocket ??= WebSocket;
const [host, code] = process.argv.slice(1);
const { Api } = await import("./dist/api.js");
const { followSlot } = await import("./dist/booking-page.js");
const api = new Api(`http://${host}`);
await api.signIn("worker", "demo-worker");
const stop = new AbortController();
let told = 0;
await followSlot(api, `ws://${host}/graphql/`, code, (slot) => {
  console.log(slot.placesLeft);
  if (++told === 2) stop.abort();
}, stop.signal);
"""


@pytest.mark.slow
def test_the_page_is_told_of_a_booking(project: Path, server: Server) -> None:
    built = run(project, "npx", "--no-install", "tsc")
    assert built.returncode == 0, built.stdout
    with subprocess.Popen(
        ["node", "--input-type=module", "-e", FOLLOW, server.host, "xinhe-slot"],
        cwd=project,
        stdout=subprocess.PIPE,
        text=True,
    ) as page:
        assert page.stdout is not None
        try:
            assert page.stdout.readline().strip() == "9"
            server.run("book", "xinhe-slot", "钱若水")
            assert page.stdout.readline().strip() == "8"
            assert page.wait(20) == 0, "the page stops following when it is told to"
        finally:
            page.kill()
