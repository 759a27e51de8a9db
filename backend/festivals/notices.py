"""The kinds of message about festivals, in the words of a residents' committee."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_FESTIVAL = {
    "festival": _("邻里节名称"),
    "starts_at": _("开始时间"),
    "place": _("地点"),
    COMMUNITY_NAME: _("社区名称"),
}
_STALL = _FESTIVAL | {"stalls": _("摊位")}

declare(
    TemplateKind(
        code="festival_stalls",
        label=_("邻里节摊位安排"),
        title="邻里节摊位安排：{festival}",
        body="“{festival}”定于 {starts_at} 在{place}举办，贵单位的摊位：{stalls}。请提前半小时到场布置；来不了请尽早告诉社区。{community_name}",
        placeholders=_STALL,
        needed=("festival", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="festival_stall_dropped",
        label=_("邻里节摊位撤下"),
        title="摊位已撤下：{festival}",
        body="贵单位在“{festival}”（{starts_at}）的摊位“{stalls}”已撤下，不用到场。如有疑问请与社区联系。{community_name}",
        placeholders=_STALL,
        needed=("festival",),
    )
)
declare(
    TemplateKind(
        code="festival_moved",
        label=_("邻里节改期"),
        title="邻里节改期：{festival}",
        body="“{festival}”由 {before} 改到 {starts_at}，地点：{place}。摊位安排不变；来不了请尽早告诉社区。{community_name}",
        placeholders=_FESTIVAL | {"before": _("原定时间")},
        needed=("festival", "starts_at", "before"),
    )
)
declare(
    TemplateKind(
        code="festival_cancelled",
        label=_("邻里节取消"),
        title="邻里节取消：{festival}",
        body="原定 {starts_at} 的“{festival}”取消，原因：{reason}。请不要到场，给您带来不便，敬请谅解。{community_name}",
        placeholders=_FESTIVAL | {"reason": _("原因")},
        needed=("festival", "starts_at"),
    )
)
