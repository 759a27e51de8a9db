"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "patrols.Patrol",
    _("巡查：每个网格每班一次，五项都查。"),
    _("在手机上点“开始巡查”；查完五项点“完成巡查”。"),
    "patrols",
    "在手机上巡查",
)
guide(
    "patrols.PatrolPoint",
    _("巡查结果：每一项查到了什么，怎么处理的。"),
    _("看“待处理”的；反复出现的，可列入联席会议议题。"),
    "patrols",
    "发现了问题",
    begins_at="patrols.Patrol",
)
guide(
    "patrols.DailyDigest",
    _("工作小结：每个小区每晚一份，发到居民群。"),
    _("系统按当天巡查起草；改好请另一位同事审核，再发布。"),
    "patrols",
    "工作小结",
)
guide(
    "patrols.GroupPost",
    _("发群记录：每份小结发到了哪些群。"),
    _("发布小结时勾选；后来补发的，到小结页再勾。"),
    "patrols",
    "发到居民群",
    begins_at="patrols.DailyDigest",
)
guide(
    "patrols_page",
    _("开始巡查：选网格和班次。"),
    _("点今天这一班；已经开始的接着查。"),
    "patrols",
    "在手机上巡查",
)
guide(
    "patrol_grid",
    _("开始巡查：选班次。"),
    _("点今天这一班；已经开始的接着查。"),
    "patrols",
    "在手机上巡查",
)
guide(
    "patrol_page",
    _("五必查：五项都点一下，有问题写一句。"),
    _("问题当场解决的写怎样解决；解决不了的转诉求。"),
    "patrols",
    "发现了问题",
)
