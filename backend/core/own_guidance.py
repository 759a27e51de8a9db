"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "core.ChangeSet",
    _("变更记录：谁在什么时候、从哪里、改了什么。"),
    _("按人、入口找；单条记录的历史在它自己的页面上。"),
    "settings",
    "看历史",
)
guide(
    "index",
    _("今日待办：等您办的事，红的已逾期、黄的快到期，一点就办。"),
    _("从红的开始；办完的会自己消失。"),
    "today",
    "等您办的",
)
guide(
    "who_may_what",
    _("谁能做什么：每个角色在页面和接口里能办的事。"),
    _("少了权限，找书记或系统管理员改“角色任命”。"),
    "settings",
    "角色：谁在哪里做什么",
)
guide(
    "guide",
    _("使用手册：照着做就行，可以按词查找。"),
    _("从目录选一章，或在上面输入要找的词。"),
    "setup",
    "开始之前",
)

guide(
    "compare",
    _("数据对比：几个社区、几个时期的数字并排看；点数字看到记录。"),
    _("先选社区和时期，再点“比较”；要写进报告，点“导出表格”或打印。"),
    "views",
    "数据对比",
)
