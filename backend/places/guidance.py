"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "places.Subdistrict",
    _("街道：管着几个社区。"),
    _("由系统管理员登记；再给街道的人任命“街道”角色。"),
    "setup",
    "开始之前",
)
guide(
    "places.Community",
    _("社区：一个社区一条，别的记录都属于某个社区。"),
    _("街道用“开通小区”从一份表格建，不用一条一条填。"),
    "setup",
    "开通一个社区",
)
guide(
    "places.Estate",
    _("小区：社区里的住宅小区。"),
    _("名称写全，再到“楼栋”加楼号。"),
    "setup",
    "小区、楼栋、网格",
)
guide(
    "places.Building",
    _("楼栋：小区里的每栋楼，住址靠它认。"),
    _("楼号只写号，如 3 或 A，不写“号楼”。"),
    "setup",
    "小区、楼栋、网格",
    begins_at="places.Estate",
)
guide(
    "places.Grid",
    _("网格：一个网格员走的一片。"),
    _("建好网格，再到“角色任命”写明网格员。"),
    "setup",
    "小区、楼栋、网格",
)
guide(
    "places.ResidentGroup",
    _("居民微信群：哪天建的、属于哪个小区。"),
    _("新建一条；群解散了写上日期，不要删。"),
    "setup",
    "小区、楼栋、网格",
)
guide(
    "places.HolidayOverride",
    _("工作日调整：哪天放假、哪天补班，期限按它算。"),
    _("每年底把下一年的节假日补上；社区自己的另写。"),
    "organizations",
    "工作日历",
)
