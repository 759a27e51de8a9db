"""WeChat mini-programs as a provider of allauth: `provider/token` with the code of `wx.login`.

allauth's own "weixin" is the sign-in of web pages. A mini-program has no pages to go to: it brings a
code, which we exchange. The code comes in the field that allauth has for it, `access_token`.
"""

from typing import Any

from allauth.socialaccount.providers.base import Provider, ProviderAccount
from django.http import HttpRequest

from backend.accounts.wechat import WeChatUser, exchange


class WeChatAccount(ProviderAccount):
    """A WeChat user, who shows nothing of themselves."""

    def to_str(self) -> str:
        return "微信"


class MiniProgramProvider(Provider):
    """微信小程序."""

    id = "weixin_mini"
    name = "微信小程序"
    account_class = WeChatAccount
    uses_apps = False
    supports_token_authentication = True

    def verify_token(self, request: HttpRequest, token: dict[str, Any]) -> Any:
        """The sign-in of whom WeChat names. Raises: what `exchange` raises."""
        found = exchange(str(token.get("access_token") or ""))
        return self.sociallogin_from_response(request, found)

    def extract_uid(self, data: WeChatUser) -> str:
        return data.openid

    def extract_extra_data(self, data: WeChatUser) -> dict[str, str]:
        return {"unionid": data.unionid} if data.unionid else {}

    def extract_common_fields(self, data: WeChatUser) -> dict[str, str]:
        return {}


provider_classes = [MiniProgramProvider]
