"""The evening's digest of an estate, and the groups that got it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, Record
from backend.core.stored import StoredFacts, told
from backend.patrols import digest_rules as rules
from backend.patrols.choices import DigestStatus
from backend.patrols.states import DIGEST_MACHINE
from backend.places.models import Estate, ResidentGroup


class DigestFacts(StoredFacts):
    """Also the edition that each stored digest is in."""

    editions: dict[Any, int]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Any:
        """As StoredFacts, and one query more."""
        facts = super().gather(model, records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = model._default_manager.filter(pk__among=known).order_by()
        facts.editions = dict(rows.values_list("pk", "edition")) if known else {}
        return facts


class DailyDigest(CodedRecord):
    """工作小结: what an estate's neighbours are told in the evening of the day's rounds."""

    area = "digests"
    code_prefix = "xj"
    machine = DIGEST_MACHINE
    estate_path = "estate"
    parents = ("estate",)
    fixed = ("estate",)
    KEPT = ("day", "text")

    estate = models.ForeignKey(
        Estate, models.PROTECT, verbose_name=_("小区"), related_name="digests"
    )
    day = models.DateField(_("日期"))
    text = models.TextField(
        _("内容"), max_length=2000, help_text=_("发到居民群：不写姓名、电话、门牌、身份证号")
    )
    # As the rounds stood when it was drafted.
    patrols = models.PositiveSmallIntegerField(_("巡查次数"), default=0, editable=False)
    points = models.PositiveSmallIntegerField(_("必查项数"), default=0, editable=False)
    issues = models.PositiveSmallIntegerField(_("发现问题"), default=0, editable=False)
    fixed_on_spot = models.PositiveSmallIntegerField(_("当场解决"), default=0, editable=False)
    passed_on = models.PositiveSmallIntegerField(_("转诉求"), default=0, editable=False)
    # Whoever last wrote the text: somebody else reviews it.
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("起草人"),
        related_name="+",
        editable=False,
    )
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("审核人"),
        related_name="+",
        editable=False,
    )
    published_at = models.DateTimeField(_("发布时间"), null=True, blank=True, editable=False)
    # 1 as published; each correction is one more.
    edition = models.PositiveSmallIntegerField(_("版次"), default=1, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=DigestStatus.choices,
        default=DigestStatus.DRAFT,
        editable=False,
    )

    class Meta:
        verbose_name = verbose_name_plural = _("工作小结")
        ordering = ("-day", "estate", "pk")
        indexes = [
            models.Index(fields=["community", "-day"], name="patrols_digest_recent"),
            models.Index(fields=["community", "status", "day"], name="patrols_digest_status"),
            models.Index(fields=["community", "updated_at"], name="patrols_digest_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["estate", "day"],
                name="patrols_digest_once",
                violation_error_code="digest_taken",
                violation_error_message="这个小区这一天的小结已经有了，请打开那一份。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self._meta.verbose_name}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        facts: Facts = DigestFacts.gather(cls, records)
        return facts

    def invariants(self, facts: Any) -> None:
        rules.digest_has_text(self.text or "")
        rules.digest_day_has_come(self.day, timezone.localdate())
        before = facts.before(self)
        if before is not None:
            grew = self.edition > facts.editions.get(self.id, 0)
            rules.reviewed_text_stays(self.status, before, told(self), grew)

    def before_delete(self, facts: Facts) -> None:
        rules.draft_digest_alone_goes(self.status)


class GroupPost(Record):
    """发群记录: one group of neighbours got one edition of a digest."""

    area = "digests"
    estate_path = "digest__estate"
    parents = ("digest",)
    fixed = ("digest", "group")

    digest = models.ForeignKey(
        DailyDigest, models.PROTECT, verbose_name=_("工作小结"), related_name="posts"
    )
    group = models.ForeignKey(
        ResidentGroup, models.PROTECT, verbose_name=_("居民微信群"), related_name="posts"
    )
    edition = models.PositiveSmallIntegerField(_("版次"), default=1)
    posted_at = models.DateTimeField(_("发送时间"), default=timezone.now)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("发送人"),
        related_name="+",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("发群记录")
        ordering = ("-posted_at", "-pk")
        indexes = [models.Index(fields=["community", "updated_at"], name="patrols_post_updated")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["digest", "group", "edition"],
                name="patrols_post_once",
                violation_error_code="post_taken",
                violation_error_message="这个群已经登记过了。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.group}"

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the groups: one query."""
        facts = super().gather(records)
        groups = frozenset(record.group_id for record in records if record.group_id is not None)
        rows = ResidentGroup.objects.filter(pk__among=groups).order_by()
        facts.parents["group"] = {row.pk: row for row in rows}
        return facts

    def invariants(self, facts: Any) -> None:
        digest, group = facts.parent(self, "digest"), facts.parent(self, "group")
        if digest is None or group is None:
            return  # Told by the foreign keys themselves.
        rules.digest_is_out(digest.status)
        rules.group_takes_it(
            group.estate_id,
            digest.estate_id,
            group.started_on,
            group.ended_on,
            timezone.localtime(self.posted_at).date(),
        )
