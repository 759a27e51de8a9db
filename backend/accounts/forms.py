"""Forms of the sign-in pages."""

from typing import Any

from allauth.account.forms import LoginForm as AllauthLoginForm
from django import forms
from django.utils.translation import gettext_lazy as _

from backend.accounts import rules
from backend.accounts.models import SCOPES, scope_label
from backend.core.access import scope
from backend.core.role_words import AREAS, VERBS


class LoginForm(AllauthLoginForm):
    """Username and password; takes the name under which Django's own page sent it, too."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        data = kwargs.get("data")
        if data is not None and "login" not in data and "username" in data:
            kwargs["data"] = data.copy()
            kwargs["data"]["login"] = data["username"]
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("用户名")
        self.fields["password"].label = _("密码")


class PhoneField(forms.CharField):
    """A mobile phone as people type it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)

    def clean(self, value: Any) -> str:
        text = super().clean(value)
        return rules.mobile(text) if text else text


class NewKeyForm(forms.Form):
    """A new API key: what it is for, until when, and what it may do."""

    name = forms.CharField(
        label=_("名称"), max_length=60, help_text=_("哪个程序用，例如“小程序后台”")
    )
    expires_on = forms.DateField(
        label=_("有效期至"),
        help_text=_("最长一年"),
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("权限"),
        help_text=_("密钥能做的，不会超出您自己的权限；只勾选用得到的。"),
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What the owner may nowhere do would be a promise that the key cannot keep.
        self.offered = [action for action in SCOPES if scope(user, action).anywhere]
        field: Any = self.fields["scopes"]
        field.choices = [(action, scope_label(action)) for action in self.offered]

    def areas(self) -> list[dict[str, Any]]:
        """The checkboxes by area, for the page."""
        chosen = set(self.data.getlist("scopes")) if self.is_bound else set()  # type: ignore[attr-defined]
        found: dict[str, dict[str, Any]] = {}
        for action in self.offered:
            area, verb = action.split(".")
            box = {"value": action, "label": VERBS[verb], "chosen": action in chosen}
            found.setdefault(area, {"label": AREAS[area], "boxes": []})["boxes"].append(box)
        return list(found.values())
