"""The kinds of message that the system itself sends, in the words of a residents' committee."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_COMMUNITY = {COMMUNITY_NAME: _("社区名称")}
_EVENT = {
    "event_title": _("活动名称"),
    "starts_at": _("开始时间"),
    "place": _("地点"),
} | _COMMUNITY

SIGN_IN_CODE = declare(
    TemplateKind(
        code="sign_in_code",
        label=_("登录验证码"),
        title="登录验证码",
        body="验证码 {code}，{minutes} 分钟内有效。请勿告诉他人，工作人员不会向您索要。",
        placeholders={"code": _("验证码"), "minutes": _("有效分钟数")},
        channels=("sms", "email"),
        needed=("code",),
        secret=True,
    )
)
# As a code is: at once, to a number that is no account's any more, and not for staff to reword.
SIGN_IN_PHONE_CHANGED = declare(
    TemplateKind(
        code="sign_in_phone_changed",
        label=_("登录手机已更换"),
        title="登录手机已更换",
        body="您账号的登录手机已换成 {phone}，今后不再用本号码登录。如不是您本人操作，请马上联系社区服务台停用账号。",
        placeholders={"phone": _("新手机号（脱敏）")},
        channels=("sms",),
        needed=("phone",),
        secret=True,
    )
)
EVENT_REGISTERED = declare(
    TemplateKind(
        code="event_registered",
        label=_("报名成功"),
        title="报名成功：{event_title}",
        body="您已报名“{event_title}”，时间：{starts_at}，地点：{place}。不能来时请提前取消，把名额留给别人。{community_name}",
        placeholders=_EVENT,
        needed=("event_title", "starts_at"),
    )
)
EVENT_WAITLISTED = declare(
    TemplateKind(
        code="event_waitlisted",
        label=_("进入候补"),
        title="已进入候补：{event_title}",
        body="“{event_title}”（{starts_at}）名额已满，您排在候补第 {position} 位。有人退出时会按顺序递补，并再通知您。{community_name}",
        placeholders=_EVENT | {"position": _("候补位次")},
        needed=("event_title",),
    )
)
EVENT_PROMOTED = declare(
    TemplateKind(
        code="event_promoted",
        label=_("候补转正"),
        title="有名额了：{event_title}",
        body="您候补的“{event_title}”已有名额，现已为您报上。时间：{starts_at}，地点：{place}。不能来时请尽快取消。{community_name}",
        placeholders=_EVENT,
        needed=("event_title", "starts_at"),
    )
)
EVENT_CANCELLED = declare(
    TemplateKind(
        code="event_cancelled",
        label=_("活动取消"),
        title="活动取消：{event_title}",
        body="原定 {starts_at} 的“{event_title}”已取消。给您带来不便，敬请谅解。{community_name}",
        placeholders=_EVENT,
        needed=("event_title",),
    )
)
EVENT_REMINDER = declare(
    TemplateKind(
        code="event_reminder",
        label=_("活动提醒"),
        title="活动提醒：{event_title}",
        body="您报名的“{event_title}”将于 {starts_at} 在{place}举行，请准时参加。{community_name}",
        placeholders=_EVENT,
        needed=("event_title", "starts_at"),
    )
)
REGISTRATION_WITHDRAWN = declare(
    TemplateKind(
        code="registration_withdrawn",
        label=_("报名已取消"),
        title="报名已取消：{event_title}",
        body="您在“{event_title}”（{starts_at}）的报名已取消。如不是您本人的意思，请与社区联系。{community_name}",
        placeholders=_EVENT,
        needed=("event_title",),
    )
)
JOB_FINISHED = declare(
    TemplateKind(
        code="job_finished",
        label=_("后台任务完成"),
        title="{job_title}：{outcome}",
        body="您交给后台的“{job_title}”已结束，结果：{outcome}。",
        placeholders={"job_title": _("任务名称"), "outcome": _("结果")} | _COMMUNITY,
        channels=("inbox",),
        needed=("job_title",),
    )
)
SUBJECT_REQUEST_DONE = declare(
    TemplateKind(
        code="subject_request_done",
        label=_("个人信息请求已办结"),
        title="您的个人信息请求已办结",
        body="您提出的“{request}”已办结，结果：{outcome}。如有疑问，请与社区联系。{community_name}",
        placeholders={"request": _("请求内容"), "outcome": _("办理结果")} | _COMMUNITY,
        needed=("request",),
    )
)
