"""The worst broken files, uploaded to a real server as a person would: it answers all the while."""

import os
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import requests

from tests.demo.test_serve import free_port, start, status, stop, wait_for
from tests.imports.breaking import Broken, broken, ways_of

# The server is a process of its own, on SQLite.
pytestmark = [pytest.mark.slow, pytest.mark.once]

WORST = (
    "packed_tight", "deep_xml", "an_entity_bomb", "huge_merges", "huge_strings", "millions_of_strings",
    "millions_of_styles", "millions_of_errors", "many_sheets", "strange_characters", "absurd_rows",
    "bogus_sizes", "a_member_doubled", "a_chain_in_circles", "cells_in_far_corners", "counts_of_strings",
    "rows_repeated", "tables_in_tables", "a_line_without_end", "an_open_quote", "as_utf_16",
)  # fmt: skip
SENTENCE = re.compile(r"[一-龥]{4}")
# Beyond what it took to start and to show its pages, in megabytes.
GROWTH = 120


def worst() -> list[Broken]:
    """The first file broken in each of the worst ways."""
    found: dict[str, Broken] = {}
    for number in range(1_000):
        way, *more = ways_of(number)
        if way in WORST and way not in found and not more:
            found[way] = broken(number)
    assert len(found) >= 20, set(WORST) - set(found)
    return list(found.values())


def tree(root: int) -> dict[int, str]:
    """The processes under one, by key, with their command lines."""
    parents, lines = {}, {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdecimal():
            continue
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            lines[int(entry.name)] = (entry / "cmdline").read_text().replace("\0", " ")
        except OSError:
            continue
        parents[int(entry.name)] = int(stat[1])
    inside = {root}
    while more := {pid for pid, parent in parents.items() if parent in inside} - inside:
        inside |= more
    return {pid: lines[pid] for pid in inside if pid in lines}


def megabytes(pids: Iterator[int]) -> float:
    """The largest of some processes, in memory."""
    pages = [int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids]
    return max(pages) * os.sysconf("SC_PAGE_SIZE") / 2**20


def web(root: int) -> Iterator[int]:
    return (pid for pid, line in tree(root).items() if "granian" in line)


class Alive(threading.Thread):
    """Asks the server how it is, ten times a second."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self.port, self.over = port, threading.Event()
        self.answers: list[int | None] = []
        self.slowest = 0.0

    def run(self) -> None:
        while not self.over.wait(0.1):
            began = time.monotonic()
            self.answers.append(status(self.port, "/healthz"))
            self.slowest = max(self.slowest, time.monotonic() - began)


def signed_in(base: str) -> requests.Session:
    browser = requests.Session()
    page = browser.get(f"{base}/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
    assert token
    given = {"csrfmiddlewaretoken": token[1], "login": "worker", "password": "demo-worker"}
    browser.post(f"{base}/accounts/login/", given, headers={"Referer": base})
    assert browser.get(f"{base}/admin/", allow_redirects=False).status_code == 200
    return browser


def upload(browser: requests.Session, base: str, file: Broken, event: int) -> str:
    """The page that an upload leads to."""
    address = f"{base}/admin/education/attendance/import/"
    given = {"csrfmiddlewaretoken": browser.cookies["csrftoken"], "target": str(event)}
    files = {"import_file": (file.name, file.content)}
    page = browser.post(address, given, files=files, headers={"Referer": address})
    assert page.status_code == 200, (str(file), page.status_code)
    return page.text


def test_the_server_answers_while_the_worst_files_come_in(tmp_path: Path) -> None:
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    server = start(tmp_path, port)
    try:
        wait_for(port, "/readyz")
        database = tmp_path / "linli.sqlite3"

        def ask(sql: str) -> list[tuple[object, ...]]:
            with closing(sqlite3.connect(database)) as connection:
                return connection.execute(sql).fetchall()

        ((event,),) = ask("SELECT id FROM education_legaleducationevent WHERE code = 'pf-open'")
        browser = signed_in(base)
        assert isinstance(event, int)
        browser.get(f"{base}/admin/education/attendance/import/")
        before = megabytes(web(server.pid))
        there = ask("SELECT count(*) FROM education_attendance")
        alive = Alive(port)
        alive.start()
        files = worst()
        for file in files:
            assert SENTENCE.search(upload(browser, base, file, event))
        # Some are read in the background.
        until = time.monotonic() + 120
        while ask("SELECT 1 FROM imports_importbatch WHERE status = 'reading'"):
            assert time.monotonic() < until, "a file is still being read"
            time.sleep(0.5)
        alive.over.set()
        alive.join()
        assert set(alive.answers) == {200}
        ended = ask('SELECT status, file_problems, "read" FROM imports_importbatch')
        assert len(ended) == len(files)
        assert {status for status, _, _ in ended} == {"refused", "planned"}
        for state, problems, read in ended:
            assert (state == "planned") is bool(read)
            assert state == "planned" or SENTENCE.search(
                str(problems).encode().decode("unicode_escape")
            )
        assert ask("SELECT count(*) FROM education_attendance") == there
        assert megabytes(web(server.pid)) - before < GROWTH
        assert not [line for line in tree(server.pid).values() if "reader_process" in line]
        print(
            f"{len(files)} files, {len(alive.answers)} answers, the slowest {alive.slowest:.1f} s"
        )
    finally:
        said = stop(server)
    assert "Traceback" not in said
