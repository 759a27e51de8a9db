"""Owners' votes as spreadsheets: the rooms with their owners, and the ballots of a vote."""

from collections.abc import Sequence
from typing import Any

from backend.core import gate
from backend.core.access import scope
from backend.imports.columns import Column
from backend.imports.sheet import Sheet, UnknownTarget, register
from backend.imports.widgets import AddressWidget, CodeWidget, DateWidget, TextWidget
from backend.owner_votes.ballot_planner import BallotPlanner
from backend.owner_votes.choices import OwnerVoteStatus
from backend.owner_votes.models import (
    BasisHead,
    BasisRoom,
    OwnedRoom,
    OwnerBallot,
    Ownership,
    OwnerVote,
    PropertyOwner,
)
from backend.owner_votes.room_planner import OWNER, ROOM, RoomPlanner
from backend.owner_votes.sheet_cells import AreaWidget, OpinionWidget, OwnersWidget, PhonesWidget
from backend.people.models import Organization, Resident
from backend.people.sheet_columns import NUMBER, places_of
from backend.places.models import Estate

_OF_A_VOTE = (BasisHead, BasisRoom, OwnerBallot)
ESTATE = Column("estate", "小区", TextWidget(max_length=60), synonyms=("小区名称", "所在小区"))
BUILDING = Column(
    "building",
    "楼栋",
    AddressWidget(),
    synonyms=("楼号", "楼栋号", "幢号", "栋号", "楼幢", "楼"),
)
UNIT = Column("unit", "单元", TextWidget(max_length=10), synonyms=("单元号",))
ROOM_COLUMN = Column(
    "room",
    "室",
    CodeWidget(),
    synonyms=("室号", "房号", "房间号", "门牌号", "房屋", "楼栋房号", "房屋坐落", "门牌"),
    required=True,
    ditto=False,
)


class OwnedRoomSheet(Sheet):
    """房屋登记表（业主名册）: several rows of one room are its owners together."""

    register = "owned_rooms"
    title = "房屋业主登记表"
    columns = (
        NUMBER,
        ESTATE,
        BUILDING,
        UNIT,
        ROOM_COLUMN,
        Column(
            "size",
            "面积",
            AreaWidget(),
            synonyms=(
                *("专有面积", "建筑面积", "房屋面积", "产权面积", "登记面积", "面积（㎡）"),
                *("面积（平方米）", "建筑面积（㎡）", "建筑面积（平方米）", "专有部分面积"),
            ),
            required=True,
        ),
        Column(
            "owners",
            "业主姓名",
            OwnersWidget(),
            synonyms=("业主", "产权人", "所有权人", "房主", "业主名称", "姓名"),
            required=True,
            personal="name",
        ),
        Column(
            "phones",
            "电话",
            PhonesWidget(),
            synonyms=("联系电话", "业主电话", "手机", "手机号", "联系方式", "手机号码"),
            ditto=False,
            personal="phone",
        ),
    )
    models = (PropertyOwner, OwnedRoom, Ownership)
    about = OwnedRoom
    references = {"owner_id": OWNER, "room_id": ROOM}
    planner = RoomPlanner
    action = "owner_register.edit"
    in_titles = ("业主名册", "房屋登记", "业主登记", "产权", "业主信息")

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        beside = [m.objects.filter(community=community) for m in (Resident, Organization)]
        return super().rests_on(community, target) + beside + places_of(community)

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column is not ESTATE:
            return ()
        return list(Estate.objects.filter(community=community).values_list("name", flat=True))

    def replay(self, values: dict[str, Any], *, community_id: int, by: Any, within: Any) -> None:
        """Who is no owner of a room any more, as the sheet says and staff have confirmed."""
        rows = Ownership.objects.filter(community=community_id, pk__in=values["ended"])
        gate.delete_many(list(rows), by=by, within=within, action="edit")


class OwnerBallotSheet(Sheet):
    """选票汇总表 of one vote."""

    register = "owner_ballots"
    title = "选票汇总表"
    columns = (
        NUMBER,
        ESTATE,
        BUILDING,
        UNIT,
        Column(
            "room",
            "房号",
            CodeWidget(),
            synonyms=("室", "室号", "房间号", "门牌号", "房屋", "楼栋房号", "房屋坐落", "住址"),
            required=True,
            ditto=False,
        ),
        Column(
            "opinion",
            "意见",
            OpinionWidget(),
            synonyms=("表决意见", "投票意见", "表决", "表决结果", "投票", "选择"),
            ditto=False,
        ),
        Column(
            "paper_number",
            "选票编号",
            CodeWidget(),
            synonyms=("票号", "选票号", "编码"),
            ditto=False,
        ),
        Column("vote_code", "投票编号", CodeWidget(), synonyms=("投票代码",)),
        Column(
            "given_on",
            "收到日期",
            DateWidget(),
            synonyms=("投票日期", "日期", "收票日期", "交票日期"),
        ),
    )
    models = (OwnerBallot,)
    planner = BallotPlanner
    told_by_target = frozenset({"vote_code"})
    action = "owner_ballots.edit"
    in_titles = ("选票", "投票汇总", "表决票", "表决汇总")
    target_name = "投票"

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        votes = OwnerVote.objects.filter(community=community)
        if target is None:
            return [votes, *(m.objects.filter(community=community) for m in _OF_A_VOTE)]
        of_it = [m.objects.filter(vote=target) for m in _OF_A_VOTE]
        return [votes.filter(pk=target.pk), *of_it]

    def find_target(self, code: str) -> OwnerVote:
        try:
            return OwnerVote.objects.select_related("community", "estate").get(code=code)
        except OwnerVote.DoesNotExist:
            raise UnknownTarget(code) from None

    def target_label(self, target: Any) -> str:
        return f"{target.title}（{target.starts_on:%Y-%m-%d}，{target.code}）"

    def targets(self, user: Any) -> Any:
        return (
            OwnerVote.objects.visible_to(user)
            .filter(status=OwnerVoteStatus.OPEN)
            .filter(scope(user, self.action).rows())
            .select_related("community", "estate")
        )

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column.attribute != "vote_code":
            return ()
        return list(self.targets(user).filter(community=community).values_list("code", flat=True))

    def title_rows(self, target: Any) -> Sequence[tuple[str, str]]:
        return [("投票名称", " ".join(target.title.split())), ("小区", target.estate.name)]


register(OwnedRoomSheet())
register(OwnerBallotSheet())
