"""People and bodies: accounts and roles here, residents and consents in files of their own."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, Kept, KeptQuerySet, Record
from backend.core.personal import mask
from backend.core.roles import Role
from backend.people import rules
from backend.people.choices import OrganizationKind
from backend.people.consent_models import Consent, PrivacyNotice
from backend.people.resident_models import Household, Resident, ResidentPhone
from backend.places.rules import term_runs_forward

__all__ = [
    "CommunityRole",
    "Consent",
    "Household",
    "Organization",
    "PrivacyNotice",
    "Representative",
    "Resident",
    "ResidentPhone",
    "User",
]


class User(AbstractUser):
    """An account: somebody who signs in. What they may do is in CommunityRole."""

    is_demo = models.BooleanField(_("演示账号"), default=False, editable=False)

    class Meta(AbstractUser.Meta):
        verbose_name = verbose_name_plural = _("用户")  # type: ignore[assignment]


class TermQuerySet(KeptQuerySet):
    """Rows with a term."""

    def valid_on(self, day: date) -> Self:
        """Those whose term holds on `day`; both ends belong to it."""
        return self.filter(valid_from__lte=day).filter(
            models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=day)
        )

    def held_by(self, user: Any) -> Self:
        """Those of `user` that hold today."""
        return self.valid_on(timezone.localdate()).filter(user=user)


class CommunityRole(Kept):
    """角色任命: what a user is in a community, an estate or a subdistrict, for a term."""

    area = "accounts"

    user = models.ForeignKey(User, models.PROTECT, verbose_name=_("用户"), related_name="roles")
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    community = models.ForeignKey(
        "places.Community", models.PROTECT, null=True, blank=True, verbose_name=_("社区")
    )
    subdistrict = models.ForeignKey(
        "places.Subdistrict", models.PROTECT, null=True, blank=True, verbose_name=_("街道")
    )
    estate = models.ForeignKey(
        "places.Estate", models.PROTECT, null=True, blank=True, verbose_name=_("小区")
    )
    valid_from = models.DateField(_("任职开始"))
    valid_to = models.DateField(_("任职结束"), null=True, blank=True)

    objects: ClassVar[Any] = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("角色任命")
        ordering = ("user", "role", "pk")

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        return where.rows("community")

    @property
    def scope_community_id(self) -> int | None:
        return self.community_id

    def invariants(self, facts: Facts) -> None:
        estate_community = facts.communities["estate"].get(self.estate_id)
        rules.role_has_its_place(
            self.role, self.community_id, self.subdistrict_id, estate_community
        )
        term_runs_forward(self.valid_from, self.valid_to)


class Organization(CodedRecord):
    """单位: a body that takes part in the community's work; it acts through representatives."""

    area = "people"
    code_prefix = "dw"

    name = models.CharField(_("名称"), max_length=80)
    kind = models.CharField(_("类型"), max_length=30, choices=OrganizationKind.choices)

    class Meta:
        verbose_name = verbose_name_plural = _("单位")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="people_organization_name",
                violation_error_code="organization_taken",
                violation_error_message="本社区已有同名单位，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Representative(Record):
    """单位代表: who speaks for an organization, from a day until, perhaps, another."""

    area = "people"
    parents = ("organization",)
    personal = {"name": "name", "phone": "phone"}

    organization = models.ForeignKey(
        Organization, models.PROTECT, verbose_name=_("单位"), related_name="representatives"
    )
    name = models.CharField(_("姓名"), max_length=30)
    phone = models.CharField(
        _("联系电话"), max_length=20, blank=True, validators=[rules.phone_is_normal]
    )
    user = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("账号"),
        related_name="represents",
    )
    valid_from = models.DateField(_("任职开始"))
    valid_to = models.DateField(_("任职结束"), null=True, blank=True)

    objects: ClassVar[Any] = TermQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("单位代表")
        ordering = ("organization", "pk")

    def __str__(self) -> str:
        return mask("name", self.name)

    def invariants(self, facts: Facts) -> None:
        term_runs_forward(self.valid_from, self.valid_to)
