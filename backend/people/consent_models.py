"""What people were told about their data, and what they agreed to."""

from datetime import date
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import NOWHERE, Scope, scope
from backend.core.facts import Facts
from backend.core.models import Record
from backend.people import rules
from backend.people.choices import ConsentMeans, ConsentPurpose


class PrivacyNotice(Record):
    """告知书: what a community tells people about the use of their data; one row a version.

    Once somebody has agreed to it, it stays word for word.
    """

    area = "privacy"

    version = models.CharField(_("版本号"), max_length=20, help_text=_("如 2025-1"))
    text = models.TextField(_("告知内容"), max_length=20000)
    published_on = models.DateField(
        _("发布日期"), null=True, blank=True, help_text=_("留空为草稿；到了这一天居民才看得到")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息告知书")
        ordering = ("-published_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "version"],
                name="people_notice_version",
                violation_error_code="notice_taken",
                violation_error_message="本社区已有这个版本号的告知书，请换一个版本号。",
            )
        ]

    def __str__(self) -> str:
        return self.version

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """What is published for every member of the community; drafts for those who write them."""
        published = models.Q(published_on__lte=timezone.localdate())
        return super().visible(user) | (
            published
            & (cls.rows_in(scope(user, "people.consent")) | cls.rows_in(scope(user, "people.see")))
        )

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also what people have agreed to."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        if known:
            agreed = Consent.objects.filter(notice_id__among=known).order_by()
            facts.note_beside(
                (pk, tuple(words))
                for pk, *words in agreed.values_list(
                    "notice_id", "notice__version", "notice__text", "notice__published_on"
                ).distinct()
            )
        return facts

    def invariants(self, facts: Facts) -> None:
        rules.notice_is_unused(
            (self.version, self.text, self.published_on), facts.beside.get(self.id, ())
        )


class Consent(Record):
    """同意记录: somebody agreed to one purpose, under one version of the notice, until withdrawn."""

    area = "people"
    estate_path = "resident__building__estate"
    parents = ("resident", "notice")
    fixed = ("resident", "notice")

    resident = models.ForeignKey(
        "people.Resident", models.PROTECT, verbose_name=_("居民"), related_name="consents"
    )
    notice = models.ForeignKey(
        PrivacyNotice, models.PROTECT, verbose_name=_("告知书版本"), related_name="consents"
    )
    purpose = models.CharField(_("用途"), max_length=20, choices=ConsentPurpose.choices)
    means = models.CharField(_("方式"), max_length=10, choices=ConsentMeans.choices)
    given_on = models.DateField(_("同意日期"))
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)
    evidence = models.CharField(
        _("凭据"), max_length=200, blank=True, help_text=_("签字纸存放在哪里，或由谁当面听到")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("同意记录")
        ordering = ("-given_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["resident", "notice", "purpose"],
                condition=models.Q(withdrawn_on__isnull=True),
                name="people_consent_active",
                violation_error_code="consent_taken",
                violation_error_message="这位居民已就这一版告知书同意过这个用途，不用重复登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} · {self.given_on}"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        return where.rows("community", cls.estate_path)

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """Those of the people whom `user` may see, and their own."""
        rows = super().visible(user)
        if scope(user, "people.consent") == NOWHERE:
            return rows
        return rows | models.Q(resident__user=user.pk)

    @property
    def stands(self) -> bool:
        """Whether it has not been withdrawn."""
        return self.withdrawn_on is None

    def invariants(self, facts: Facts) -> None:
        notice = facts.parent(self, "notice")
        resident = facts.parent(self, "resident")
        rules.is_not_erased(self.id is None and resident is not None and resident.erased)
        given: date = self.given_on
        rules.notice_is_published(notice.published_on if notice else None, given)
        rules.consent_runs_forward(given, self.withdrawn_on, timezone.localdate())
