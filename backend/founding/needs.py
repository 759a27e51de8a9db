"""What a community needs before it can begin: asked of the tables, all in one statement."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.roles import Role
from backend.education.models import Venue
from backend.meetings.models import MeetingSettings, Seat
from backend.messaging.models import MessageTemplate
from backend.people.choices import OrganizationKind as Kind
from backend.people.models import CommunityRole, Organization, PrivacyNotice, Resident
from backend.places.models import Building, Community, Estate, Grid
from backend.services.models import ServiceCategory, ServiceItem, Slot
from backend.volunteers.models import VolunteerTeam


@dataclass(frozen=True)
class Need:
    """One line of the checklist: what must be there, why, and where it is entered."""

    code: str
    label: Any
    why: Any
    model: type[Any]
    where: tuple[tuple[str, Any], ...] = ()
    # Whether nothing works without it; else it is for later, or not for everybody.
    must: bool = True

    def there(self) -> Exists:
        """Whether a community has it."""
        rows: QuerySet[Any] = self.model._default_manager.all()
        if self.model is CommunityRole:
            rows = CommunityRole.objects.valid_on(timezone.localdate())
        return Exists(rows.filter(community=OuterRef("pk"), **dict(self.where)))


def _post(role: str, label: Any, why: Any) -> Need:
    return Need(f"role_{role}", label, why, CommunityRole, (("role", role),))


def _body(kind: str, label: Any, why: Any) -> Need:
    return Need(f"body_{kind}", label, why, Organization, (("kind", kind),))


NEEDS = (
    Need("estates", _("小区"), _("楼栋、网格、住户都挂在小区下面。"), Estate),
    Need("buildings", _("楼栋"), _("导入居民、签到表时靠楼号认住址。"), Building),
    Need("grids", _("网格"), _("网格员和微信群按网格管。"), Grid),
    _post(Role.SECRETARY, _("社区书记"), _("召集会议、任免、审核都要书记。")),
    _post(Role.WORKER, _("社区工作者"), _("日常登记和导入由工作者办。")),
    _post(Role.STEWARD, _("网格员"), _("上门、签到、值守由网格员办。")),
    _body(Kind.PARTY_COMMITTEE, _("社区党委"), _("联席会议由党委召集。")),
    _body(Kind.RESIDENTS_COMMITTEE, _("居委会"), _("联席会议的常设一方。")),
    _body(Kind.PROPERTY_COMPANY, _("物业公司"), _("落实事项多半要派给物业。")),
    Need("seats", _("联席会议席位"), _("没有席位就算不出到会人数够不够。"), Seat),
    Need(
        "rules",
        _("议事规则"),
        _("没有写就按系统的默认：几天前通知、几方到会。请核对一遍再保存。"),
        MeetingSettings,
        must=False,
    ),
    Need("notice", _("个人信息告知书"), _("登记居民信息前要先告知。"), PrivacyNotice),
    Need("residents", _("居民"), _("从花名册导入；签到、预约都认这里的人。"), Resident),
    Need("categories", _("服务类别"), _("服务项目要归到类别下。"), ServiceCategory),
    Need("items", _("服务项目"), _("居民预约的就是这些。"), ServiceItem),
    Need("slots", _("服务时段"), _("有了时段才约得上。"), Slot, must=False),
    Need("venues", _("阵地"), _("办活动要选地点。"), Venue),
    Need("teams", _("志愿服务队"), _("派工时按队选人。"), VolunteerTeam, must=False),
    Need(
        "templates",
        _("自己的通知模板"),
        _("没有写就用系统自带的，一样能发。"),
        MessageTemplate,
        must=False,
    ),
)


def checked(communities: QuerySet[Community]) -> list[tuple[Community, list[tuple[Need, bool]]]]:
    """Each community with what it has and what it lacks: one statement."""
    rows = communities.annotate(**{f"need_{need.code}": need.there() for need in NEEDS})
    return [(row, [(need, getattr(row, f"need_{need.code}")) for need in NEEDS]) for row in rows]
