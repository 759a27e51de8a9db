"""What sheets bring to 今日待办: uploads that wait for somebody's yes."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from backend.core.desk.searching import Findable, findable
from backend.core.desk.waiting import Waiting, rows_to_do, waiting
from backend.imports.choices import BatchStatus
from backend.imports.models import ImportBatch


def _to_confirm(user: Any) -> QuerySet[Any]:
    rows = rows_to_do(ImportBatch, user, "move").filter(status=BatchStatus.PLANNED)
    # The one who brought the sheet knows what is in it.
    return rows.filter(uploaded_by=user.pk)


waiting(
    Waiting(
        code="imports_to_confirm",
        label=_("上传后还没确认的表格"),
        act=_("核对后导入"),
        model=ImportBatch,
        rows=_to_confirm,
        title=F("file_name"),
        about=F("code"),
    )
)
findable(Findable(ImportBatch, "upload_file", F("code")))
