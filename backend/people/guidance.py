"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "people.Resident",
    _("居民：社区花名册，签到、预约都认这里的人。"),
    _("导入花名册，或新建一位；找人可以用拼音首字母、房号、电话后四位。"),
    "residents",
    "登记和改电话",
)
guide(
    "people.Household",
    _("住户：一户一条，谁住在一起、住没住人。"),
    _("登记居民住址时会自动归户；空房在这里标明。"),
    "residents",
    "住户",
    begins_at="people.Resident",
)
guide(
    "people.Organization",
    _("单位：党委、居委会、物业、业委会和职能部门。"),
    _("先把来开会、办事的单位登记好，再写谁代表它。"),
    "organizations",
    "单位和单位代表",
)
guide(
    "people.Representative",
    _("单位代表：谁、从哪天到哪天代表哪个单位。"),
    _("选单位，写姓名和任期；要登录的再选账号。"),
    "organizations",
    "单位和单位代表",
    begins_at="people.Organization",
)
guide(
    "people.Consent",
    _("同意记录：谁同意了哪一版告知书、什么时候撤回。"),
    _("本人在手机上同意；当面签的由工作者补记。"),
    "residents",
    "告知书和同意记录",
    begins_at="people.PrivacyNotice",
)
guide(
    "people.PrivacyNotice",
    _("个人信息告知书：告诉居民收集什么、为什么。发布后不再改，改就出新的一版。"),
    _("写好一版，填发布日期；没有它不要开始登记居民。"),
    "residents",
    "告知书和同意记录",
)
guide(
    "people.User",
    _("用户：登录用的账号；能做什么看“角色任命”。"),
    _("系统管理员新建账号，再到“角色任命”写明他在哪里做什么。"),
    "sign-in",
    "给系统管理员",
)
guide(
    "people.CommunityRole",
    _("角色任命：谁、在哪个社区或小区、从哪天起做什么。到期自动失效。"),
    _("离岗写上任职结束的日子，不要删；历史里看得到以前是谁。"),
    "settings",
    "角色：谁在哪里做什么",
    begins_at="people.User",
)
