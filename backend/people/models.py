"""People and bodies: accounts and roles here, the rest in files of their own."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.models import Kept
from backend.core.roles import Role
from backend.people import rules
from backend.people.consent_models import Consent, PrivacyNotice
from backend.people.dated import TermQuerySet
from backend.people.organization_models import Organization, Representative
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

    def __str__(self) -> str:
        """The account, and whose it is where somebody works here: other people's names are masked."""
        account = self.get_username()
        name = self.get_full_name() if self.is_staff else ""
        return f"{name}（{account}）" if name and name != account else account


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
        term_runs_forward(self.valid_from, self.valid_to, "valid_to")
