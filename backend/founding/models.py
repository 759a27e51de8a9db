"""An opening: the workbook as it came, what it would make, and what was made."""

import secrets
from datetime import datetime
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, scope, subdistricts
from backend.core.models import ChangeSet, Kept
from backend.founding.choices import FoundingStatus
from backend.founding.states import FOUNDING_MACHINE
from backend.places.models import Community, Subdistrict

UPLOADS = "founding"


def stored_under(_founding: Any, name: str) -> str:
    """A name that says nothing of the file."""
    return f"{UPLOADS}/{datetime.now():%Y-%m}/{secrets.token_hex(16)}{PurePath(name).suffix[:6]}"


class Founding(Kept):
    """开通: one workbook from which a community is made, from preview to undo.

    It belongs to the subdistrict whose office opens the community: until it is made there is none.
    """

    area = "founding"
    machine = FOUNDING_MACHINE

    subdistrict = models.ForeignKey(
        Subdistrict, models.PROTECT, verbose_name=_("街道"), related_name="+"
    )
    # Not called community: a record never changes its own, and this one has none at first.
    opened = models.ForeignKey(
        Community, models.PROTECT, null=True, blank=True, verbose_name=_("社区"), related_name="+"
    )
    community_name = models.CharField(_("社区名称"), max_length=60, blank=True)
    # Until it is made: what staff wrote about themselves is not kept twice.
    upload = models.FileField(_("文件"), upload_to=stored_under, blank=True)
    # A line for each sheet: its title, its counts, its problems; no cell of it.
    sheets = models.JSONField(_("工作表"), default=list, blank=True, editable=False)
    # Every row with what it comes to, as one short text.
    digest = models.CharField(max_length=64, blank=True, editable=False)
    create = models.PositiveIntegerField(_("新增"), default=0)
    unchanged = models.PositiveIntegerField(_("不变"), default=0)
    problems = models.PositiveIntegerField(_("要改"), default=0)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("上传人"),
        related_name="+",
    )
    change_set = models.ForeignKey(
        ChangeSet, models.PROTECT, null=True, blank=True, verbose_name=_("变更"), related_name="+"
    )
    # The keys of the accounts that were made.
    accounts = models.JSONField(default=list, blank=True, editable=False)
    made_at = models.DateTimeField(_("开通时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)
    # How many rows an undo has left, because others have worked on them since.
    left = models.PositiveIntegerField(_("未收回"), default=0)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=FoundingStatus.choices,
        default=FoundingStatus.READ,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("开通小区")
        ordering = ("-pk",)

    def __str__(self) -> str:
        return f"{self.community_name or self.subdistrict} · {self.created_at:%Y-%m-%d}"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        if where.everywhere:
            return models.Q()
        return models.Q(opened__in=where.communities)

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        # By the subdistrict, which an office has before it has a single community.
        where = scope(user, cls.action("see"))
        if where.everywhere:
            return models.Q()
        return models.Q(subdistrict__in=subdistricts(user, cls.action("see")))

    @property
    def scope_community_id(self) -> int | None:
        return self.opened_id

    @property
    def open_accounts(self) -> Any:
        """The accounts made here of which nobody has chosen a password yet."""
        model: Any = Founding._meta.get_field("uploaded_by").related_model
        found = model.objects.filter(pk__in=self.accounts, is_active=True, last_login=None)
        return [user for user in found.order_by("username") if not user.has_usable_password()]
