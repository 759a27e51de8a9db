"""What of notices is shown where. Public: what is published, over or not, and nothing of the rest."""

from django.db.models import QuerySet

from backend.core.facets import Facets, register
from backend.notices.choices import NoticeStatus
from backend.notices.models import PublicNotice


def published_notices() -> "QuerySet[PublicNotice]":
    """What anonymous readers may see: no draft, and nothing that was taken down."""
    rows: QuerySet[PublicNotice] = PublicNotice.objects.filter(status=NoticeStatus.PUBLISHED)
    return rows


_WRITTEN = ("code", "title", "kind", "body", "contact", "estate", "until")
NOTICE = register(
    Facets(
        PublicNotice,
        form=("community", "kind", "title", "body", "contact", "estate", "until", "code"),
        listed=("title", "kind", "estate", "published_on", "until", "status", "community"),
        searched=("title", "=code", "body"),
        filtered=("kind", "estate", "community"),
        imported=_WRITTEN,
        synonyms=(
            ("title", ("公示标题", "公告标题", "公示名称", "公示事项")),
            ("kind", ("公示类别", "公告类别")),
            ("body", ("公示内容", "公告内容", "正文")),
            ("contact", ("监督电话", "咨询电话")),
            ("until", ("公示结束", "结束日期", "公示截止")),
        ),
        natural_key=("code",),
        exported=(*_WRITTEN[:4], "contact", "estate", "published_on", "until", "status"),
        public=("code", "title", "kind", "body", "contact", "published_on", "until"),
        public_rows=published_notices,
    )
)
