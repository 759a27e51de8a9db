"""The upload form: django-import-export's import form, for any file that the reader can read."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from import_export.forms import ImportForm
from unfold.widgets import UnfoldAdminSelectWidget


class UploadForm(ImportForm):
    """One file; the format is told by its content, so nobody is asked."""

    import_file = forms.FileField(
        label=_("选择文件"),
        # Refused with the same words as through the other doors.
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.ods,.csv,.xlsm"}),
        error_messages={"required": _("请先选择要导入的文件。")},
    )
    target: Any = forms.ModelChoiceField(
        queryset=None, label=_("活动"), required=False, widget=UnfoldAdminSelectWidget
    )
    community: Any = forms.ModelChoiceField(
        queryset=None, label=_("社区"), required=False, widget=UnfoldAdminSelectWidget
    )
    sheet = forms.CharField(
        label=_("工作表"),
        required=False,
        max_length=80,
        help_text=_("文件里有几张工作表时，写明要导入哪一张"),
    )

    def __init__(
        self,
        *args: Any,
        targets: Any,
        communities: Any,
        target_label: Any = str,
        target_name: str = "",
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        for name in ("format", "resource"):
            self.fields.pop(name, None)
        self.fields["import_file"].required = True
        if targets is None:
            del self.fields["target"]
        else:
            self.fields["target"].queryset = targets
            self.fields["target"].label_from_instance = target_label
            self.fields["target"].empty_label = _("（按表里写的编号或名称）")
            if target_name:
                self.fields["target"].label = target_name
        self.fields["community"].queryset = communities
        if len(communities) < 2:
            del self.fields["community"]

    def clean_import_file(self) -> Any:
        return self.cleaned_data["import_file"]
