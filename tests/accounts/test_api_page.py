"""docs/api/sign-in.md is a script that works: every block, in its order, against a real server."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from backend.accounts.models import ApiKey, SignInPhone
from backend.education.models import LegalEducationEvent
from backend.people.models import CommunityRole, Resident, User
from tests.accounts.wechat_stand_in import APP_ID, SECRET, running

pytestmark = pytest.mark.django_db(transaction=True)

PAGE = Path(__file__).resolve().parents[2] / "docs" / "api" / "sign-in.md"
BLOCKS = re.findall(r"^```bash\n(.*?)^```$", PAGE.read_text("utf-8"), re.S | re.M)
# What the page leaves to the reader's phone.
PREAMBLE = """set -eu
the_code_on_the_phone() { cat outbox/*.jsonl | json '["values"]["code"]'; }
the_code_of_wx_login() { echo code-of-zhang; }
"""


@pytest.fixture
def served(live_server: Any, settings: Any, tmp_path: Path) -> Iterator[str]:
    settings.MESSAGING_CHANNELS = {"sms": "file", "email": "off", "wechat": "off"}
    settings.OUTBOX_DIR = tmp_path / "outbox"
    with running() as wechat:
        settings.WECHAT = {
            "app_id": APP_ID,
            "secret": SECRET,
            "base_url": wechat.address,
            "timeout": 5,
        }
        yield live_server.url
    connections.close_all()


@pytest.mark.skipif(not shutil.which("curl") or not shutil.which("bash"), reason="needs curl, bash")
def test_every_block_of_the_page_works(
    served: str,
    tmp_path: Path,
    worker: User,
    resident: Resident,
    event_open: LegalEducationEvent,
) -> None:
    said = subprocess.run(
        ["bash", "-c", PREAMBLE + "\necho\n".join(BLOCKS)],
        cwd=tmp_path,
        env={**os.environ, "B": served, "no_proxy": "*"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert said.returncode == 0, said.stdout + said.stderr
    answers = [json.loads(line) for line in re.findall(r'\{"data".*?\}(?=\{|\s|$)', said.stdout)]
    assert len(answers) == said.stdout.count('{"data"') >= 6
    assert not any("errors" in answer for answer in answers), answers
    claimed = next(a["data"]["claimResident"] for a in answers if "claimResident" in a["data"])
    assert claimed["errors"] == []
    assert claimed["resident"] == {"community": "xinhe", "name": "王*"}
    assert {"legalEducationEvents": {"totalCount": 1}} in [answer["data"] for answer in answers]
    assert SignInPhone.objects.get().user == Resident.objects.get().user
    assert CommunityRole.objects.filter(role="resident").count() == 1
    assert ApiKey.objects.get().owner == worker


def test_the_page_shows_every_way_in() -> None:
    text = "".join(BLOCKS)
    for way in ("/accounts/login/", "auth/login", "code/confirm", "weixin_mini", "Bearer"):
        assert way in text
