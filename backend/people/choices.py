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
    OTHER = "other", _("其他单位")


class PhoneKind(TextChoices):
    """Whose telephone it is, seen from the resident."""

    OWN = "own", _("本人")
    FAMILY = "family", _("家属")
    WORK = "work", _("单位")
    OTHER = "other", _("其他")


class Residence(TextChoices):
    """Whether somebody lives here; follows from dates, and is stored nowhere."""

    PRESENT = "present", _("在住")
    MOVED_OUT = "moved_out", _("已迁出")
    DECEASED = "deceased", _("已故")


class ConsentPurpose(TextChoices):
    """What somebody agrees to: one purpose a consent."""

    ROSTER = "roster", _("登记与日常服务")
    NOTICES = "notices", _("接收活动和事务通知")
    PHOTOS = "photos", _("活动照片中出现")
    PUBLICITY = "publicity", _("姓名用于公示和宣传")


class ConsentMeans(TextChoices):
    """How the consent was given."""

    PAPER = "paper", _("书面")
    APP = "app", _("手机应用")
    ORAL = "oral", _("口头")
