"""Messages: what people find in their inbox, how staff word it, and what went out to whom."""

import uuid
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import scope
from backend.core.facts import Facts
from backend.core.models import KeptQuerySet, Record
from backend.messaging import rules
from backend.messaging.choices import OUTGOING, Channel, DeliveryState
from backend.messaging.templates import all_kinds


class InboxMessage(models.Model):
    """站内信: one message in one person's inbox. Nobody else reads it, whatever their role."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("收件人"), related_name="+"
    )
    community = models.ForeignKey(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )
    template = models.CharField(_("通知种类"), max_length=40)
    title = models.CharField(_("标题"), max_length=100, blank=True)
    body = models.TextField(_("正文"), blank=True)
    # The record that it tells of, for a link: "education.LegalEducationEvent" and its key.
    about_model = models.CharField(max_length=80, blank=True)
    about_id = models.BigIntegerField(null=True)
    once_key = models.CharField(max_length=120)
    # The call of tell() that wrote it: how that call knows which of its rows are new.
    told_in = models.UUIDField()
    read_at = models.DateTimeField(_("阅读时间"), null=True)
    created_at = models.DateTimeField(_("收到时间"), default=timezone.now)
    updated_at = models.DateTimeField(_("更新时间"), default=timezone.now)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("站内信")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(fields=["once_key", "user"], name="messaging_inbox_once")
        ]
        indexes = [
            models.Index(
                fields=["user"],
                condition=models.Q(read_at__isnull=True),
                name="messaging_inbox_unread",
            ),
            models.Index(fields=["user", "updated_at"], name="messaging_inbox_updated"),
        ]

    def __str__(self) -> str:
        return self.title or str(_("（内容已清除）"))

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """The user's own; none for a key of theirs, which some program holds."""
        signed_in = user is not None and user.is_authenticated and user.is_active
        if not signed_in or getattr(user, "limited_to", None) is not None:
            return models.Q(pk__in=[])
        return models.Q(user_id=user.pk)


class MessageTemplate(Record):
    """通知模板: a community's own words for one kind of message, instead of the declared ones."""

    area = "messaging"
    parents = ("community",)

    kind = models.CharField(_("通知种类"), max_length=40)
    title = models.CharField(_("标题"), max_length=60)
    body = models.TextField(_("正文"), max_length=500)
    by_sms = models.BooleanField(_("发短信"), default=True)
    by_email = models.BooleanField(_("发邮件"), default=True)
    by_wechat = models.BooleanField(_("发微信"), default=True)

    class Meta:
        verbose_name = verbose_name_plural = _("通知模板")
        ordering = ("community", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "kind"],
                name="messaging_template_once",
                violation_error_code="template_taken",
                violation_error_message="本社区已有这种通知的模板，请直接修改那一份。",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def invariants(self, facts: Facts) -> None:
        declared = {kind.code: kind for kind in all_kinds()}
        kind = declared.get(self.kind)
        rules.kind_may_be_reworded(
            self.kind, declared=kind is not None, secret=kind is not None and kind.secret
        )
        assert kind is not None
        for field in ("title", "body"):
            rules.placeholders_are_known(getattr(self, field), kind.placeholders, field)
        rules.placeholders_are_kept(self.body, kind.needed, kind.placeholders, "body")

    @property
    def channels(self) -> frozenset[str]:
        """The outgoing ways that are switched on."""
        return frozenset(channel for channel in OUTGOING if getattr(self, f"by_{channel}"))


class Delivery(models.Model):
    """发送记录: one message to one person by one way out of the house.

    It is written in the transaction of what it tells of, and sent by the worker after it. The
    address stays until the message is sent or given up; after that only its mask is known.
    """

    area: ClassVar[str] = "messaging"

    community = models.ForeignKey(
        "places.Community", models.PROTECT, null=True, verbose_name=_("社区"), related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name=_("账号"),
        related_name="+",
    )
    resident = models.ForeignKey(
        "people.Resident", models.PROTECT, null=True, verbose_name=_("居民"), related_name="+"
    )
    channel = models.CharField(_("方式"), max_length=10, choices=Channel.choices)
    template = models.CharField(_("通知种类"), max_length=40)
    # A code: sent by the process that made it, never by the worker, and never kept.
    secret = models.BooleanField(default=False)
    masked_to = models.CharField(_("发送到"), max_length=60, blank=True)
    address = models.CharField(max_length=254, blank=True)
    title = models.CharField(_("标题"), max_length=100, blank=True)
    body = models.TextField(_("正文"), blank=True)
    # For providers that hold the text themselves and want the values alone.
    values = models.JSONField(default=dict)
    state = models.CharField(
        _("状态"), max_length=10, choices=DeliveryState.choices, default=DeliveryState.PENDING
    )
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    next_try_at = models.DateTimeField(_("下次发送"), null=True, default=timezone.now)
    # Who is sending it now, and until when that is believed.
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    once_key = models.CharField(max_length=120)
    told_in = models.UUIDField()
    # The same at every try: by it a provider knows a message that it has had before.
    reference = models.UUIDField(default=uuid.uuid4, unique=True)
    provider_reference = models.CharField(_("服务商流水号"), max_length=100, blank=True)
    error_code = models.CharField(_("错误代码"), max_length=60, blank=True)
    created_at = models.DateTimeField(_("登记时间"), default=timezone.now)
    sent_at = models.DateTimeField(_("发出时间"), null=True)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("发送记录")
        ordering = ("-pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["once_key", "user", "channel"],
                condition=models.Q(user__isnull=False, secret=False),
                name="messaging_delivery_user",
            ),
            models.UniqueConstraint(
                fields=["once_key", "resident", "channel"],
                condition=models.Q(user__isnull=True, resident__isnull=False, secret=False),
                name="messaging_delivery_resident",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(state__in=["pending", "failed"], secret=False),
                name="messaging_delivery_due",
            ),
            models.Index(fields=["community", "-id"], name="messaging_delivery_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} {self.masked_to}"

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """The log of the communities whose messages the user may see."""
        return scope(user, f"{cls.area}.see").rows()


class NotificationPreference(models.Model):
    """通知方式: whether a person wants to be told by one outgoing way. The inbox stays."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("账号"), related_name="+"
    )
    channel = models.CharField(_("方式"), max_length=10, choices=Channel.choices)
    wanted = models.BooleanField(_("接收"), default=True)
    updated_at = models.DateTimeField(_("更新时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("通知方式")
        constraints = [
            models.UniqueConstraint(fields=["user", "channel"], name="messaging_preference_once")
        ]

    def __str__(self) -> str:
        return self.get_channel_display()
