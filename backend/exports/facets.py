"""How long files of exports are kept."""

from django.conf import settings

from backend.core.holdings import Expiring, expires

# Its own routine sees to them: a file goes with its row.
expires(Expiring("exports", "导出的文件", -(-settings.EXPORTS_KEPT_HOURS // 24), None))
