"""What people ask of their own data, how long it is kept, and what was done when its time was over."""

from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import reaches_own, scope
from backend.core.facts import Facts
from backend.core.holdings import all_expiring, all_holdings, holding_of
from backend.core.models import CodedRecord, Record
from backend.people.models import Resident
from backend.privacy import rules
from backend.privacy.choices import Identified, RequestKind, RequestStatus
from backend.privacy.states import REQUEST_MACHINE


def is_nobody(resident: Resident) -> bool:
    """Whether the resident has the name that an erased one is given."""
    return any(
        holding.anonymous(resident).get("name") == resident.name
        for holding in all_holdings()
        if holding.model is Resident
    )


class SubjectRequest(CodedRecord):
    """本人请求: somebody asks what is held about them, that it be corrected, or that it be erased."""

    area = "requests"
    code_prefix = "qq"
    machine = REQUEST_MACHINE
    parents = ("resident",)
    fixed = ("resident",)
    personal = {"details": "hidden"}

    kind = models.CharField(_("请求"), max_length=10, choices=RequestKind.choices)
    resident = models.ForeignKey(
        Resident, models.PROTECT, verbose_name=_("居民"), related_name="subject_requests"
    )
    asked_on = models.DateField(_("提出日期"), default=timezone.localdate)
    identified = models.CharField(_("核实方式"), max_length=12, choices=Identified.choices)
    details = models.CharField(
        _("说明"),
        max_length=300,
        blank=True,
        help_text=_("更正请写明哪一项不对、应该是什么"),
    )
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=RequestStatus.choices,
        default=RequestStatus.RECEIVED,
        editable=False,
    )
    # What an erasure did, by holding, and where it could not take something out: no names in either.
    counts = models.JSONField(default=dict, blank=True, editable=False)
    left = models.JSONField(default=list, blank=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("本人请求")
        ordering = ("-asked_on", "-pk")
        indexes = [
            models.Index(fields=["community", "-asked_on"], name="privacy_request_recent"),
        ]

    def __str__(self) -> str:
        return f"{self.code} · {self.get_kind_display()}"

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """Those of the community for the desk; their own for everybody."""
        staff = cls.rows_in(scope(user, cls.action("see")))
        if not reaches_own(user, cls.action("see")):
            return staff
        return staff | models.Q(resident__user=user.pk)

    def invariants(self, facts: Facts) -> None:
        rules.asked_in_the_past(self.asked_on, timezone.localdate())
        rules.correction_says_what(self.kind, self.details)
        resident = facts.parent(self, "resident")
        if self.id is None and resident is not None:
            rules.is_still_there(is_nobody(resident))


def retained() -> list[tuple[str, str]]:
    """Code and label of each kind of record whose term a community may set."""
    return [(h.code, h.label) for h in all_holdings() if h.kept_days is not None]


def kinds_of_record() -> list[tuple[str, str]]:
    """Code and label of everything that goes by itself."""
    return retained() + [(e.code, e.label) for e in all_expiring()]


class RetentionRule(Record):
    """保存期限: how long a community keeps one kind of record under people's names."""

    area = "privacy"

    holding = models.CharField(_("记录种类"), max_length=40, choices=retained)
    days = models.PositiveIntegerField(
        _("保存天数"), help_text=_("天；期满后自动去掉姓名等个人信息，人次和数量不变")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("保存期限")
        ordering = ("community", "holding")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "holding"],
                name="privacy_rule_once",
                violation_error_code="retention_rule_taken",
                violation_error_message="本社区已为这种记录设过期限，请直接修改那一条。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_holding_display()}：{self.days} 天"

    def invariants(self, facts: Facts) -> None:
        holding = holding_of(self.holding)
        if holding is not None and holding.kept_days is not None:
            rules.days_are_sane(self.days, rules.longest_days(holding.kept_days))


class RetentionRun(models.Model):
    """到期处理记录: how many rows lost their names, when. Counts only, written with the rows."""

    community = models.ForeignKey(
        "places.Community", models.PROTECT, null=True, verbose_name=_("社区"), related_name="+"
    )
    holding = models.CharField(_("记录种类"), max_length=40, choices=kinds_of_record)
    rows = models.PositiveIntegerField(_("处理条数"))
    ran_at = models.DateTimeField(_("处理时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("到期处理记录")
        ordering = ("-ran_at", "-pk")
        indexes = [models.Index(fields=["holding", "community"], name="privacy_run_holding")]

    def __str__(self) -> str:
        return f"{self.get_holding_display()} × {self.rows}"


class CommunityPrivacy(Record):
    """个人信息设置: which sensitive columns a community has turned on. All off unless it says so."""

    area = "privacy"

    identity_numbers_on = models.BooleanField(
        _("登记身份证号"),
        default=False,
        help_text=_("加密保存，只显示前后四位；请确认有法律依据再启用"),
    )
    party_membership_on = models.BooleanField(
        _("登记政治面貌"),
        default=False,
        db_default=False,
        help_text=_("只登记在志愿者上，默认隐藏；请确认有必要再启用"),
    )

    class Meta:
        verbose_name = verbose_name_plural = _("个人信息设置")
        constraints = [
            models.UniqueConstraint(
                fields=["community"],
                name="privacy_settings_once",
                violation_error_code="privacy_settings_taken",
                violation_error_message="本社区已有个人信息设置，请直接修改那一条。",
            )
        ]

    def __str__(self) -> str:
        return str(self.community)

    @classmethod
    def identity_numbers_are_on(cls, community_id: int) -> bool:
        """Whether the community has turned identity numbers on."""
        return cls.objects.filter(community=community_id, identity_numbers_on=True).exists()

    @classmethod
    def party_membership_is_on(cls, community_id: int) -> bool:
        """Whether the community has turned party membership (政治面貌) on."""
        return cls.objects.filter(community=community_id, party_membership_on=True).exists()

    @classmethod
    def where_party_membership_is_on(cls) -> frozenset[int]:
        """The keys of the communities that have turned it on."""
        rows = cls.objects.filter(party_membership_on=True).order_by()
        return frozenset(rows.values_list("community_id", flat=True))


class IdentityNumber(Record):
    """身份证号: encrypted; found by a keyed hash, shown by its first and last four."""

    area = "identity"
    parents = ("resident",)
    fixed = ("resident",)
    estate_path = "resident__building__estate"

    resident = models.OneToOneField(
        Resident, models.PROTECT, verbose_name=_("居民"), related_name="identity_number"
    )
    sealed = models.CharField(max_length=255, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    # Which key sealed it: what a rotation has still to do.
    key_name = models.CharField(max_length=16, editable=False)
    shown = models.CharField(_("身份证号"), max_length=18, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = _("身份证号")
        ordering = ("pk",)
        constraints = [
            models.UniqueConstraint(
                fields=["community", "digest"],
                condition=~models.Q(digest=""),
                name="privacy_identity_once",
                violation_error_code="identity_number_taken",
                violation_error_message="本社区已有另一位居民登记了这个身份证号，请核对是不是同一个人。",
            )
        ]

    def __str__(self) -> str:
        return self.shown


class Removal(models.Model):
    """A file that an erasure has let go of; deleted once the erasure is committed, if need be later.

    Without a name: freed pages of the database file that are to be overwritten.
    """

    name = models.CharField(max_length=255, blank=True)
    asked_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("待清除的文件")

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {self.pk}"
