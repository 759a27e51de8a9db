"""The export page's form: the form of the file, the columns in their order, why it leaves."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backend.core.errors import RuleViolation
from backend.core.exporting.columns import chosen, names_people, sheet_of
from backend.core.exporting.orders import ExportOrder, Form
from backend.core.exporting.periods import Period
from backend.core.models import Kept
from backend.core.rules import LONGEST_REASON

FORMS = (
    (Form.XLSX, _("表格（.xlsx）"), _("可以在 WPS 或 Excel 里改好，再导入")),
    (Form.LEDGER, _("台账（.xlsx）"), _("有标题、单位、期间和签字栏，A4 横向，直接打印存档")),
    (Form.CSV, "CSV", _("给别的程序用；WPS、Excel 打开中文不乱码")),
)


class ExportForm(forms.Form):
    """What somebody wants of the rows of a list."""

    form = forms.ChoiceField(choices=[(str(name), label) for name, label, _hint in FORMS])
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)
    maker = forms.CharField(required=False, max_length=30)
    reason = forms.CharField(required=False, max_length=LONGEST_REASON)
    whole = forms.BooleanField(required=False)

    def __init__(
        self,
        data: Any,
        *,
        model: type[Kept],
        may_be_whole: bool,
        of_list: Period,
        initial: Mapping[str, Any],
        remembered: Iterable[str] = (),
        several: bool = False,
    ) -> None:
        super().__init__(data, initial=dict(initial))
        self.model = model
        self.of_list = of_list
        self.sheet = sheet_of(model)
        names = data.getlist("columns") if data is not None else remembered
        self.wanted = chosen(model, names, several=several)
        # Those that nobody has chosen: what “恢复常用” goes back to.
        self.usual = [column.name for column in chosen(model, (), several=several)]
        # A list filtered by a day says its period itself.
        self.asks_period = bool(self.sheet.period) and not of_list
        self.names_people = names_people(self.sheet.columns)
        self.may_be_whole = self.names_people and may_be_whole

    @property
    def columns(self) -> list[dict[str, Any]]:
        """Every column, the chosen ones first, in their order."""
        wanted = {column.name for column in self.wanted}
        rest = [column for column in self.sheet.columns if column.name not in wanted]
        return [
            {"name": c.name, "heading": c.heading, "chosen": c.name in wanted, "masked": c.personal}
            for c in [*self.wanted, *rest]
        ]

    @property
    def choices(self) -> list[dict[str, Any]]:
        """The forms of a file, each with what it is for."""
        now = self["form"].value() or str(Form.XLSX)
        return [
            {"name": str(name), "label": label, "hint": hint, "chosen": str(name) == now}
            for name, label, hint in FORMS
        ]

    def clean(self) -> dict[str, Any]:
        """Raises: what is wrong with the reason or the period; they are only asked for if needed."""
        given: dict[str, Any] = super().clean() or self.cleaned_data
        try:
            self.order().check()
        except RuleViolation as violation:
            field = violation.field if violation.field in self.fields else None
            self.add_error(field, violation.message)
        return given

    def order(self, details: str = "") -> ExportOrder:
        """What is wanted."""
        given = self.cleaned_data
        whole = self.may_be_whole and bool(given.get("whole"))
        asked = Period(given.get("since"), given.get("until")) if self.asks_period else Period()
        return ExportOrder(
            form=Form(given.get("form") or Form.XLSX),
            columns=tuple(column.name for column in self.wanted),
            whole=whole,
            # A box that cannot be ticked asks for no reason; one that is written down is kept.
            reason=given.get("reason", "") if self.names_people else "",
            period=asked or self.of_list,
            narrows=bool(asked),
            maker=" ".join((given.get("maker") or "").split()),
            details=details,
        )
