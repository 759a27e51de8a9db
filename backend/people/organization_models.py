"""Bodies of the neighbourhood, and the named people who speak for them from a day until another.

A body never signs in: its representatives do, each with an account of their own. So the history
always names a person.
"""

from datetime import date
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.masking import ANONYMOUS
from backend.core.models import CodedRecord, KeptQuerySet, Record
from backend.core.personal import mask
from backend.people import rules
from backend.people.choices import OrganizationKind
from backend.people.dated import TermQuerySet
from backend.places.rules import term_runs_forward


class OrganizationQuerySet(KeptQuerySet):
    """Organizations."""

    def active_on(self, day: date) -> Self:
        """Those that exist on `day`; without dates they always have, and do."""
        begun = models.Q(active_from__isnull=True) | models.Q(active_from__lte=day)
        lasting = models.Q(active_until__isnull=True) | models.Q(active_until__gte=day)
        return self.filter(begun & lasting)


class Organization(CodedRecord):
    """单位: a body that takes part in the community's work; it acts through representatives."""

    area = "organizations"
    code_prefix = "dw"
    own_path = "pk"

    name = models.CharField(_("名称"), max_length=80)
    short_name = models.CharField(
        _("简称"), max_length=20, blank=True, help_text=_("表格、纪要里常用的叫法，如 诚信行")
    )
    kind = models.CharField(_("类型"), max_length=30, choices=OrganizationKind.choices)
    active_from = models.DateField(_("成立日期"), null=True, blank=True)
    active_until = models.DateField(
        _("撤销日期"), null=True, blank=True, help_text=_("还在的单位留空")
    )

    objects: ClassVar[Any] = OrganizationQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ("name", "pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="people_organization_updated")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="people_organization_name",
                violation_error_code="organization_taken",
                violation_error_message="本社区已有同名单位，请核对。",
            ),
            models.UniqueConstraint(
                fields=["community", "short_name"],
                condition=~models.Q(short_name=""),
                name="people_organization_short",
                violation_error_code="short_name_taken",
                violation_error_message="本社区已有单位用这个简称，请换一个。",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def called(self) -> str:
        """The name that lists use: the short one where there is one."""
        return self.short_name or self.name

    def invariants(self, facts: Facts) -> None:
        term_runs_forward(self.active_from, self.active_until, field="active_until")


class RepresentativeFacts(Facts):
    """Also for whom each account speaks, kept up to date within a set."""

    # Account -> (key, name, first day, last day) of each row that it speaks by.
    by_account: dict[int, dict[Any, tuple[str, date, date | None]]]

    @classmethod
    def gather(cls, model: type[Any], records: list[Any]) -> Self:
        """As Facts, and one query more."""
        facts = super().gather(model, records)
        accounts = frozenset(record.user_id for record in records) - {None}
        facts.by_account = {account: {} for account in accounts}
        if accounts:
            rows = model._default_manager.filter(user_id__among=accounts).order_by()
            rows = rows.exclude(name__startswith=ANONYMOUS)
            for account, pk, name, first, last in rows.values_list(
                "user_id", "pk", "name", "valid_from", "valid_to"
            ):
                facts.by_account[account][pk] = (name, first, last)
        return facts

    def admit(self, record: Any) -> None:
        """The next of a set is judged after this one."""
        super().admit(record)
        for rows in self.by_account.values():
            rows.pop(record.id, None)
        if record.user_id is not None:
            key = record.id if record.id is not None else object()
            term = (record.name, record.valid_from, record.valid_to)
            self.by_account[record.user_id][key] = term


class Representative(Record):
    """单位代表: who speaks for an organization, from a day until, perhaps, another.

    A resident of the roster, an account, both, or a bare name.
    """

    area = "organizations"
    parents = ("organization",)
    fixed = ("organization",)
    own_path = "organization"
    personal = {"name": "name", "phone": "phone"}

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("单位"), related_name="representatives"
    )
    name = models.CharField(
        _("姓名"), max_length=30, blank=True, help_text=_("选了居民或账号的可不填，自动带出")
    )
    title = models.CharField(_("职务"), max_length=30, blank=True, help_text=_("如 项目经理"))
    phone = models.CharField(
        _("联系电话"), max_length=20, blank=True, validators=[rules.phone_is_normal]
    )
    resident = models.ForeignKey(
        "people.Resident",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("居民"),
        related_name="represents",
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("账号"),
        related_name="represents",
        help_text=_("本人的登录账号；一个账号只给一个人用"),
    )
    valid_from = models.DateField(_("任职开始"))
    valid_to = models.DateField(_("任职结束"), null=True, blank=True)

    objects: ClassVar[Any] = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位代表")
        ordering = ("organization", "pk")

    def __str__(self) -> str:
        return mask("name", self.name)

    def derive(self, before: Any) -> None:
        if self.name != "":
            return
        if self.resident_id is not None:
            self.name = self.resident.name
        elif self.user_id is not None:
            self.name = self.user.get_full_name() or self.user.get_username()

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return RepresentativeFacts.gather(cls, records)

    def invariants(self, facts: Any) -> None:
        rules.representative_is_named(self.name)
        term_runs_forward(self.valid_from, self.valid_to, field="valid_to")
        others = facts.by_account.get(self.user_id, {})
        rules.account_is_one_persons(
            (self.name, self.valid_from, self.valid_to),
            [term for pk, term in others.items() if pk != self.id],
        )
