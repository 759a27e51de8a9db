"""What owners' registers export: under the importer's own headings, so that it can come back."""

from backend.core.exporting.columns import ExportColumn, ExportSheet, column_of, exports, in_words
from backend.core.exporting.kinds import Kind
from backend.owner_votes.areas import area_text
from backend.owner_votes.choices import Opinion
from backend.owner_votes.models import OwnedRoom, OwnerBallot, OwnerVote

# A row for each owner of a room: as the importer reads co-owners.
ROOMS = exports(
    OwnedRoom,
    ExportSheet(
        (
            ExportColumn("estate", "小区", "building__estate__name"),
            ExportColumn("building", "楼栋", "building__name", Kind.DIGITS),
            ExportColumn("unit", "单元", "unit", Kind.DIGITS),
            ExportColumn("room", "室", "room", Kind.DIGITS),
            ExportColumn("size", "面积", "size", Kind.DIGITS, words=area_text),
            ExportColumn("owners", "业主姓名", "ownerships__owner__name", personal="name"),
            ExportColumn(
                "phones", "电话", "ownerships__owner__phone", Kind.DIGITS, personal="phone"
            ),
        ),
        title="房屋业主登记表",
    ),
)
BALLOTS = exports(
    OwnerBallot,
    ExportSheet(
        (
            ExportColumn("room", "房号", "head__place", Kind.DIGITS),
            ExportColumn("opinion", "意见", "opinion", words=in_words(Opinion.choices)),
            column_of(OwnerBallot, "paper_number"),
            column_of(OwnerBallot, "given_on"),
            ExportColumn("vote", "投票名称", "vote__title", usual=False),
        ),
        title="选票汇总表",
    ),
)


def _area(name: str, heading: str) -> ExportColumn:
    return ExportColumn(name, heading, name, Kind.DIGITS, words=area_text)


VOTES = exports(
    OwnerVote,
    ExportSheet(
        (
            column_of(OwnerVote, "code"),
            column_of(OwnerVote, "title"),
            column_of(OwnerVote, "estate"),
            column_of(OwnerVote, "matter"),
            column_of(OwnerVote, "question"),
            column_of(OwnerVote, "starts_on"),
            column_of(OwnerVote, "ends_on"),
            column_of(OwnerVote, "status"),
            column_of(OwnerVote, "heads_all"),
            _area("area_all", "全体面积（平方米）"),
            column_of(OwnerVote, "heads_taking"),
            _area("area_taking", "参加表决面积（平方米）"),
            column_of(OwnerVote, "heads_for"),
            _area("area_for", "同意面积（平方米）"),
            column_of(OwnerVote, "outcome"),
        ),
        title="业主共同决定台账",
    ),
)
