"""What patrols and digests export beside their own columns."""

from backend.core.exporting.columns import ExportColumn, ExportSheet, column_of, exports
from backend.core.exporting.kinds import Kind
from backend.patrols.models import DailyDigest, GroupPost, Patrol, PatrolPoint
from backend.patrols.patrol_models import issues_found, points_answered

PATROLS = exports(
    Patrol,
    ExportSheet(
        (
            column_of(Patrol, "code"),
            column_of(Patrol, "day"),
            column_of(Patrol, "shift"),
            ExportColumn("estate", "小区", "estate__name"),
            ExportColumn("grid", "网格", "grid__name"),
            column_of(Patrol, "started_at"),
            column_of(Patrol, "finished_at"),
            ExportColumn("answered", "查了几项", points_answered, Kind.NUMBER),
            ExportColumn("issues", "发现问题", issues_found, Kind.NUMBER),
            column_of(Patrol, "status"),
            column_of(Patrol, "community", usual=False),
        ),
        period="day",
        title="五必查台账",
    ),
)
POINTS = exports(
    PatrolPoint,
    ExportSheet(
        (
            column_of(PatrolPoint, "code"),
            ExportColumn("day", "日期", "patrol__day", Kind.DAY),
            ExportColumn("grid", "网格", "patrol__grid__name"),
            column_of(PatrolPoint, "kind"),
            column_of(PatrolPoint, "result"),
            column_of(PatrolPoint, "note"),
            column_of(PatrolPoint, "fixed_how"),
            column_of(PatrolPoint, "handling"),
            ExportColumn("demand", "诉求编号", "demand__code", Kind.DIGITS),
            column_of(PatrolPoint, "community", usual=False),
        ),
        period="patrol__day",
        title="巡查结果台账",
    ),
)
DIGESTS = exports(
    DailyDigest,
    ExportSheet(
        (
            column_of(DailyDigest, "code"),
            column_of(DailyDigest, "day"),
            ExportColumn("estate", "小区", "estate__name"),
            column_of(DailyDigest, "patrols"),
            column_of(DailyDigest, "points"),
            column_of(DailyDigest, "issues"),
            column_of(DailyDigest, "fixed_on_spot"),
            column_of(DailyDigest, "passed_on"),
            column_of(DailyDigest, "status"),
            column_of(DailyDigest, "published_at"),
            column_of(DailyDigest, "edition"),
            column_of(DailyDigest, "text"),
            column_of(DailyDigest, "community", usual=False),
        ),
        period="day",
        title="工作小结台账",
    ),
)
POSTS = exports(
    GroupPost,
    ExportSheet(
        (
            ExportColumn("day", "小结日期", "digest__day", Kind.DAY),
            ExportColumn("group", "居民微信群", "group__name"),
            column_of(GroupPost, "edition"),
            column_of(GroupPost, "posted_at"),
            column_of(GroupPost, "community", usual=False),
        ),
        period="posted_at",
        title="发群台账",
    ),
)
