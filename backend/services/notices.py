"""The kinds of message about bookings, in the words of a residents' committee."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_SLOT = {
    "service": _("服务名称"),
    "starts_at": _("开始时间"),
    "place": _("地点"),
    COMMUNITY_NAME: _("社区名称"),
}

declare(
    TemplateKind(
        code="service_booked",
        label=_("预约成功"),
        title="预约成功：{service}",
        body="您已预约“{service}”，时间：{starts_at}，地点：{place}。不能来时请提前取消，把名额留给别人。{community_name}",
        placeholders=_SLOT,
        needed=("service", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="service_waitlisted",
        label=_("预约候补"),
        title="已排入候补：{service}",
        body="“{service}”（{starts_at}）已约满，您排在候补第 {position} 位。有空位时按先后通知您。{community_name}",
        placeholders=_SLOT | {"position": _("候补位次")},
        needed=("service",),
    )
)
declare(
    TemplateKind(
        code="service_offered",
        label=_("候补到位，待确认"),
        title="有名额了，请确认：{service}",
        body="您候补的“{service}”（{starts_at}，{place}）空出名额，为您保留到 {until}。要来请在此之前确认，过时名额给下一位。{community_name}",
        placeholders=_SLOT | {"until": _("保留到")},
        needed=("service", "until"),
    )
)
declare(
    TemplateKind(
        code="service_promoted",
        label=_("候补转预约"),
        title="有名额了：{service}",
        body="您候补的“{service}”已有名额，现已为您约上。时间：{starts_at}，地点：{place}。不能来时请尽快取消。{community_name}",
        placeholders=_SLOT,
        needed=("service", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="service_offer_lapsed",
        label=_("保留名额已收回"),
        title="保留名额已收回：{service}",
        body="为您保留的“{service}”（{starts_at}）名额，到时间没有确认，已给下一位。还想来可以再排候补。{community_name}",
        placeholders=_SLOT,
        needed=("service",),
    )
)
declare(
    TemplateKind(
        code="service_booking_cancelled",
        label=_("预约已取消"),
        title="预约已取消：{service}",
        body="您在“{service}”（{starts_at}）的预约已取消。如不是您本人的意思，请与社区联系。{community_name}",
        placeholders=_SLOT,
        needed=("service",),
    )
)
declare(
    TemplateKind(
        code="service_slot_cancelled",
        label=_("服务时段取消"),
        title="服务取消：{service}",
        body="原定 {starts_at} 的“{service}”已取消，您的预约随之取消。请另约时间，给您带来不便，敬请谅解。{community_name}",
        placeholders=_SLOT,
        needed=("service", "starts_at"),
    )
)
declare(
    TemplateKind(
        code="service_slot_moved",
        label=_("服务时间变更"),
        title="时间变更：{service}",
        body="您预约的“{service}”由 {before} 改到 {starts_at}，地点：{place}。您的预约仍然有效；来不了请取消。{community_name}",
        placeholders=_SLOT | {"before": _("原定时间")},
        needed=("service", "starts_at", "before"),
    )
)
declare(
    TemplateKind(
        code="service_reminder",
        label=_("服务提醒"),
        title="明天的服务：{service}",
        body="您预约的“{service}”将于 {starts_at} 在{place}进行，请准时前来。{community_name}",
        placeholders=_SLOT,
        needed=("service", "starts_at"),
    )
)
