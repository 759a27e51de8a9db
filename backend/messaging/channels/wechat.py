"""WeChat: subscribe messages of a mini-program (subscribeMessage.send).

WeChat knows no idempotency key: a message that is tried again after a time-out may come twice.
"""

from dataclasses import dataclass
from typing import Any

import orjson
from django.conf import settings
from django.core.cache import cache

from backend.messaging.channels.http import post_json
from backend.messaging.channels.message import Outgoing, Refused

_TOKEN = "wechat-access-token"
# The token is over, or never was one: a fresh one, and once more.
_TOKEN_OVER = {40001, 40014, 42001}
# The person has not subscribed or has unsubscribed, the openid or the template is wrong.
_FOR_GOOD = {40003, 40037, 41028, 41030, 43101, 43108, 47003}
# How long a value may be, by the first letters of its keyword, as WeChat counts.
_LONGEST = {"thing": 20, "name": 10, "phrase": 5, "character_string": 32, "number": 32}


@dataclass(frozen=True)
class WechatSubscription:
    """A template of the mini-program: its id, the page it opens, and which of our values go where."""

    id: str
    data: dict[str, str]
    page: str = ""


class WechatSender:
    """Sends to the openid of somebody who has subscribed."""

    def __init__(self) -> None:
        self._base = settings.WECHAT["base_url"].rstrip("/")
        self._templates = {
            code: WechatSubscription(**given) for code, given in settings.WECHAT_TEMPLATES.items()
        }

    def carries(self, template: str) -> bool:
        """The kinds for which the mini-program has a template."""
        return template in self._templates

    def send(self, message: Outgoing) -> str:
        """Sends one message. Raises: Refused with WeChat's errcode."""
        template = self._templates.get(message.template)
        if template is None:
            raise Refused("no_template", for_good=True)
        body = orjson.dumps(
            {
                "touser": message.to,
                "template_id": template.id,
                "page": template.page,
                "lang": "zh_CN",
                "data": {
                    keyword: {"value": _short(keyword, message.values.get(name, ""))}
                    for keyword, name in template.data.items()
                },
            }
        )
        errcode, answer = self._sent(body, self._token(fresh=False))
        if errcode in _TOKEN_OVER:
            errcode, answer = self._sent(body, self._token(fresh=True))
        if errcode:
            raise Refused(f"wechat_{errcode}", for_good=errcode in _FOR_GOOD)
        return str(answer.get("msgid", ""))[:100]

    def _sent(self, body: bytes, token: str) -> tuple[int, dict[str, Any]]:
        address = f"{self._base}/cgi-bin/message/subscribe/send?access_token={token}"
        return _answered(*post_json(address, body, {}))

    def _token(self, *, fresh: bool) -> str:
        """The access token, kept until shortly before its end."""
        known = None if fresh else cache.get(_TOKEN)
        if known is not None:
            return str(known)
        # The stable one: fetching it does not end the one that another process holds.
        body = orjson.dumps(
            {
                "grant_type": "client_credential",
                "appid": settings.WECHAT["app_id"],
                "secret": settings.WECHAT["secret"],
                "force_refresh": fresh,
            }
        )
        errcode, answer = _answered(*post_json(f"{self._base}/cgi-bin/stable_token", body, {}))
        if errcode or not answer.get("access_token"):
            raise Refused(f"wechat_token_{errcode}")
        token = str(answer["access_token"])
        cache.set(_TOKEN, token, max(int(answer.get("expires_in", 0)) - 300, 1))
        return token


def _answered(status: int, answer: dict[str, Any]) -> tuple[int, dict[str, Any]]:
    if status != 200:
        raise Refused(f"http_{status}")
    try:
        return int(answer.get("errcode", 0)), answer
    except (TypeError, ValueError):
        raise Refused("answer_unreadable") from None


def _short(keyword: str, value: str) -> str:
    """The value, as long as its keyword allows: a longer one would be refused."""
    longest = _LONGEST.get(keyword.rstrip("0123456789"))
    if longest is None or len(value) <= longest:
        return value
    return value[: longest - 1] + "…"
