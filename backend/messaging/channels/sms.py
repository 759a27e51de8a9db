"""SMS through a provider that takes a signed JSON POST: nearly all of them do, each with other names.

What is posted is a template of JSON in LINLI_SMS_BODY: of its texts, {to}, {text}, {template},
{reference} and {sign} are replaced, and "{params}" becomes the object of the values. The body is
signed: X-Linli-Signature is the HMAC-SHA256, in hex, of timestamp, line feed and body.
"""

import hashlib
import hmac
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings

from backend.messaging.channels.http import post_json
from backend.messaging.channels.message import Outgoing, Refused
from backend.messaging.rules import fill

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_LONG_NUMBER = re.compile(r"\d{7}")


@dataclass(frozen=True)
class SmsProvider:
    """Where a provider is and how it wants to be asked."""

    url: str
    key_id: str
    secret: str
    # 【…】 before the text, as carriers require.
    sign: str
    body: Mapping[str, Any]
    # Our kind of message -> the provider's template, where it wants one.
    templates: Mapping[str, str]
    # Which field of the answer says how it went, and what it then says; "" for the status alone.
    ok_field: str
    ok_values: tuple[str, ...]
    reference_field: str


class HttpSmsSender:
    """Posts each message to the provider of SMS_PROVIDER."""

    def __init__(self) -> None:
        self._provider = SmsProvider(**settings.SMS_PROVIDER)

    def carries(self, template: str) -> bool:
        """Any kind; of a provider that holds the templates, those that it holds."""
        return not self._provider.templates or template in self._provider.templates

    def send(self, message: Outgoing) -> str:
        """Posts the message; answers the provider's reference. Raises: Refused."""
        provider = self._provider
        if not provider.url:
            raise Refused("not_set_up")
        values = {
            "to": message.to,
            "text": f"{provider.sign}{message.body}",
            "template": provider.templates.get(message.template, message.template),
            "reference": message.reference,
            "sign": provider.sign,
        }
        body = orjson.dumps(_filled(provider.body, values, dict(message.values)))
        status, answer = post_json(provider.url, body, self._signed(body, message.reference))
        if status in (408, 425, 429) or status >= 500:
            raise Refused(f"http_{status}")
        said = str(answer.get(provider.ok_field, "")) if provider.ok_field else ""
        if not 200 <= status < 300:
            # 401, 403, 404: our key or address is wrong; the message is not to blame.
            raise Refused(f"http_{status}", for_good=status in (400, 422))
        if provider.ok_field and said not in provider.ok_values:
            # Perhaps a limit a day: what is wrong for good is tried some times in vain.
            raise Refused(f"provider_{_plain(said)}")
        return str(answer.get(provider.reference_field, ""))[:100]

    def _signed(self, body: bytes, reference: str) -> dict[str, str]:
        timestamp = str(int(time.time()))
        signature = hmac.new(
            self._provider.secret.encode(), timestamp.encode() + b"\n" + body, hashlib.sha256
        )
        return {
            "X-Linli-Key": self._provider.key_id,
            "X-Linli-Timestamp": timestamp,
            "X-Linli-Signature": signature.hexdigest(),
            "Idempotency-Key": reference,
        }


def _filled(template: Any, values: Mapping[str, str], params: dict[str, str]) -> Any:
    if isinstance(template, Mapping):
        return {name: _filled(part, values, params) for name, part in template.items()}
    if isinstance(template, list):
        return [_filled(part, values, params) for part in template]
    if template == "{params}":
        return params
    return fill(template, values) if isinstance(template, str) else template


def _plain(code: str) -> str:
    """A provider's code; "other" for what could be a sentence, or a number of somebody's."""
    return code if _CODE.fullmatch(code) and not _LONG_NUMBER.search(code) else "other"
