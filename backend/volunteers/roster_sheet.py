"""志愿者花名册 as a spreadsheet."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Model

from backend.core.access import Actor
from backend.core.models import ChangeSet
from backend.imports.columns import Column
from backend.imports.facet_sheet import NUMBER_OF_RECORD
from backend.imports.sheet import Sheet, register
from backend.imports.widgets import ChoiceWidget, HoursWidget, MonthWidget, TextWidget
from backend.people.models import Resident, ResidentPhone
from backend.people.sheet_columns import (
    ADDRESS,
    GENDER,
    NAME,
    NUMBER,
    PHONE,
    REMARK,
    building_options,
    places_of,
)
from backend.privacy.models import CommunityPrivacy
from backend.volunteers import roster_undo
from backend.volunteers.choices import PoliticalStatus
from backend.volunteers.models import ServiceRecord, TeamMember, Volunteer, VolunteerTeam
from backend.volunteers.roster_planner import RESIDENT, VolunteerPlanner
from backend.volunteers.roster_replay import replay_all
from backend.volunteers.roster_told import Told


class PoliticalWidget(ChoiceWidget):
    """政治面貌, also as people say it for short."""

    def __init__(self) -> None:
        super().__init__(PoliticalStatus.choices)
        short = {
            "党员": PoliticalStatus.PARTY_MEMBER,
            "共产党员": PoliticalStatus.PARTY_MEMBER,
            "预备党员": PoliticalStatus.PROBATIONARY_MEMBER,
            "团员": PoliticalStatus.LEAGUE_MEMBER,
        }
        self._known |= {text: str(value) for text, value in short.items()}


POLITICAL = Column(
    "political_status",
    "政治面貌",
    PoliticalWidget(),
    synonyms=("党员身份",),
    personal="hidden",
)
TEAMS = Column(
    "teams",
    "服务队",
    TextWidget(max_length=200),
    synonyms=("所属服务队", "志愿服务队", "队伍", "所在队伍", "服务队名称"),
)
HOURS = Column(
    "hours",
    "累计时长",
    HoursWidget(),
    synonyms=("服务时长", "累计服务时长", "志愿时长", "累计小时", "累计时长(小时)", "服务小时"),
    ditto=False,
)


class VolunteerSheet(Sheet):
    """志愿者花名册."""

    register = "volunteers"
    title = "志愿者花名册"
    columns = (
        NUMBER,
        NAME,
        GENDER,
        Column(
            "birth_month",
            "出生年月",
            MonthWidget(),
            synonyms=("出生日期", "出生年月日", "出生时间", "生日", "出生"),
            personal="hidden",
        ),
        Column(
            "phone",
            PHONE.heading,
            PHONE.widget,
            synonyms=PHONE.synonyms,
            required=True,
            ditto=False,
            personal="phone",
            may_be_blank=True,
        ),
        ADDRESS,
        Column(
            "skills",
            "特长",
            TextWidget(max_length=200),
            synonyms=("专长", "技能", "服务特长", "个人特长", "爱好特长"),
        ),
        TEAMS,
        HOURS,
        REMARK,
        NUMBER_OF_RECORD,
    )
    models: ClassVar[tuple[type[Model], ...]] = (Resident, ResidentPhone, Volunteer, TeamMember)
    about = Volunteer
    references = {"resident_id": RESIDENT}
    planner = VolunteerPlanner
    action = "volunteers.edit"
    in_titles = ("志愿者花名册", "志愿者", "志愿服务队")
    gives_way_to = "residents"

    def columns_for(self, community: Any) -> tuple[Column, ...]:
        """政治面貌 only where the community has turned it on: else it is named as ignored."""
        columns = super().columns_for(community)
        on = community is not None and (
            community.pk in CommunityPrivacy.where_party_membership_is_on()
        )
        return (*columns, POLITICAL) if on else columns

    def rests_on(self, community: Any, target: Any) -> list[Any]:
        models = (VolunteerTeam, ServiceRecord, CommunityPrivacy)
        rows = [model._default_manager.filter(community=community) for model in models]
        return super().rests_on(community, target) + rows + places_of(community)

    def options(self, column: Column, community: Any, user: Any) -> Sequence[str]:
        if column is ADDRESS:
            return building_options(community)
        if column is TEAMS:
            teams = VolunteerTeam.objects.filter(community=community, active=True)
            return list(teams.order_by("name").values_list("name", flat=True)[:200])
        return ()

    def replay_all(
        self, rows: Sequence[dict[str, Any]], *, community_id: int, by: Actor, within: ChangeSet
    ) -> None:
        told = [Told.of_values(values) for values in rows]
        replay_all(told, community_id=community_id, by=by, within=within)

    def take_back(
        self, original: ChangeSet, *, by: Actor, within: ChangeSet, reason: str
    ) -> list[tuple[str, int, str]]:
        return roster_undo.take_back(original, by=by, within=within, reason=reason)

    def would_leave(self, original: ChangeSet) -> list[tuple[str, int, str]]:
        return roster_undo.would_leave(original)


register(VolunteerSheet())
