"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "privacy.SubjectRequest",
    _("本人请求：居民来查看、更正、删除自己的信息。"),
    _("先核实是本人，再登记；删除由书记办。"),
    "privacy-rights",
    "二、登记",
)
guide(
    "privacy.RetentionRule",
    _("保存期限：每类记录留多久，到期自动去掉姓名电话。"),
    _("没有登记就用默认期限；要改短或改长在这里写。"),
    "privacy-rights",
    "四、到期自动处理",
)
guide(
    "privacy.RetentionRun",
    _("到期处理记录：每晚处理了多少条。"),
    _("这里只看。"),
    "privacy-rights",
    "四、到期自动处理",
)
guide(
    "privacy.CommunityPrivacy",
    _("个人信息设置：身份证号、政治面貌等，社区不打开就不收。"),
    _("确实要用、有依据，再打开。"),
    "privacy-rights",
    "五、身份证号",
)
guide(
    "core.Disclosure",
    _("查阅记录：谁看过、导出过完整的姓名电话，为什么。"),
    _("书记和街道定期看一遍，不对的去问。"),
    "privacy-reading",
    "查阅记录（书记、街道）",
)
