"""志愿服务记录表 as a spreadsheet: hours come in, and wait for somebody to verify them."""

from typing import Any, ClassVar

from django.db.models import Model

from backend.imports.columns import Column
from backend.imports.facet_sheet import NUMBER_OF_RECORD
from backend.imports.sheet import Sheet, register
from backend.imports.widgets import DateWidget, HoursWidget, TextWidget, TimeWidget
from backend.people.models import Resident, ResidentPhone
from backend.people.sheet_columns import ADDRESS, NAME, NUMBER, PHONE, places_of
from backend.volunteers.hours_planner import HoursPlanner
from backend.volunteers.models import ServiceRecord, Volunteer

DAY = Column(
    "day",
    "日期",
    DateWidget(),
    synonyms=("服务日期", "活动日期", "志愿服务日期"),
    required=True,
)
START = Column(
    "start", "开始", TimeWidget(), synonyms=("开始时间", "到岗时间", "签到时间", "起始时间")
)
END = Column("end", "结束", TimeWidget(), synonyms=("结束时间", "离岗时间", "签退时间"))
MINUTES = Column(
    "minutes",
    "时长",
    HoursWidget(),
    synonyms=("服务时长", "计入时长", "时长(小时)", "小时数", "服务小时"),
    ditto=False,
)
CONTENT = Column(
    "content",
    "服务内容",
    TextWidget(max_length=100),
    synonyms=("内容", "活动内容", "服务项目", "活动名称", "志愿服务内容"),
)


class HoursSheet(Sheet):
    """志愿服务记录表."""

    register = "service_records"
    title = "志愿服务记录表"
    columns = (
        NUMBER,
        NAME,
        Column(
            "phone",
            "电话",
            PHONE.widget,
            synonyms=("联系电话", *(n for n in PHONE.synonyms if n != "电话")),
            ditto=False,
            personal="phone",
        ),
        ADDRESS,
        DAY,
        START,
        END,
        MINUTES,
        CONTENT,
        # Known and not read: the volunteer's own page tells the teams.
        Column("team", "服务队", TextWidget(), synonyms=("所属服务队",), ignored=True),
        NUMBER_OF_RECORD,
    )
    models: ClassVar[tuple[type[Model], ...]] = (ServiceRecord,)
    planner = HoursPlanner
    action = "service_hours.edit"
    in_titles = ("志愿服务记录", "服务记录表", "志愿服务时长")

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        rows = [
            model._default_manager.filter(community=community)
            for model in (Volunteer, Resident, ResidentPhone)
        ]
        return super().rests_on(community, target) + rows + places_of(community)


register(HoursSheet())
