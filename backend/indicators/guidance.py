"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "indicators.HotlineMonthlyCount",
    _("市民热线：街道每月下发的 12345 来电件数，按类别。"),
    _("收到月报表就导入；没见过的类别会一起建好。"),
    "hotline",
    "导入每月的表",
)
guide(
    "indicators.HotlineCategory",
    _("热线类别：来电按什么分，和街道的表一致。"),
    _("属于物业服务的勾上“计入物业类”。"),
    "hotline",
    "类别",
)
guide(
    "hotline_page",
    _("热线对比：一个时段的来电，和上一期、去年同期比。"),
    _("选时段；点数字看是哪几个月的，要带去开会就打印。"),
    "hotline",
    "对比和打印",
)
