"""Sign-in by a code sent to the phone.

Known or unknown, a phone gets the same answer and the same message; whose it is, is looked up when
the right code comes back. Then an unknown one gets an account, which is nobody's in particular
until its owner claims an entry of a roster.
"""

from typing import Any, Self

from allauth.account.adapter import get_adapter
from allauth.account.internal.constants import LoginStageKey
from allauth.account.internal.flows.login_by_code import LoginCodeVerificationProcess
from allauth.account.models import Login
from allauth.account.stages import LoginByCodeStage, LoginStageController
from allauth.core import ratelimit
from allauth.headless.account.inputs import ConfirmLoginCodeInput
from allauth.headless.base.response import AuthenticationResponse, ConflictResponse
from allauth.headless.base.views import APIView
from allauth.headless.internal.restkit.inputs import Input
from allauth.headless.internal.restkit.response import ErrorResponse
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from backend.accounts import actions
from backend.accounts.forms import PhoneField


def _count(request: HttpRequest, action: str, key: str) -> None:
    """Raises: rate_limited when it has been too often."""
    if not ratelimit.consume(request, action=action, key=key):
        violation: ValidationError = get_adapter().validation_error("rate_limited")
        raise violation


class PhoneCodeProcess(LoginCodeVerificationProcess):
    """allauth's, but that it asks nobody's name before the code is right."""

    @classmethod
    def begin(cls, request: HttpRequest, phone: str) -> Self:
        """Sends a code and waits for it."""
        login = Login()
        login.state["stages"] = {"current": LoginStageKey.LOGIN_BY_CODE.value}
        stage = LoginByCodeStage(LoginStageController(request, login), request, login)
        stage.state.update(cls.initial_state(user=None, phone=phone), initiated_by_user=True)
        process = cls(stage=stage)
        process.send()
        process.persist()
        return process

    @classmethod
    def resume(cls, stage: Any) -> Any:
        """The process that waits, None if its time is over."""
        return cls(stage=stage).abort_if_invalid()

    def send_by_phone(self, phone: str, skip_enumeration_mails: bool = False) -> None:
        adapter = get_adapter()
        self.state["code"] = adapter.generate_login_code()
        adapter.send_verification_code_sms(None, phone, self.state["code"])

    def finish(self, redirect_url: str | None) -> Any:
        self._user = actions.account_for_phone(self.state["phone"])
        return super().finish(redirect_url)


class PhoneInput(Input):
    """Which phone a code is wanted for."""

    phone = PhoneField()

    def clean_phone(self) -> str:
        phone: str = self.cleaned_data["phone"]
        _count(self.request, "request_login_code", phone)  # type: ignore[attr-defined]
        return phone


class RequestCodeView(APIView):
    """POST {"phone"}: sends a code; 401 with the flow that waits for it, as allauth answers."""

    def get_input_class(self) -> type[Input]:
        return type("PhoneInputOfRequest", (PhoneInput,), {"request": self.request})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            PhoneCodeProcess.begin(request, self.input.cleaned_data["phone"])
        except ValidationError as refused:
            # No SMS can be sent just now, to anybody.
            return ErrorResponse(request, exception=refused)
        return AuthenticationResponse(request)


class ConfirmCodeInput(ConfirmLoginCodeInput):
    """The code that came by SMS."""


class ConfirmCodeView(APIView):
    """POST {"code"}: signs in. Three wrong ones, or five minutes, and a new code is needed."""

    input_class = ConfirmCodeInput

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        stage = LoginStageController.enter(request, LoginStageKey.LOGIN_BY_CODE.value)
        self.process = PhoneCodeProcess.resume(stage) if stage else None
        if self.process is None:
            return ConflictResponse(request)
        # Counted before the code is looked at, and under a lock: tries at the same moment would
        # otherwise all read that none has failed yet.
        key = request.session.session_key or ""
        if not ratelimit.consume(request, action="confirm_login_code", key=key):
            self.process.abort()
            return ConflictResponse(request)
        return super().dispatch(request, *args, **kwargs)

    def get_input_kwargs(self) -> dict[str, Any]:
        return {"code": self.process.code}

    def handle_invalid_input(self, input: Any) -> Any:
        self.process.record_invalid_attempt()
        return super().handle_invalid_input(input)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = self.process.finish(None)
        answer: HttpResponse = AuthenticationResponse.from_response(request, response)
        return answer


class NoResendView(APIView):
    """A code is not sent twice: ask for a new one."""

    handle_json_input = False

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return ConflictResponse(request)
