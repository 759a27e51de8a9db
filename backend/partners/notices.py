"""The kinds of message that red partners bring with them."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

AGREEMENT_RENEWAL = declare(
    TemplateKind(
        code="agreement_renewal",
        label=_("共建协议到期提醒"),
        title="共建协议将到期：{partner}",
        body="与{partner}的“{agreement}”到 {ends_on} 为止，还有 {days} 天。要继续共建的，请尽早商议续签。{community_name}",
        placeholders={
            "partner": _("合伙人"),
            "agreement": _("协议名称"),
            "ends_on": _("到期日期"),
            "days": _("剩余天数"),
            COMMUNITY_NAME: _("社区名称"),
        },
        channels=("inbox", "email"),
        needed=("partner", "ends_on"),
    )
)
