"""Asking a provider over HTTP: short patience, short answers, and no address in any error text."""

from importlib import import_module
from typing import Any

import orjson

from backend.messaging.channels.message import Refused

PATIENCE_SECONDS = (5, 10)
MOST_BYTES = 64 * 1024


def post_json(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    """The answer's status and its JSON object, {} if it is none.

    Raises: Refused("timeout"), Refused("unreachable"): nobody knows whether it was taken.
    """
    # Loaded when something is sent: 9 MB that no import and no page has a use for.
    requests, low = import_module("requests"), import_module("urllib3.exceptions")
    try:
        # A provider that sends us elsewhere is not the one we trust with a number.
        with requests.post(
            url,
            data=body,
            headers={"Content-Type": "application/json; charset=utf-8"} | headers,
            timeout=PATIENCE_SECONDS,
            allow_redirects=False,
            stream=True,
        ) as response:
            content = response.raw.read(MOST_BYTES, decode_content=True)
            status = response.status_code
    # From None: their texts hold the address, and with it a token.
    except (requests.Timeout, low.ReadTimeoutError):
        raise Refused("timeout") from None
    except (requests.RequestException, low.HTTPError, OSError):
        raise Refused("unreachable") from None
    try:
        answer = orjson.loads(content)
    except orjson.JSONDecodeError:
        answer = {}
    return status, answer if isinstance(answer, dict) else {}
