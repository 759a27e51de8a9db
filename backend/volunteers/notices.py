"""The kinds of message to volunteers, in the words of a residents' committee."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_WORK = {
    "what": _("活动或服务"),
    "task": _("岗位或任务"),
    "starts_at": _("开始时间"),
    "place": _("地点"),
    COMMUNITY_NAME: _("社区名称"),
}

declare(
    TemplateKind(
        code="volunteer_approved",
        label=_("志愿者申请通过"),
        title="志愿者申请已通过",
        body="您的志愿者申请已通过，编号 {code}。有需要时我们会给您派工，感谢您为邻里出力。{community_name}",
        placeholders={"code": _("编号"), COMMUNITY_NAME: _("社区名称")},
        needed=(),
    )
)
declare(
    TemplateKind(
        code="volunteer_declined",
        label=_("志愿者申请未通过"),
        title="志愿者申请未通过",
        body="您的志愿者申请暂未通过：{reason}。有疑问请与社区联系。{community_name}",
        placeholders={"reason": _("原因"), COMMUNITY_NAME: _("社区名称")},
        needed=("reason",),
    )
)
declare(
    TemplateKind(
        code="volunteer_assigned",
        label=_("志愿者派工"),
        title="请您帮忙：{what}",
        body="想请您在“{what}”帮忙：{task}。时间：{starts_at}，地点：{place}。请确认是否参加。{community_name}",
        placeholders=_WORK,
        needed=("what", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="volunteer_assignment_moved",
        label=_("派工变更"),
        title="派工有变：{what}",
        body="您在“{what}”的派工（{task}）有变，现在是：{starts_at}，地点：{place}。原定 {before}。来不了请谢绝。{community_name}",
        placeholders=_WORK | {"before": _("原定时间")},
        needed=("what", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="volunteer_assignment_cancelled",
        label=_("派工取消"),
        title="派工取消：{what}",
        body="您在“{what}”（{starts_at}）的派工已取消，不用前来。原因：{reason}。感谢您的支持。{community_name}",
        placeholders=_WORK | {"reason": _("原因")},
        needed=("what", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="volunteer_reminder",
        label=_("派工提醒"),
        title="明天请您帮忙：{what}",
        body="您在“{what}”的派工（{task}）将于 {starts_at} 在{place}开始，请准时到岗；到岗、离岗请签到。{community_name}",
        placeholders=_WORK,
        needed=("what", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="volunteer_hours_rejected",
        label=_("服务时长未通过核实"),
        title="服务时长未通过核实",
        body="您 {day} 的服务时长没有通过核实：{reason}。有疑问请与社区联系。{community_name}",
        placeholders={
            "day": _("日期"),
            "reason": _("原因"),
            COMMUNITY_NAME: _("社区名称"),
        },
        needed=("day", "reason"),
    )
)
