"""The sheets of the workbook, in the order in which they are made: each may name what those before it
make. The catalogues are the registers' own sheets, with the columns that a beginning needs.
"""

from dataclasses import dataclass

from backend.core.facets import Facets
from backend.education.models import Venue
from backend.founding.account_sheet import AccountSheet
from backend.founding.community_sheet import CommunitySheet
from backend.founding.places_sheet import PLACES
from backend.imports.facet_sheet import facet_sheet
from backend.imports.sheet import Sheet
from backend.people.models import Organization
from backend.services.models import ServiceCategory, ServiceItem
from backend.stations.models import CoolStation
from backend.volunteers.models import VolunteerTeam

COMMUNITY, PLACES_TITLE, ACCOUNTS = "社区", "小区与楼栋", "人员与岗位"
NOTES = "填写说明"


@dataclass(frozen=True)
class Part:
    """One sheet: what stands above its columns, and an example row for the notes."""

    sheet: Sheet
    told: str
    example: tuple[tuple[str, str], ...]
    # Whether what it makes is told by name in the preview: of people by number alone.
    named: bool = True


_ORGANIZATIONS = facet_sheet(
    Facets(
        Organization,
        imported=("name", "short_name", "kind"),
        synonyms=(("name", ("单位名称", "单位")), ("short_name", ("单位简称",))),
        natural_key=("name",),
    ),
    "founding_organizations",
    "单位",
)
_CATEGORIES = facet_sheet(
    Facets(ServiceCategory, imported=("name", "position", "summary"), natural_key=("name",)),
    "founding_categories",
    "服务类别",
)
_ITEMS = facet_sheet(
    Facets(
        ServiceItem,
        imported=("category", "title", "summary", "place", "provider"),
        synonyms=(
            ("category", ("类别",)),
            ("title", ("服务项目", "项目名称")),
            ("provider", ("提供单位",)),
        ),
        natural_key=("title",),
    ),
    "founding_items",
    "服务项目",
)
_VENUES = facet_sheet(
    Facets(Venue, imported=("name", "kind", "place"), natural_key=("name",)),
    "founding_venues",
    "活动阵地",
)
_STATIONS = facet_sheet(
    Facets(
        CoolStation,
        imported=("name", "place", "organization", "season_from", "season_to"),
        natural_key=("name",),
    ),
    "founding_stations",
    "清凉驿站",
)
_TEAMS = facet_sheet(
    Facets(VolunteerTeam, imported=("name", "work"), natural_key=("name",)),
    "founding_teams",
    "志愿服务队",
)


def parts(subdistrict_id: int) -> tuple[Part, ...]:
    """The sheets for an opening in a subdistrict; made anew, for they remember what they have made."""
    return (
        Part(
            CommunitySheet(subdistrict_id),
            "只填一行。编号用小写字母，会出现在网址里，留空由系统取。",
            (("name", "新桥社区"), ("code", "xinqiao")),
        ),
        Part(
            PLACES,
            "一栋楼一行。小区和网格第一次出现时自动建立，同一小区的楼可以写“同上”。",
            (("estate", "新桥花园"), ("building", "3"), ("grid", "第一网格")),
        ),
        Part(
            AccountSheet(),
            "一个岗位一行。网格员写明负责哪个小区。这里不写密码：开通后给每人一张一次性登录单。",
            (("name", "王小芳"), ("role", "社区书记"), ("username", "wangxiaofang")),
            named=False,
        ),
        Part(
            _ORGANIZATIONS,
            "党委、居委会、物业、业委会等要来开会、办事的单位。",
            (("name", "新桥社区党委"), ("short_name", "党委"), ("kind", "社区党委")),
        ),
        Part(
            _CATEGORIES,
            "便民服务分哪几类。次序是显示的先后。",
            (("name", "助洁"), ("position", "1"), ("summary", "理发、洗衣")),
        ),
        Part(
            _ITEMS,
            "居民可以预约的服务。类别要先写在“服务类别”里。",
            (("category", "助洁"), ("title", "便民理发"), ("place", "党群服务中心")),
        ),
        Part(
            _VENUES,
            "开会、办活动的地方。",
            (("name", "议事厅"), ("kind", "其他阵地"), ("place", "党群服务中心二楼")),
        ),
        Part(
            _STATIONS,
            "夏天给人歇脚的地方；没有就留空。",
            (
                ("name", "东门驿站"),
                ("place", "东门岗亭旁"),
                ("season_from", "2026-06-01"),
                ("season_to", "2026-10-01"),
            ),
        ),
        Part(
            _TEAMS,
            "已有的志愿服务队；没有就留空。",
            (("name", "银龄巡逻队"), ("work", "巡逻")),
        ),
    )
