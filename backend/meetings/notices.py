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
_DUE = {
    "meeting": _("会议"),
    "action": _("落实事项"),
    "organization": _("责任单位"),
    "due_on": _("完成时限"),
    COMMUNITY_NAME: _("社区名称"),
}
ACTION_DUE = declare(
    TemplateKind(
        code="action_due",
        label=_("落实事项快到期"),
        title="快到期：{action}",
        body="{meeting}确定由{organization}落实“{action}”，完成时限 {due_on}。请按时办好并报告进展。（{community_name}）",
        placeholders=_DUE,
        needed=("action", "due_on"),
    )
)
ACTION_OVERDUE = declare(
    TemplateKind(
        code="action_overdue",
        label=_("落实事项逾期"),
        title="已逾期：{action}",
        body="{meeting}确定由{organization}落实“{action}”，完成时限 {due_on}，还没有报告办结。请尽快办理；办不了的请说明情况。（{community_name}）",
        placeholders=_DUE,
        needed=("action", "due_on"),
    )
)
ACTION_REOPENED = declare(
    TemplateKind(
        code="action_reopened",
        label=_("落实事项退回重办"),
        title="退回重办：{action}",
        body="“{action}”退回重办，原因：{reason}。请继续办理，登记新的进展，办好后再报告办结；完成时限 {due_on}。（{community_name}）",
        placeholders={
            "meeting": _("会议"),
            "action": _("落实事项"),
            "reason": _("原因"),
            "due_on": _("完成时限"),
            COMMUNITY_NAME: _("社区名称"),
        },
        needed=("action", "reason"),
    )
)
SEAT_TERM = declare(
    TemplateKind(
        code="seat_term",
        label=_("席位任期到期提醒"),
        title="席位任期将满：{seat}",
        body="“{seat}”的席位任期到 {ends_on} 为止。请商议换届：先填原席位的结束日期，再登记新的席位。（{community_name}）",
        placeholders={
            "seat": _("席位"),
            "ends_on": _("任期结束"),
            COMMUNITY_NAME: _("社区名称"),
        },
        needed=("seat", "ends_on"),
    )
)
