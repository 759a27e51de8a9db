"""How people and programs come in."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.accounts import rules
from backend.core.access import Scope, scope
from backend.core.facts import Facts
from backend.core.models import Kept
from backend.core.personal import mask
from backend.core.role_words import AREAS, VERBS
from backend.core.roles import GRANTS


class SignInPhone(models.Model):
    """登录手机: the phone by which an account signs in; verified by a code sent to it."""

    personal: ClassVar[dict[str, str]] = {"phone": "phone"}

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        verbose_name=_("账号"),
        related_name="sign_in_phone",
    )
    phone = models.CharField(_("手机号"), max_length=11, unique=True)
    verified_at = models.DateTimeField(_("验证时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("登录手机")

    def __str__(self) -> str:
        return mask("phone", self.phone)


# A key makes no keys and gives nobody a role; and lists of the staff pages are no program's.
_NO_SCOPES = ("api_keys", "accounts", "views")
SCOPES = tuple(action for action in GRANTS if action.split(".")[0] not in _NO_SCOPES)


def scope_label(action: str) -> str:
    """A scope in words: 普法活动：查看."""
    area, verb = action.split(".")
    return f"{AREAS[area]}：{VERBS[verb]}"


class ApiKey(Kept):
    """接口密钥: lets a program act for its owner, within some of the owner's rights, for a time."""

    area = "api_keys"
    fixed = ("owner",)

    name = models.CharField(_("名称"), max_length=60, help_text=_("哪个程序用，例如“小程序后台”"))
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("所有人"), related_name="api_keys"
    )
    prefix = models.CharField(_("前缀"), max_length=8, unique=True, editable=False)
    digest = models.CharField(_("摘要"), max_length=64, editable=False)
    scopes = models.JSONField(_("权限"), default=list)
    expires_at = models.DateTimeField(_("有效期至"))
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("接口密钥")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.name}（llk_{self.prefix}_…）"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        # A key lies where its owner holds a role.
        return where.rows("owner__roles__community")

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        where = scope(user, cls.action("see"))
        if where.everywhere:
            return where.rows()
        return models.Q(owner=user.pk) if where.anywhere else models.Q(pk__in=[])

    @property
    def scope_community_id(self) -> int | None:
        return None

    @property
    def is_alive(self) -> bool:
        """Whether the key still opens anything."""
        return self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def was_used_lately(self) -> bool:
        """Whether the time of last use is fresh enough to be left alone."""
        use = getattr(self, "use", None)
        return use is not None and use.last_used_at > timezone.now() - timedelta(minutes=15)

    def invariants(self, facts: Facts) -> None:
        rules.key_has_a_name(self.name)
        rules.scopes_are_known(self.scopes, SCOPES)


class ApiKeyUse(models.Model):
    """When a key was last used, to a quarter of an hour: kept apart, so that using is no change."""

    key = models.OneToOneField(ApiKey, models.CASCADE, related_name="use")
    last_used_at = models.DateTimeField(_("最近使用"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("密钥使用情况")

    def __str__(self) -> str:
        return f"{self.key_id}: {timezone.localtime(self.last_used_at):%F %R}"


class RequestCount(models.Model):
    """Requests of one caller in one minute, as far as the processes told each other.

    One row for whoever was busy once, on SQLite in the queue's file: counting never waits for work.
    """

    caller = models.CharField(_("调用方"), max_length=60, unique=True)
    # Since 1970.
    minute = models.BigIntegerField(_("第几分钟"), db_index=True)
    count = models.PositiveIntegerField(_("次数"))

    class Meta:
        verbose_name = verbose_name_plural = _("接口调用次数")

    def __str__(self) -> str:
        return f"{self.caller}: {self.count}"
