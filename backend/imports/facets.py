"""What of imports is shown where."""

from django.conf import settings

from backend.core.facets import Facets, register
from backend.core.holdings import Expiring, expires
from backend.imports.models import ImportBatch, MappingProfile
from backend.imports.profiles import KEPT_DAYS, drop_unused

register(
    Facets(
        ImportBatch,
        listed=(
            "code",
            "register",
            "target",
            "file_name",
            "status",
            "read",
            "create",
            "update",
            "reject",
            "created_at",
        ),
        searched=("code", "target"),
        filtered=("status", "register"),
    )
)

register(
    Facets(
        MappingProfile,
        listed=("register", "headings", "columns", "said_by", "updated_at"),
        filtered=("register",),
    )
)

expires(Expiring("mappings", "很久没有用到的列对应", KEPT_DAYS, drop_unused))
# Their own routine sees to them: a file goes with its row's naming of it.
expires(Expiring("uploads", "导入的原始表格和预览", settings.UPLOADS_KEPT_DAYS, None))
