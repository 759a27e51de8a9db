"""Sending what is made to hurt, and showing that its refusal cost nothing."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.schema.asking import MAIN, OPEN, caller

# Of this thread alone: how long it waits for others on a busy machine says nothing of the refusal.
SECONDS = 1.0
BOTH = pytest.mark.parametrize("address", [MAIN, OPEN])
JSON = "application/json"
# A list that both APIs have, with a nested object and a nested connection somewhere below.
LIST = "legalEducationEvents"


def codes_of(response: Any) -> set[str]:
    """The codes of an answer's errors, of all operations of a batch."""
    answers = response.json()
    found = answers if isinstance(answers, list) else [answers]
    return {error["extensions"]["code"] for one in found for error in one.get("errors", ())}


def refused(do: Callable[[], Any], *, statements: int = 0) -> set[str]:
    """Sends; the answer's codes, once it is shown that it was a refusal that cost nothing."""
    begun = time.thread_time()
    with CaptureQueriesContext(connection) as captured:
        response = do()
    assert time.thread_time() - begun < SECONDS
    assert len(captured) <= statements, [query["sql"][:100] for query in captured]
    assert response.status_code < 500
    assert response["Content-Type"].startswith(JSON)
    found = codes_of(response)
    assert found, response.content[:300]
    assert "internal" not in found
    return found


def post(address: str, query: Any, variables: Any = None, client: Client | None = None) -> Any:
    body = {"query": query, "variables": variables}
    return (client or caller()).post(address, json.dumps(body), content_type=JSON)
