"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "imports.ImportBatch",
    _("导入批次：每次上传的表格，从预览到确认、撤销。"),
    _("点“导入表格”上传任何一张；关掉的预览在这里找回。"),
    "sheets",
    "什么文件都可以吗",
)
guide(
    "imports.MappingProfile",
    _("列对应：您的表头和系统的列怎么对上，系统记着下次用。"),
    _("核对列时自动记下；记错了删掉，下次重新核对。"),
    "sheets-mapping",
    "记住",
)
