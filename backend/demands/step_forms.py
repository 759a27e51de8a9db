"""What the steps ask for that say more than a reason: a body, an original, days, an answer."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.demands import handling
from backend.demands.models import Demand
from backend.demands.terms import Reckoning
from backend.people.models import Organization

_YES_NO = (("", _("没有表态")), ("yes", _("满意")), ("no", _("不满意")))
_REASON: dict[str, Any] = {"max_length": 500, "widget": forms.Textarea(attrs={"rows": 3})}


class StepForm(forms.Form):
    """One step of one demand: what it asks, and the verb that it calls."""

    title: Any = ""
    told: Any = ""
    done: Any = ""
    danger = False

    def __init__(self, demand: Demand, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.demand = demand
        for field in self.fields.values():
            field.widget.attrs["class"] = "ll-text"

    def act(self, by: Actor) -> None:
        """Calls the verb with what was written. Raises: what the verb raises."""
        raise NotImplementedError


class AssignForm(StepForm):
    """派单."""

    title = _("派单")
    told = _("承办单位的联系人登录后就能看到，并在这里办理。")
    done = _("已派单。")
    organization = forms.ModelChoiceField(
        Organization.objects.none(), label=_("承办单位"), empty_label=_("请选择")
    )
    reason = forms.CharField(label=_("交代"), required=False, **_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows: Any = Organization.objects.active_on(timezone.localdate())
        field: Any = self.fields["organization"]
        field.queryset = rows.filter(community=self.demand.community_id).order_by("name")

    def act(self, by: Actor) -> None:
        given = self.cleaned_data
        handling.assign(self.demand, given["organization"], by=by, reason=given["reason"])


class RespondForm(StepForm):
    """首次回复."""

    title = _("登记首次回复")
    told = _("怎样回复反映人的，写在这里；首次回复有自己的期限。")
    done = _("已登记首次回复。")
    text = forms.CharField(label=_("回复"), **_REASON)

    def act(self, by: Actor) -> None:
        handling.respond(self.demand, self.cleaned_data["text"], by=by)


class ConfirmForm(StepForm):
    """登记确认."""

    title = _("登记确认")
    told = _("问过反映人、确实解决了再登记。没有解决的，请返回后点“重新办理”。")
    done = _("已登记确认。")
    satisfied = forms.ChoiceField(label=_("反映人是否满意"), choices=_YES_NO, required=False)

    def act(self, by: Actor) -> None:
        said = {"yes": True, "no": False}.get(self.cleaned_data["satisfied"])
        handling.confirm(self.demand, by=by, satisfied=said)


class ExtendForm(StepForm):
    """延期."""

    title = _("延期")
    done = _("已延期。")
    days = forms.IntegerField(label=_("延长几个工作日"), min_value=1)
    reason = forms.CharField(label=_("原因"), **_REASON)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        most = Reckoning(self.demand.community_id).terms.extension_days
        words = gettext("只能延一次，最多 %(most)s 个工作日")
        self.fields["days"].help_text = words % {"most": most}

    def act(self, by: Actor) -> None:
        given = self.cleaned_data
        handling.extend(self.demand, given["days"], by=by, reason=given["reason"])


class DuplicateForm(StepForm):
    """标为重复."""

    title = _("标为重复")
    told = _("填原来那一条的编号；这一条不再统计，由原来那一条办理。")
    done = _("已标为重复。")
    danger = True
    original = forms.CharField(label=_("原诉求编号"), max_length=40)
    reason = forms.CharField(label=_("原因"), **_REASON)

    def act(self, by: Actor) -> None:
        given = self.cleaned_data
        code = given["original"].strip()
        rows: Any = Demand.objects
        found = rows.visible_to(by.user).filter(code=code).first()
        if found is None:
            raise RuleViolation("not_found", "没有这个编号的诉求，请核对。", field="original")
        handling.mark_duplicate(self.demand, found, by=by, reason=given["reason"])


STEP_FORMS: dict[str, type[StepForm]] = {
    "assign": AssignForm,
    "respond": RespondForm,
    "confirm": ConfirmForm,
    "extend": ExtendForm,
    "mark_duplicate": DuplicateForm,
}
