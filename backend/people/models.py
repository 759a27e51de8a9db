"""People and bodies."""

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
from backend.people.choices import Gender, OrganizationKind
from backend.places.rules import term_runs_forward


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


class Resident(Record):
    """居民: a person of the community's roster; the same when name and phone agree."""

    area = "people"
    estate_path = "building__estate"
    parents = ("community",)
    personal = {"name": "name", "phone": "phone", "unit": "hidden", "room": "hidden"} | {
        "address": "hidden",
        "birth_month": "hidden",
    }

    name = models.CharField(_("姓名"), max_length=30)
    gender = models.CharField(_("性别"), max_length=6, choices=Gender.choices, blank=True)
    birth_month = models.CharField(
        _("出生年月"),
        max_length=7,
        blank=True,
        help_text=_("年-月，如 1958-03"),
        validators=[rules.birth_month_is_real],
    )
    phone = models.CharField(
        _("联系电话"),
        max_length=20,
        blank=True,
        help_text=_("11 位手机号，或带区号的座机"),
        validators=[rules.phone_is_normal],
    )
    building = models.ForeignKey(
        "places.Building",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("楼栋"),
        related_name="residents",
    )
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    room = models.CharField(_("室"), max_length=10, blank=True)
    address = models.CharField(
        _("住址（原文）"), max_length=100, blank=True, help_text=_("对不上楼栋时保留的原文")
    )
    remark = models.CharField(_("备注"), max_length=200, blank=True)
    user = models.OneToOneField(
        User, models.PROTECT, null=True, blank=True, verbose_name=_("账号"), related_name="resident"
    )

    class Meta:
        verbose_name = verbose_name_plural = _("居民")
        ordering = ("pk",)
        indexes = [
            models.Index(fields=["community", "phone"], name="people_resident_phone"),
            models.Index(fields=["community", "name"], name="people_resident_name"),
            models.Index(fields=["community", "updated_at"], name="people_resident_updated"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name", "phone"],
                condition=~models.Q(phone=""),
                name="people_resident_person",
                violation_error_code="resident_taken",
                violation_error_message="花名册里已有同名同电话的居民，请直接使用那一条。",
            ),
            # Without a phone, name and door say who somebody is: nobody is brought in twice.
            models.UniqueConstraint(
                fields=["community", "name", "building", "unit", "room"],
                condition=models.Q(phone="", building__isnull=False),
                name="people_resident_door",
                violation_error_code="resident_taken",
                violation_error_message="花名册里已有同名同住址的居民，请直接使用那一条。",
            ),
            models.UniqueConstraint(
                fields=["community", "name", "address"],
                condition=models.Q(phone="", building__isnull=True) & ~models.Q(address=""),
                name="people_resident_address",
                violation_error_code="resident_taken",
                violation_error_message="花名册里已有同名同住址的居民，请直接使用那一条。",
            ),
        ]

    def __str__(self) -> str:
        return " ".join(p for p in (mask("name", self.name), mask("phone", self.phone)) if p)


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
