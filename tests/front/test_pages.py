"""The code of the pages for mini-programs and servers runs: against the mock, and the real server."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connections
from django.utils import timezone

from backend.accounts.actions import create_api_key
from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.education.models import LegalEducationEvent
from backend.people.models import CommunityRole, User
from backend.places.models import Community
from backend.services.models import ServiceBooking
from tests.accounts.wechat_stand_in import APP_ID, SECRET, running
from tests.conftest import TERM_START
from tests.front.blocks import files_of, write
from tests.front.mocked import mock_server
from tests.services.counter import new_item, new_slot

HERE = Path(__file__).resolve().parent
USE = """import datetime, json, linli, sync, book
kept = {}
since = sync.sync(kept, datetime.datetime(2020, 1, 1, tzinfo=datetime.timezone.utc))
total = linli.ask("{ slots { totalCount } }")["slots"]["totalCount"]
slot = next(one for one in kept.values() if one["status"] == "OPEN")
booked = [book.book(slot["id"], "钱若水", "13900000077", number) for number in (1, 1, 2)]
def refusal(code, ask):
    linli.http.headers["X-Mock-Error"] = code
    try:
        ask()
    except linli.Refused as error:
        return str(error)
print(json.dumps({
    "kept": len(kept), "total": total, "since": since.isoformat(), "booked": booked,
    "busy": refusal("too_many_requests", lambda: linli.ask("{ me { username } }", tries=1)),
    "key": refusal("key_invalid", lambda: linli.ask("{ me { username } }")),
}))
"""
needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="node is not here")


def ran(command: list[str], folder: Path, **environment: str) -> Any:
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"no_proxy": "*"} | environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def mini_program(folder: Path, address: str, **environment: str) -> Any:
    write(files_of("mini-programs.md"), folder)
    shutil.copy(HERE / "wx_stand_in.js", folder / "run.js")
    (folder / "sheet.csv").write_text("姓名\n张安然\n", encoding="utf-8")
    return ran(["node", "run.js"], folder, SERVER=address, **environment)


def server_side(folder: Path, address: str, key: str) -> Any:
    write(files_of("servers.md"), folder)
    return ran([sys.executable, "-c", USE], folder, LINLI=address, LINLI_KEY=key)


@pytest.fixture(scope="module")
def mock() -> Iterator[str]:
    with mock_server("-m", "schema.mock") as address:
        yield address


@pytest.mark.once
def test_each_page_shows_whole_files() -> None:
    assert set(files_of("mini-programs.md")) == {"api.js", "slot.js", "taro.ts"}
    assert set(files_of("servers.md")) == {"linli.py", "sync.py", "book.py"}
    assert {"codegen.ts", "ask.ts", "follow.ts"} <= set(files_of("web-pages.md"))


@pytest.mark.once
@needs_node
def test_the_mini_program_runs_on_the_mock(mock: str, tmp_path: Path) -> None:
    told = mini_program(tmp_path, mock, CODES="one,two", STALE="yes")
    assert told["signIns"] == 1, "a stale token is replaced once, however many ask at once"
    assert told["slot"]["item"]["title"]
    assert told["uploadSheet"]["errors"] == []
    assert told["refusals"] == ["bad_request"]
    assert told["full"] is False


@pytest.mark.once
def test_the_server_keeps_in_step_with_the_mock(mock: str, tmp_path: Path) -> None:
    told = server_side(tmp_path, mock, "llk_mock")
    assert told["kept"] == told["total"] > 40
    first, again, other = told["booked"]
    assert first == again
    assert first[0]["id"] != other[0]["id"]
    assert told["busy"] == "unreachable: HTTP 429"
    assert told["key"].startswith("key_invalid: ")


@pytest.fixture
def wechat(settings: Any) -> Iterator[Any]:
    with running() as found:
        settings.WECHAT = {
            "app_id": APP_ID,
            "secret": SECRET,
            "base_url": found.address,
            "timeout": 5,
        }
        yield found


@pytest.fixture
def served(live_server: Any, community: Community) -> Iterator[str]:
    slot = new_slot(new_item(community), capacity=1, code="slot-free")
    new_slot(slot.item, in_days=4, code="slot-later")
    yield live_server.url
    connections.close_all()


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_a_server_with_a_key_keeps_in_step_and_books(
    served: str, tmp_path: Path, worker: User
) -> None:
    scopes = ["services.see", "bookings.see", "bookings.edit", "bookings.book"]
    until = timezone.now() + timedelta(days=3)
    _key, token = create_api_key("对接", scopes, until, by=Actor.of(worker, "test"))
    assert token is not None
    told = server_side(tmp_path, served, token)
    assert told["kept"] == told["total"] == 2
    first, again, refused = told["booked"]
    assert first == again
    assert first[0]["id"]
    assert first[1] == []
    assert refused[0] is None
    assert refused[1] != []
    assert ServiceBooking.objects.count() == 1


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@needs_node
def test_a_mini_program_signs_in_with_wechat_and_books(
    served: str, wechat: Any, tmp_path: Path, event_open: LegalEducationEvent
) -> None:
    wechat.users["another-code"] = wechat.users["code-of-zhang"]
    told = mini_program(tmp_path / "first", served, CODES="code-of-zhang", STALE="yes")
    assert told["signIns"] == 1
    assert told["refusals"] == ["bad_request"]
    # A new account sees nothing yet; its file arrives whole, and a rule says no.
    assert told["slot"] is None
    assert [error["code"] for error in told["uploadSheet"]["errors"]] == ["not_found"]

    community = event_open.community
    account = User.objects.get()
    account.first_name = "周社工"
    account.save()
    role = CommunityRole(user=account, role="worker", community=community, valid_from=TERM_START)
    gate.save(role, by=SYSTEM)
    told = mini_program(tmp_path / "second", served, CODES="another-code")
    assert told["slot"]["placesLeft"] == 1
    assert told["uploadSheet"]["errors"] == []
    assert told["uploadSheet"]["report"]["batch"]["status"] == "PLANNED"
    assert told["toasts"][0] == told["toasts"][1], "the same key twice is one booking"
    assert ServiceBooking.objects.count() == 1
