"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "partners.RedPartner",
    _("红色合伙人：和社区签了共建协议的单位。"),
    _("先在“单位”登记，再到这里建合伙人、拟定协议。"),
    "partners",
    "登记合伙人、拟定协议",
    begins_at="people.Organization",
)
guide(
    "partners.CoBuildingAgreement",
    _("共建协议：和合伙人约好做什么，从哪天到哪天。"),
    _("拟好后点“签署”；到期前系统会提醒续签。"),
    "partners",
    "续签",
    begins_at="partners.RedPartner",
)
guide(
    "partners.VanguardPost",
    _("党员先锋岗：设在哪里、由哪个合伙人值守。"),
    _("建好岗位，再到“先锋岗值班”排班。"),
    "partners",
    "先锋岗和值班表",
)
guide(
    "partners.DutyShift",
    _("先锋岗值班：哪天、哪个岗、谁值。"),
    _("按周排班，或把值班表导入。"),
    "partners",
    "先锋岗和值班表",
    begins_at="partners.VanguardPost",
)
guide(
    "partners.IncipientIssue",
    _("苗头性问题：先锋岗或巡查发现的，从发现到化解。"),
    _("登记后派人去处理；处理完写清结果再点“化解”。"),
    "partners",
    "苗头性问题",
)
guide(
    "partners.ProgressReport",
    _("物业服务进展：物业定期报来的服务情况。"),
    _("物业填好提交，工作者看过确认。"),
    "partners",
    "物业服务进展",
)
guide(
    "partners.StewardSelection",
    _("优秀管家选聘：一轮评选，从报名到公布。"),
    _("新建一轮，加候选人，评完公布。"),
    "partners",
    "优秀管家选聘",
)
