"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "jobs.Job",
    _("后台任务：大的导入、导出在后台做，这里看进度。"),
    _("没做完的可以取消，失败的可以重试。"),
    "background-work",
    "看进度",
)
