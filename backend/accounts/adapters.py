"""What allauth asks of us: who may sign up, whose phone it is, how a code is sent, how secrets lie."""

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.exceptions import ReauthenticationRequired
from allauth.core.internal.httpkit import is_headless_request
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.accounts import actions
from backend.accounts.forms import PhoneField
from backend.accounts.models import SignInPhone
from backend.accounts.sealing import seal, unseal
from backend.messaging.actions import send_secret

CODE_DIGITS = 6


class AccountAdapter(DefaultAccountAdapter):
    """Accounts: made by administrators, or by a first sign-in with a phone or WeChat."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用，请联系社区管理员。"),
        "enter_current_password": _("当前密码不对，请重新输入。"),
        "incorrect_code": _("验证码不对，请重新输入。"),
        "incorrect_password": _("密码不对，请重新输入。"),
        "invalid_login": _("用户名或密码不对，请重新输入。"),
        "too_many_login_attempts": _("试的次数太多了，请过几分钟再试。"),
        "username_password_mismatch": _("用户名或密码不对，请重新输入。"),
        "same_as_current": _("和现在的一样，请换一个。"),
        "rate_limited": _("操作太频繁，请稍等一会儿再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up by a form."""
        return False

    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        if is_headless_request(request):
            request.session.set_expiry(settings.APP_SESSION_AGE)

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """As the settings say; in an app, who has neither password nor second factor signs in anew.

        allauth lets those pass, and a session alone would then change the way in for good. Nobody
        signs in to the pages without a password.
        Raises: ReauthenticationRequired.
        """
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        user = self.request.user
        if required and is_headless_request(self.request) and not get_reauthentication_flows(user):
            made = [one["at"] for one in get_authentication_records(self.request, user)]
            if time.time() - max(made, default=0) > app_settings.REAUTHENTICATION_TIMEOUT:
                raise ReauthenticationRequired
        return required

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """Staff to their pages, everybody else to their account."""
        staff = getattr(request.user, "is_staff", False)
        return reverse("admin:index") if staff else reverse("account_home")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_home")

    # --- phones ---------------------------------------------------------------------------------

    def phone_form_field(self, **kwargs: Any) -> forms.Field:
        return PhoneField(**kwargs)

    def generate_login_code(self) -> str:
        return get_random_string(CODE_DIGITS, "0123456789")

    def generate_phone_verification_code(self, *, user: Any, phone: str) -> str:
        return self.generate_login_code()

    def send_verification_code_sms(self, user: Any, phone: str, code: str, **kwargs: Any) -> None:
        minutes = settings.ACCOUNT_LOGIN_BY_CODE_TIMEOUT // 60
        send_secret("sms", phone, "sign_in_code", {"code": code, "minutes": str(minutes)})

    def send_unknown_account_sms(self, phone: str, **kwargs: Any) -> None:
        """Never needed: an unknown phone gets a code like any other."""

    def send_account_already_exists_sms(self, phone: str) -> None:
        """Nothing is sent: the phone's owner asked for nothing, and who asked learns nothing."""

    def get_phone(self, user: Any) -> tuple[str, bool] | None:
        kept = SignInPhone.objects.filter(user_id=user.pk).first()
        return (kept.phone, True) if kept else None

    def set_phone(self, user: Any, phone: str, verified: bool) -> None:
        if verified:
            self.set_phone_verified(user, phone)

    def set_phone_verified(self, user: Any, phone: str) -> None:
        actions.keep_phone(user, phone, here=self.request.session.session_key)

    def get_user_by_phone(self, phone: str) -> Any:
        kept = SignInPhone.objects.select_related("user").filter(phone=phone).first()
        return kept.user if kept else None


class SocialAdapter(DefaultSocialAccountAdapter):
    """Accounts that come with WeChat."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """A first sign-in with WeChat makes an account, which sees nothing until it is somebody's."""
        return bool(sociallogin.account.provider == "weixin_mini")

    def populate_user(self, request: HttpRequest, sociallogin: Any, data: dict[str, Any]) -> Any:
        sociallogin.user.username = actions.new_username("wechat")
        return sociallogin.user


class SecondFactorAdapter(DefaultMFAAdapter):
    """Second factors: their secrets lie sealed."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("不能停用两步验证。"),
        "cannot_generate_recovery_codes": _("请先设置两步验证，再生成备用码。"),
        "incorrect_code": _("验证码不对，请重新输入。"),
    }

    def generate_authenticator_name(self, user: Any, type: Any) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("通行密钥 %(number)d") % {"number": number}

    def encrypt(self, text: str) -> str:
        return seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        opened = unseal(encrypted_text)
        # Sealed under keys long gone: no code fits any more, and the desk sets up a new factor.
        return opened if opened is not None else get_random_string(32, "ABCDEFGHIJKLMNOP")
