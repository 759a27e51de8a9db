"""Stored values (never change) with their Chinese labels."""

from django.db.models import TextChoices


class Gender(TextChoices):
    MALE = "male", "男"
    FEMALE = "female", "女"


class OrganizationKind(TextChoices):
    PARTY_COMMITTEE = "party_committee", "社区党委"
    RESIDENTS_COMMITTEE = "residents_committee", "居委会"
    PROPERTY_COMPANY = "property_company", "物业公司"
    OWNERS_COMMITTEE = "owners_committee", "业委会"
    DEPARTMENT = "department", "职能部门"
    SOCIAL_ORGANIZATION = "social_organization", "社会组织"
    MERCHANT = "merchant", "商户"
