"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestKind(TextChoices):
    """What somebody asks of their own data."""

    SHOW = "show", _("查看自己的信息")
    CORRECT = "correct", _("更正")
    ERASE = "erase", _("删除")


class RequestStatus(TextChoices):
    RECEIVED = "received", _("待办")
    DONE = "done", _("已办结")
    REFUSED = "refused", _("未同意")


class Identified(TextChoices):
    """How it was made sure that it is they who ask."""

    DOCUMENT = "document", _("当面核对证件")
    KNOWN = "known", _("工作人员认识本人")
    ENTRUSTED = "entrusted", _("受托人持委托书和证件")
    ACCOUNT = "account", _("本人登录账号提交")


STATUS_COLOURS = {
    RequestStatus.RECEIVED: "warning",
    RequestStatus.DONE: "success",
    RequestStatus.REFUSED: "default",
}
