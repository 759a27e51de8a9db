"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "exports.ExportFile",
    _("导出文件：大的名单在后台生成，好了在这里下载。"),
    _("从任何列表点“导出”；文件到期自动删除。"),
    "exports",
    "记录很多的",
)
