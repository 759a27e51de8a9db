"""WeChat's answer to the code of a mini-program: who has it open."""

import json
from importlib import import_module
from typing import Any, NamedTuple

from django.conf import settings

from backend.core.errors import RuleViolation

BUSY = "微信服务器正忙，请稍等几秒再试。"
# WeChat's number -> our code and what to do about it.
ERRORS = {
    40029: ("wechat_code_invalid", "微信登录凭证无效，请重新打开小程序再试。"),
    40163: ("wechat_code_invalid", "微信登录凭证已用过，请重新打开小程序再试。"),
    45011: ("wechat_too_often", "登录太频繁，请过一分钟再试。"),
    40226: ("wechat_blocked", "微信判定这个账号有风险，暂时不能用微信登录。请用手机验证码登录。"),
    -1: ("wechat_busy", BUSY),
}
LARGEST_ANSWER = 64 * 1024


class WeChatUser(NamedTuple):
    """Somebody as WeChat knows them: in this mini-program, and across those of one owner."""

    openid: str
    unionid: str


def exchange(code: str) -> WeChatUser:
    """Who stands behind a code of `wx.login`. The session key in the answer is let go at once.

    Raises: wechat_not_configured; wechat_code_invalid; wechat_too_often; wechat_blocked;
        wechat_busy; wechat_unavailable.
    """
    settings_of = settings.WECHAT
    if not settings_of["app_id"] or not settings_of["secret"]:
        raise RuleViolation(
            "wechat_not_configured", "本系统还没有接通微信登录，请用手机验证码登录。", field="token"
        )
    answer = _ask(
        f"{settings_of['base_url'].rstrip('/')}/sns/jscode2session",
        {
            "appid": settings_of["app_id"],
            "secret": settings_of["secret"],
            "js_code": code,
            "grant_type": "authorization_code",
        },
        settings_of["timeout"],
    )
    number = answer.get("errcode", 0)
    if number:
        name, message = ERRORS.get(number, ("wechat_unavailable", BUSY))
        raise RuleViolation(name, message, field="token")
    openid = answer.get("openid")
    if not isinstance(openid, str) or not openid:
        raise _unavailable()
    return WeChatUser(openid, str(answer.get("unionid") or ""))


def _ask(address: str, values: dict[str, str], timeout: float) -> dict[str, Any]:
    # Loaded when somebody signs in this way: 9 MB.
    requests = import_module("requests")
    try:
        with requests.get(
            address, params=values, timeout=timeout, allow_redirects=False, stream=True
        ) as response:
            # WeChat says text/plain of what is JSON, and 200 of what is an error.
            body = response.raw.read(LARGEST_ANSWER, decode_content=True)
            if response.status_code != 200:
                raise _unavailable()
            answer = json.loads(body)
    except (requests.RequestException, OSError, ValueError):
        # Not chained: the error's text holds the address, and that holds the secret and the code.
        raise _unavailable() from None
    if not isinstance(answer, dict):
        raise _unavailable()
    return answer


def _unavailable() -> RuleViolation:
    return RuleViolation("wechat_unavailable", BUSY, field="token")
