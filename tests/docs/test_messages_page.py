"""Every example of docs/api/messages.md is a request that works."""

from typing import Any

import pytest

from backend.core import gate
from backend.core.access import SYSTEM
from backend.messaging.actions import Recipient, tell
from backend.messaging.models import MessageTemplate
from backend.people.models import User
from tests.docs.blocks import Example, examples_of
from tests.docs.codes import ROOT
from tests.messaging.conftest import VALUES
from tests.schema.asking import caller, data

PAGE = (ROOT / "docs" / "api" / "messages.md").read_text(encoding="utf-8")
EXAMPLES = examples_of(PAGE)
FOR_STAFF = ["Kinds", "TryWords"]


@pytest.mark.django_db
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_of_the_page_works(
    example: Example, resident_user: User, worker: User, community: Any
) -> None:
    told = [Recipient(user=resident_user)]
    tell(told, "event_registered", VALUES, community=community, once_key="registration 1")
    template = {"kind": "event_cancelled", "title": "活动取消", "body": "“{event_title}”取消了。"}
    gate.save(MessageTemplate(community=community, **template), by=SYSTEM)
    who = worker if example.name in FOR_STAFF else resident_user
    answer = data(caller(who), example.query)
    for thing in answer.values():
        assert thing, "an example that answers nothing shows nothing"
        assert not isinstance(thing, dict) or thing.get("errors", []) == []
    if example.name == "Inbox":
        assert answer["myMessages"]["unreadCount"] == 1


def test_the_page_has_its_examples() -> None:
    assert [example.name for example in EXAMPLES] == [
        "Inbox",
        "ReadAll",
        "HowIAmTold",
        "NoTextMessages",
        *FOR_STAFF,
    ]


def test_the_page_names_every_kind_of_message() -> None:
    for code in ("event_registered", "event_promoted", "job_finished", "subject_request_done"):
        assert f"`{code}`" in PAGE
