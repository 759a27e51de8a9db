"""What of imports is shown where."""

from django.conf import settings

from backend.core.facets import Facets, register
from backend.core.holdings import Expiring, expires
from backend.imports.models import ImportBatch

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

# Their own routine sees to them: a file goes with its row's naming of it.
expires(Expiring("uploads", "导入的原始表格和预览", settings.UPLOADS_KEPT_DAYS, None))
