"""预约登记表: the ledger of bookings, in."""

from collections.abc import Sequence
from typing import Any

from backend.core.access import Actor
from backend.core.models import ChangeSet
from backend.imports.columns import Column
from backend.imports.facet_sheet import NUMBER_OF_RECORD
from backend.imports.sheet import Sheet, register
from backend.imports.widgets import (
    AddressWidget,
    DateWidget,
    NameWidget,
    PhoneWidget,
    TextWidget,
)
from backend.people.models import Resident, ResidentPhone
from backend.people.sheet_columns import NUMBER, building_options, places_of
from backend.services import taking_back
from backend.services.booking_planner import BookingPlanner
from backend.services.ledger import Told, replay
from backend.services.models import ServiceBooking, ServiceItem, Slot


class BookingSheet(Sheet):
    """预约登记表."""

    register = "bookings"
    title = "预约登记表"
    columns = (
        NUMBER,
        Column(
            "name",
            "预约人",
            NameWidget(),
            synonyms=("姓名", "预约人姓名", "居民姓名", "服务对象"),
            required=True,
            ditto=False,
            personal="name",
        ),
        Column(
            "phone",
            "电话",
            PhoneWidget(),
            synonyms=("联系电话", "手机", "手机号", "手机号码", "联系方式", "预约电话"),
            ditto=False,
            personal="phone",
        ),
        Column(
            "address",
            "楼栋房号",
            AddressWidget(),
            synonyms=("住址", "地址", "房号", "家庭住址", "楼号", "住址(楼号)"),
            personal="hidden",
        ),
        Column(
            "item",
            "服务项目",
            TextWidget(max_length=60),
            synonyms=("预约项目", "服务名称", "项目", "预约服务"),
            required=True,
        ),
        Column(
            "day",
            "预约日期",
            DateWidget(),
            synonyms=("日期", "服务日期", "预约时间", "服务时间"),
            required=True,
        ),
        Column(
            "period", "时段", TextWidget(max_length=40), synonyms=("预约时段", "时间段", "时间")
        ),
        Column(
            "helper",
            "服务人员",
            TextWidget(max_length=60),
            synonyms=("服务者", "服务志愿者", "师傅"),
            personal="name",
        ),
        Column(
            "outcome",
            "完成情况",
            TextWidget(max_length=40),
            synonyms=("是否完成", "服务情况", "状态"),
            ditto=False,
        ),
        Column(
            "rating",
            "评价",
            TextWidget(max_length=300),
            synonyms=("满意度", "服务评价", "评分"),
            ditto=False,
            personal="hidden",
        ),
        Column(
            "comment",
            "评语",
            TextWidget(max_length=300),
            synonyms=("评价内容", "意见", "留言"),
            ditto=False,
            personal="hidden",
        ),
        NUMBER_OF_RECORD,
    )
    models = (ServiceBooking, Slot)
    about = ServiceBooking
    planner = BookingPlanner
    action = "bookings.edit"
    in_titles = ("预约登记", "服务预约", "预约")

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        models = (ServiceBooking, Slot, ServiceItem, Resident, ResidentPhone)
        rows = [model._default_manager.filter(community=community) for model in models]
        return [*rows, *places_of(community)]

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column.attribute == "address":
            return building_options(community)
        if column.attribute == "item":
            items = ServiceItem.objects.filter(community=community).order_by("title")
            return list(items.values_list("title", flat=True)[:200])
        if column.attribute == "outcome":
            return ("已完成", "未到", "已取消")
        return ()

    def replay(
        self, values: dict[str, Any], *, community_id: int, by: Actor, within: ChangeSet
    ) -> None:
        replay(Told.of_values(values), community_id=community_id, by=by, within=within)

    def take_back(
        self, original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str
    ) -> list[tuple[str, int, str]]:
        return taking_back.take_back(original, by=by, within=within)

    def would_leave(self, original: ChangeSet) -> list[tuple[str, int, str]]:
        return taking_back.would_leave(original)


register(BookingSheet())
