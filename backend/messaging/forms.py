"""The form in which staff reword a kind of message."""

from typing import Any

from unfold.widgets import (
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanSwitchWidget,
)

from backend.core.forms import RegisterForm
from backend.messaging.choices import OUTGOING
from backend.messaging.models import MessageTemplate
from backend.messaging.templates import TemplateKind


class WordsForm(RegisterForm):
    """Title, body and the ways out of the house that the kind knows."""

    class Meta:
        model = MessageTemplate
        fields = ("title", "body", "by_sms", "by_email", "by_wechat")
        widgets = {
            "title": UnfoldAdminTextInputWidget,
            "body": UnfoldAdminTextareaWidget(attrs={"rows": 6}),
        } | {f"by_{channel}": UnfoldBooleanSwitchWidget for channel in OUTGOING}

    def __init__(self, *args: Any, kind: TemplateKind, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in OUTGOING:
            if channel not in kind.channels:
                del self.fields[f"by_{channel}"]
