"""Forms of the people pages."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold.widgets import UnfoldAdminTextInputWidget

from backend.core.errors import RuleViolation
from backend.core.forms import RegisterForm
from backend.people.doors import placed_at


class ResidentForm(RegisterForm):
    """A resident; the door may be typed as staff write it, and fills building, unit and room."""

    door = forms.CharField(
        label=_("门牌"),
        required=False,
        max_length=60,
        help_text=_("写成 3-2-501 或 3号楼2单元501，自动填入下面的楼栋、单元、室；留空则不变"),
        widget=UnfoldAdminTextInputWidget,
    )

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        written = given.get("door")
        if not written:
            return given
        community = given.get("community") or self.community_if_unasked
        community_id = community.pk if community else self.instance.community_id
        if community_id is None:
            return given
        try:
            found = placed_at(community_id, written)
        except RuleViolation as violation:
            self.add_error("door", violation)
            return given
        self.instance.building_id = found.pop("building_id")
        given["building"] = self.instance.building
        return given | found


class PhoneForm(RegisterForm):
    """A further phone belongs where its resident belongs."""

    def _post_clean(self) -> None:
        if self.instance.resident_id is not None:
            self.instance.community_id = self.instance.resident.community_id
        super()._post_clean()


class ConsentForm(RegisterForm):
    """A consent belongs where its resident belongs."""

    def _post_clean(self) -> None:
        resident = self.cleaned_data.get("resident")
        if resident is not None:
            self.instance.community_id = resident.community_id
        super()._post_clean()


def day_from(text: str) -> date | None:
    """The day of a date input; None of anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
