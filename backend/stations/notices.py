"""The kinds of message about stations' stock, in the words of a residents' committee."""

from django.utils.translation import gettext_lazy as _

from backend.messaging.templates import COMMUNITY_NAME, TemplateKind, declare

_REFILL = {
    "station": _("驿站"),
    "supply": _("品种"),
    "left": _("剩余数量"),
    "due_on": _("期限"),
    COMMUNITY_NAME: _("社区名称"),
}

declare(
    TemplateKind(
        code="refill_raised",
        label=_("驿站需要补货"),
        title="需要补货：{station} {supply}",
        body="{station}的{supply}只剩 {left}，请在 {due_on} 前补上，并登记入库。{community_name}",
        placeholders=_REFILL,
        needed=("station", "supply"),
    )
)
declare(
    TemplateKind(
        code="refill_overdue",
        label=_("驿站补货逾期"),
        title="补货逾期：{station} {supply}",
        body="{station}的{supply}应在 {due_on} 前补货，还没有入库，现在剩 {left}。请尽快处理；不补了请写明原因。{community_name}",
        placeholders=_REFILL,
        needed=("station", "supply"),
    )
)
