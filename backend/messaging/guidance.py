"""What its pages are for, and the next step: shown on each of them, and where it is still empty."""

from django.utils.translation import gettext_lazy as _

from backend.core.guidance import guide

guide(
    "messaging.MessageTemplate",
    _("通知模板：短信、收件箱里写什么。没有自己的就用系统自带的。"),
    _("从自带的改起，看过预览再保存；改回去看“历史”。"),
    "messages",
    "通知模板",
)
guide(
    "messaging.Delivery",
    _("发送记录：每条通知发给谁、到了没有。"),
    _("没发出去的可以重发。"),
    "messages",
    "发送记录",
)
guide(
    "messaging.InboxMessage",
    _("收件箱：系统发给您的通知。"),
    _("点开就算看过；要办的事在“今日待办”。"),
    "messages",
    "收件箱",
)
