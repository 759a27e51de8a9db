"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "founding.Founding",
    _("开通小区：从一份表格建好一个社区，包括楼栋、人员和目录。"),
    _("点“开通一个社区”，下载模板填好再上传；先看预览。"),
    "setup",
    "开通一个社区",
)
guide(
    "checklist",
    _("开通清单：这个社区还缺什么，补齐了打勾。"),
    _("从上往下补，点“新建”或“导入表格”。"),
    "setup",
    "开通以后：补齐清单",
)
guide(
    "settings_page",
    _("设置：社区的规则、目录、模板、日历、角色都在这里，现在生效的是什么一看就知道。"),
    _("点一项去改；点“历史”看谁什么时候改过。"),
    "settings",
    "设置在哪里",
)
