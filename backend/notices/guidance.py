"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "notices.PublicNotice",
    _("公示公告：贴在社区公示栏上、给所有居民看的。"),
    _("写好标题、内容和截止日期；由社区书记发布，过了截止日期自动算已结束。"),
    "notices",
    "写一份公示公告",
)
