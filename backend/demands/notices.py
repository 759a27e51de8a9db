"""The kinds of message about demands, in the words of a residents' committee."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_DEMAND = {
    "code": _("诉求编号"),
    "about": _("性质和类别"),
    COMMUNITY_NAME: _("社区名称"),
}

declare(
    TemplateKind(
        code="demand_assigned",
        label=_("诉求派单"),
        title="新的诉求 {code}",
        body="{code}（{about}）派给贵单位办理，期限 {due}。请登录后“开始办理”；不归贵单位的，请尽快“退回派单”并写明原因。{community_name}",
        placeholders=_DEMAND | {"due": _("办理期限")},
        needed=("code", "due"),
    )
)
declare(
    TemplateKind(
        code="demand_registered",
        label=_("诉求已登记"),
        title="您的诉求已登记：{code}",
        body="您反映的事已登记，编号 {code}。我们会在 {respond_by} 前回复您。{community_name}",
        placeholders=_DEMAND | {"respond_by": _("首次回复期限")},
        needed=("code",),
    )
)
declare(
    TemplateKind(
        code="demand_resolved",
        label=_("诉求已解决，请确认"),
        title="请确认：{code}",
        body="您反映的事（{code}）承办方已登记解决。解决了的请“确认”；没有解决的请选“重新办理”，写明还差什么。{community_name}",
        placeholders=_DEMAND,
        needed=("code",),
    )
)
declare(
    TemplateKind(
        code="demand_explained",
        label=_("诉求无法解决的说明"),
        title="关于您的诉求 {code}",
        body="您反映的事（{code}）目前无法解决，原因已写在诉求里；有疑问请到社区诉求窗口。{community_name}",
        placeholders=_DEMAND,
        needed=("code",),
    )
)
