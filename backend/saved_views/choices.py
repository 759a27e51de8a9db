"""What a saved view is of."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from backend.core.roles import Role


class ViewKind(TextChoices):
    LIST = "list", _("列表视图")
    EXPORT = "export", _("保存的导出")


# Those who work with lists; a resident has none, and the installation's administrator sees all.
SHARED_WITH = (
    Role.SECRETARY,
    Role.WORKER,
    Role.STEWARD,
    Role.MEDIATOR,
    Role.LEGAL_ADVISOR,
    Role.PARTNER,
    Role.DEPARTMENT,
    Role.OFFICE,
)
