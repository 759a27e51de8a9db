"""Stored values (never change) with their Chinese labels."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Gender(TextChoices):
    MALE = "male", _("男")
    FEMALE = "female", _("女")


class OrganizationKind(TextChoices):
    PARTY_COMMITTEE = "party_committee", _("社区党委")
    RESIDENTS_COMMITTEE = "residents_committee", _("居委会")
    PROPERTY_COMPANY = "property_company", _("物业公司")
    OWNERS_COMMITTEE = "owners_committee", _("业委会")
    DEPARTMENT = "department", _("职能部门")
    SOCIAL_ORGANIZATION = "social_organization", _("社会组织")
    MERCHANT = "merchant", _("商户")
