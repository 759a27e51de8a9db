"""Error reports (the debug page, mails to administrators): where it broke, never what was typed."""

from typing import Any

from django.http import HttpRequest
from django.views.debug import ExceptionReporter, SafeExceptionReporterFilter


class NothingTyped(SafeExceptionReporterFilter):
    """Hides every value, whatever DEBUG says: local variables, forms, cookies, headers."""

    def is_active(self, request: HttpRequest | None) -> bool:
        return True

    def get_safe_settings(self) -> dict[str, Any]:
        return {}

    def get_safe_request_meta(self, request: Any) -> dict[str, Any]:
        return {"REQUEST_METHOD": request.META.get("REQUEST_METHOD", "")}

    def get_safe_cookies(self, request: Any) -> dict[str, Any]:
        return {}

    def get_post_parameters(self, request: Any) -> dict[str, Any]:
        if request is None:
            return {}
        return dict.fromkeys(request.POST, self.cleansed_substitute)

    def get_traceback_frame_variables(self, request: Any, tb_frame: Any) -> Any:
        return [(name, self.cleansed_substitute) for name in tb_frame.f_locals]


class PlacesOnly(ExceptionReporter):
    """The kind of the exception and its places in the code, without its text."""

    def get_traceback_data(self) -> dict[str, Any]:
        found: dict[str, Any] = super().get_traceback_data()
        hidden = self.filter.cleansed_substitute
        if self.request is not None:
            # An address may name whom somebody searched for.
            found["request_GET_items"] = [(name, hidden) for name in self.request.GET]
            found["request_FILES_items"] = [(name, hidden) for name in self.request.FILES]
            found["request_insecure_uri"] = self.request.path
        for name in ("template_info", "exception_notes", "unicode_hint"):
            found.pop(name, None)
        found["user_str"] = hidden
        if "exception_value" in found:
            found["exception_value"] = hidden
        for frame in found.get("frames", ()):
            frame["exc_cause"] = type(frame["exc_cause"]).__name__ if frame["exc_cause"] else None
        return found
