"""What of imports is shown where."""

from backend.core.facets import Facets, register
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
