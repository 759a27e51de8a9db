"""What people are: the roles, and what they are called."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is in a community, an estate or a subdistrict, for a time."""

    SECRETARY = "secretary", _("社区书记")
    WORKER = "worker", _("社区工作者")
    STEWARD = "steward", _("网格员")
    MEDIATOR = "mediator", _("调解员")
    LEGAL_ADVISOR = "legal_advisor", _("法律顾问")
    PARTNER = "partner", _("合伙人联系人")
    DEPARTMENT = "department", _("部门联系人")
    RESIDENT = "resident", _("居民")
    OFFICE = "office", _("街道")
    INSTALLATION = "installation", _("系统管理员")
