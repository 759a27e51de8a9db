"""诉求台账: the ledger of demands, in."""

from collections.abc import Sequence
from typing import Any

from backend.core.access import Actor
from backend.core.models import ChangeSet
from backend.core.words import in_chinese
from backend.demands import taking_back
from backend.demands.choices import Channel
from backend.demands.models import Demand, DemandCategory
from backend.demands.planner import DemandPlanner
from backend.demands.replaying import Told, replay_many
from backend.imports.columns import Column
from backend.imports.facet_sheet import NUMBER_OF_RECORD
from backend.imports.sheet import Sheet, register
from backend.imports.widgets import AddressWidget, DateWidget, NameWidget, PhoneWidget, TextWidget
from backend.people.models import Organization, Resident, ResidentPhone
from backend.people.sheet_columns import NUMBER, REMARK, building_options, places_of
from backend.places.models import ResidentGroup


class DemandSheet(Sheet):
    """诉求台账."""

    register = "demands"
    title = "诉求台账"
    columns = (
        NUMBER,
        Column(
            "day",
            "日期",
            DateWidget(),
            synonyms=("登记日期", "登记时间", "受理日期", "反映日期", "反映时间", "时间"),
            required=True,
        ),
        Column(
            "channel",
            "来源",
            TextWidget(max_length=60),
            synonyms=("诉求来源", "来源渠道", "渠道", "反映渠道"),
        ),
        Column(
            "name",
            "反映人",
            NameWidget(several=True),
            synonyms=("姓名", "诉求人", "来访人", "居民姓名", "当事人"),
            ditto=False,
            personal="name",
        ),
        Column(
            "phone",
            "电话",
            PhoneWidget(),
            synonyms=("联系电话", "手机", "手机号", "手机号码", "联系方式", "反映人电话"),
            ditto=False,
            personal="phone",
        ),
        Column(
            "address",
            "地址",
            AddressWidget(),
            synonyms=("住址", "地点", "楼栋房号", "房号", "家庭住址", "楼号", "诉求地点"),
            personal="hidden",
        ),
        Column(
            "content",
            "内容",
            TextWidget(max_length=2000),
            synonyms=("诉求内容", "反映内容", "反映问题", "问题", "事项", "诉求事项", "主要内容"),
            required=True,
            ditto=False,
        ),
        Column(
            "category",
            "类别",
            TextWidget(max_length=60),
            synonyms=("诉求类别", "诉求类型", "类型", "问题类别", "问题类型"),
        ),
        Column(
            "first_contact",
            "首接人",
            TextWidget(max_length=30),
            synonyms=("首接负责人", "接待人", "登记人", "受理人", "接访人"),
            personal="name",
        ),
        Column(
            "handler",
            "承办",
            TextWidget(max_length=80),
            synonyms=("承办单位", "责任单位", "办理单位", "承办部门", "转办单位"),
        ),
        Column(
            "closed_on",
            "办结时间",
            DateWidget(),
            synonyms=("办结日期", "完成时间", "完成日期", "解决时间"),
        ),
        Column(
            "outcome",
            "结果",
            TextWidget(max_length=500),
            synonyms=("办理结果", "处理结果", "办理情况", "处理情况", "办结情况"),
            ditto=False,
        ),
        Column(
            "satisfied",
            "是否满意",
            TextWidget(max_length=20),
            synonyms=("满意度", "满意情况", "群众是否满意", "反映人是否满意"),
            ditto=False,
        ),
        REMARK,
        NUMBER_OF_RECORD,
    )
    models = (Demand,)
    planner = DemandPlanner
    action = "demands.edit"
    in_titles = ("诉求", "民情", "接访")

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        models = (Demand, DemandCategory, Organization, ResidentGroup, Resident, ResidentPhone)
        rows = [model._default_manager.filter(community=community) for model in models]
        return [*rows, *places_of(community)]

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        match column.attribute:
            case "address":
                return building_options(community)
            case "channel":
                return [in_chinese(channel.label) for channel in Channel]
            case "category":
                rows: Any = DemandCategory.objects.filter(community=community)
                return list(rows.values_list("name", flat=True)[:200])
            case "handler":
                bodies = Organization.objects.filter(community=community).order_by("name")
                return list(bodies.values_list("name", flat=True)[:200])
            case "satisfied":
                return ("满意", "不满意")
        return ()

    def replay_all(
        self,
        rows: Sequence[dict[str, Any]],
        *,
        community_id: int,
        by: Actor,
        within: ChangeSet,
    ) -> None:
        replay_many(
            [Told.of_values(values) for values in rows],
            community_id=community_id,
            by=by,
            within=within,
        )

    def take_back(
        self, original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str
    ) -> list[tuple[str, int, str]]:
        return taking_back.take_back(original, by=by, within=within, reason=reason)

    def would_leave(self, original: ChangeSet) -> list[tuple[str, int, str]]:
        return taking_back.would_leave(original)


register(DemandSheet())
