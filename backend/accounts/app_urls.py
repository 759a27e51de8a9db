"""/_allauth/app/v1/: sign-in for apps, as docs/api/sign-in.md tells it, and nothing else of allauth's.

Left out on purpose: signing up, e-mail and resetting a password by it (nobody has one here),
setting a password by a session alone, and what the main API or the pages do their own way.
"""

from typing import Any

from allauth.headless.account import views as account
from allauth.headless.constants import Client
from allauth.headless.mfa import views as mfa
from allauth.headless.socialaccount import views as social
from django.urls import URLPattern, path

from backend.accounts import phone_code


def _at(address: str, view: Any) -> URLPattern:
    return path(f"app/v1/{address}", view.as_api_view(client=Client.APP))


urlpatterns = [
    _at("auth/session", account.SessionView),
    _at("auth/login", account.LoginView),
    _at("auth/reauthenticate", account.ReauthenticateView),
    _at("auth/code/request", phone_code.RequestCodeView),
    _at("auth/code/confirm", phone_code.ConfirmCodeView),
    _at("auth/code/resend", phone_code.NoResendView),
    _at("auth/provider/token", social.ProviderTokenView),
    _at("auth/2fa/authenticate", mfa.AuthenticateView),
    _at("auth/2fa/reauthenticate", mfa.ReauthenticateView),
    _at("auth/webauthn/authenticate", mfa.AuthenticateWebAuthnView),
    _at("auth/webauthn/reauthenticate", mfa.ReauthenticateWebAuthnView),
    _at("auth/phone/verify", account.VerifyPhoneView),
    _at("account/phone", account.ManagePhoneView),
    _at("account/authenticators", mfa.AuthenticatorsView),
    _at("account/authenticators/totp", mfa.ManageTOTPView),
    _at("account/authenticators/recovery-codes", mfa.ManageRecoveryCodesView),
]
