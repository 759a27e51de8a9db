"""/_allauth/app/v1/: sign-in for apps. Ours stand before allauth's own at the same address."""

from allauth.headless.constants import Client
from django.urls import include, path

from backend.accounts import phone_code

urlpatterns = [
    path("app/v1/auth/code/request", phone_code.RequestCodeView.as_api_view(client=Client.APP)),
    path("app/v1/auth/code/confirm", phone_code.ConfirmCodeView.as_api_view(client=Client.APP)),
    path("app/v1/auth/code/resend", phone_code.NoResendView.as_api_view(client=Client.APP)),
    path("", include("allauth.headless.urls")),
]
