"""What people are told of joint meetings."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_MEETING = {
    "meeting": _("会议"),
    "starts_at": _("开会时间"),
    "place": _("地点"),
    COMMUNITY_NAME: _("社区名称"),
}

MEETING_NOTICE = declare(
    TemplateKind(
        code="meeting_notice",
        label=_("联席会议通知"),
        title="会议通知：{meeting}",
        body="{community_name}定于 {starts_at} 在{place}召开{meeting}，请准时参加；不能到会请提前请假或委托其他席位。\n议题：\n{agenda}",
        placeholders=_MEETING | {"agenda": _("议题")},
        needed=("meeting", "starts_at", "agenda"),
    )
)
MEETING_POSTPONED = declare(
    TemplateKind(
        code="meeting_postponed",
        label=_("联席会议延期"),
        title="会议延期：{meeting}",
        body="原定 {starts_at} 的{meeting}延期，原因：{reason}。新的时间另行通知。（{community_name}）",
        placeholders=_MEETING | {"reason": _("原因")},
        needed=("meeting", "starts_at"),
    )
)
MEETING_CANCELLED = declare(
    TemplateKind(
        code="meeting_cancelled",
        label=_("联席会议取消"),
        title="会议取消：{meeting}",
        body="原定 {starts_at} 的{meeting}取消，原因：{reason}。（{community_name}）",
        placeholders=_MEETING | {"reason": _("原因")},
        needed=("meeting", "starts_at"),
    )
)
ACTION_GIVEN = declare(
    TemplateKind(
        code="action_given",
        label=_("落实事项通知"),
        title="请落实：{action}",
        body="{meeting}确定由贵单位落实“{action}”，完成时限 {due_on}。请按时报告进展。（{community_name}）",
        placeholders={
            "meeting": _("会议"),
            "action": _("落实事项"),
            "due_on": _("完成时限"),
            COMMUNITY_NAME: _("社区名称"),
        },
        needed=("action", "due_on"),
    )
)
