"""How the staff pages look: names, colours and navigation of the admin theme.

The settings module calls unfold_settings() before any Django app is ready, so everything that
needs a registry, a URL or a static file is a callable that is asked once a request arrives.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.contrib import admin
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse, reverse_lazy
from django.utils.module_loading import import_string
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

MAY_WALK = "backend.patrols.queries.walks_anywhere"


class Page(NamedTuple):
    """One line of the sidebar: the list page of a model, or another page for who may see its list."""

    title: str
    icon: str
    model_label: str
    # The name of another page's address; empty for the list.
    address: str = ""
    # Where seeing the list is not enough: the read that answers whether a user may open the page.
    asks: str = ""


class Section(NamedTuple):
    """A heading of the sidebar, the pages under it, and its picture."""

    title: str
    pages: tuple[Page, ...]
    icon: str = "folder"


# By job, the daily ones first in each: who has never seen a table finds the way by what is to be done.
SECTIONS = (
    Section(
        "诉求",
        (
            Page("诉求", "record_voice_over", "demands.Demand"),
            Page("诉求类别", "category", "demands.DemandCategory"),
            Page("诉求办理期限", "hourglass", "demands.DemandSettings"),
        ),
        "record_voice_over",
    ),
    Section(
        "会议",
        (
            Page("联席会议", "groups", "meetings.JointMeeting"),
            Page("落实事项", "task_alt", "meetings.ActionItem"),
            Page("决议", "gavel", "meetings.Resolution"),
            Page("席位", "event_seat", "meetings.Seat"),
            Page("点名记录", "fact_check", "meetings.MeetingAttendance"),
            Page("业主共同决定", "how_to_vote", "owner_votes.OwnerVote"),
            Page("业主选票", "ballot", "owner_votes.OwnerBallot"),
            Page("房屋登记", "door_front", "owner_votes.OwnedRoom"),
            Page("业主", "vpn_key", "owner_votes.PropertyOwner"),
        ),
        "groups",
    ),
    Section(
        "巡查与工作小结",
        (
            Page("开始巡查", "directions_walk", "patrols.Patrol", "patrols_page", MAY_WALK),
            Page("巡查", "checklist_rtl", "patrols.Patrol"),
            Page("巡查结果", "report", "patrols.PatrolPoint"),
            Page("工作小结", "article", "patrols.DailyDigest"),
            Page("发群记录", "forum", "patrols.GroupPost"),
        ),
        "directions_walk",
    ),
    Section(
        "红色合伙人",
        (
            Page("红色合伙人", "handshake", "partners.RedPartner"),
            Page("共建协议", "contract", "partners.CoBuildingAgreement"),
            Page("党员先锋岗", "shield_person", "partners.VanguardPost"),
            Page("先锋岗值班", "calendar_view_week", "partners.DutyShift"),
            Page("苗头性问题", "crisis_alert", "partners.IncipientIssue"),
            Page("物业服务进展", "monitoring", "partners.ProgressReport"),
            Page("优秀管家选聘", "workspace_premium", "partners.StewardSelection"),
        ),
        "handshake",
    ),
    Section(
        "普法教育",
        (
            Page("普法活动", "gavel", "education.LegalEducationEvent"),
            Page("活动报名", "app_registration", "education.Registration"),
            Page("签到记录", "how_to_reg", "education.Attendance"),
            Page("签到台账", "qr_code_scanner", "education.CheckIn"),
            Page("人次登记", "groups", "education.HeadcountEntry"),
            Page("阵地", "theater_comedy", "education.Venue"),
        ),
        "gavel",
    ),
    Section(
        "便民服务",
        (
            Page("当天服务单", "checklist", "services.ServiceBooking", "day_page"),
            Page("一周服务安排", "calendar_view_week", "services.Slot", "week_page"),
            Page("服务预约", "event_available", "services.ServiceBooking"),
            Page("服务时段", "schedule", "services.Slot"),
            Page("排班规则", "event_repeat", "services.SlotRule"),
            Page("停服日", "event_busy", "services.Closure"),
            Page("服务项目", "volunteer_activism", "services.ServiceItem"),
            Page("服务类别", "category", "services.ServiceCategory"),
        ),
        "volunteer_activism",
    ),
    Section(
        "邻里节与清凉驿站",
        (
            Page("邻里节", "celebration", "festivals.NeighborFestival"),
            Page("摊位", "storefront", "festivals.Stall"),
            Page("邻里节物资", "inventory_2", "festivals.FestivalSupply"),
            Page("邻里节人次", "groups", "festivals.FestivalHeads"),
            Page("清凉驿站", "ac_unit", "stations.CoolStation"),
            Page("驿站库存", "inventory", "stations.StationStock"),
            Page("驿站出入库", "receipt_long", "stations.SupplyEntry"),
            Page("补货任务", "local_shipping", "stations.Refill"),
            Page("驿站物资品种", "category", "stations.Supply"),
        ),
        "celebration",
    ),
    Section(
        "志愿服务",
        (
            Page("志愿者", "diversity_1", "volunteers.Volunteer"),
            Page("志愿服务队", "diversity_3", "volunteers.VolunteerTeam"),
            Page("志愿者派工", "assignment_ind", "volunteers.Assignment"),
            Page("服务时长记录", "timer", "volunteers.ServiceRecord"),
            Page("志愿服务证明", "workspace_premium", "volunteers.Certificate"),
            Page("志愿者荣誉", "military_tech", "volunteers.Honour"),
            Page("荣誉等级", "stars", "volunteers.HonourLevel"),
        ),
        "diversity_1",
    ),
    Section(
        "信息公开",
        (Page("公示公告", "campaign", "notices.PublicNotice"),),
        "campaign",
    ),
    Section(
        "居民与单位",
        (
            Page("居民", "person", "people.Resident"),
            Page("住户", "home", "people.Household"),
            Page("单位", "corporate_fare", "people.Organization"),
            Page("单位代表", "supervisor_account", "people.Representative"),
        ),
        "person",
    ),
    Section(
        "数据",
        (
            Page("热线对比", "query_stats", "indicators.HotlineMonthlyCount", "hotline_page"),
            Page("市民热线", "support_agent", "indicators.HotlineMonthlyCount"),
            Page("热线类别", "category", "indicators.HotlineCategory"),
        ),
        "query_stats",
    ),
    Section(
        "表格",
        (
            Page("导入批次", "upload_file", "imports.ImportBatch"),
            Page("导出文件", "file_save", "exports.ExportFile"),
            Page("视图", "view_list", "saved_views.SavedView"),
            Page("列对应", "view_column", "imports.MappingProfile"),
            Page("后台任务", "schedule", "jobs.Job"),
        ),
        "table_view",
    ),
    Section(
        "个人信息保护",
        (
            Page("本人请求", "contact_page", "privacy.SubjectRequest"),
            Page("查阅记录", "visibility", "core.Disclosure"),
            Page("同意记录", "handshake", "people.Consent"),
            Page("个人信息告知书", "policy", "people.PrivacyNotice"),
            Page("保存期限", "auto_delete", "privacy.RetentionRule"),
            Page("到期处理记录", "delete_history", "privacy.RetentionRun"),
            Page("个人信息设置", "privacy_tip", "privacy.CommunityPrivacy"),
        ),
        "shield_lock",
    ),
    Section(
        "设置",
        (
            Page("开通小区", "add_location_alt", "founding.Founding"),
            Page("开通清单", "checklist", "places.Community", "checklist"),
            Page("设置总览", "tune", "places.Community", "settings_page"),
            Page("用户", "manage_accounts", "people.User"),
            Page("角色任命", "badge", "people.CommunityRole"),
            Page("街道", "signpost", "places.Subdistrict"),
            Page("社区", "location_city", "places.Community"),
            Page("小区", "holiday_village", "places.Estate"),
            Page("楼栋", "apartment", "places.Building"),
            Page("网格", "grid_view", "places.Grid"),
            Page("居民微信群", "forum", "places.ResidentGroup"),
            Page("工作日历", "calendar_month", "places.HolidayOverride"),
            Page("议事规则", "tune", "meetings.MeetingSettings"),
            Page("通知模板", "edit_note", "messaging.MessageTemplate"),
            Page("发送记录", "outgoing_mail", "messaging.Delivery"),
            Page("变更记录", "history", "core.ChangeSet"),
            Page("接口密钥", "key", "accounts.ApiKey"),
        ),
        "settings",
    ),
)
INBOX = Page("收件箱", "inbox", "messaging.InboxMessage")

# A deep vermilion: dark enough at 600 for white text on a button (6.9 : 1), and far enough from
# the pure red of error messages that a primary button does not look like a warning.
PRIMARY = {
    "50": "oklch(97.2% .012 25)",
    "100": "oklch(94.2% .027 25)",
    "200": "oklch(88.8% .055 25)",
    "300": "oklch(81% .1 25)",
    "400": "oklch(71.5% .15 26)",
    "500": "oklch(65% .185 27)",
    "600": "oklch(49% .175 27)",
    "700": "oklch(43.5% .155 27)",
    "800": "oklch(38.5% .13 27)",
    "900": "oklch(33.5% .105 27)",
    "950": "oklch(24% .075 27)",
}

# Greys with a breath of warmth, light pages and dark pages from the one scale.
BASE = {
    "50": "oklch(98.5% .002 75)",
    "100": "oklch(96.6% .003 70)",
    "200": "oklch(92.4% .005 65)",
    "300": "oklch(86.8% .007 60)",
    "400": "oklch(71% .011 58)",
    "500": "oklch(54.5% .013 58)",
    "600": "oklch(44% .012 60)",
    "700": "oklch(36.5% .011 62)",
    "800": "oklch(27% .008 50)",
    "900": "oklch(20.8% .006 50)",
    "950": "oklch(14.5% .004 50)",
}


# The page on which communities and periods are compared, and who opens it.
COMPARE = reverse_lazy("compare")
MAY_COMPARE = "backend.core.desk.comparing.may_compare"
# Who counts what waits: a query, by name, since none is ready yet.
WAITS = "backend.core.desk.badges.waits_by_model"


def may_see(model_label: str) -> Callable[[HttpRequest], bool]:
    """A test whether the caller may open the list page of a model.

    False for a model that is not installed or not registered, so that a page of an app that is
    switched off disappears from the sidebar instead of breaking it.
    """
    wanted = model_label.lower()

    def permitted(request: HttpRequest) -> bool:
        for model, model_admin in admin.site._registry.items():
            if model._meta.label_lower == wanted:
                return model_admin.has_view_permission(request)
        return False

    return permitted


def may_compare(request: HttpRequest) -> bool:
    """Whether the caller may open the page of figures side by side."""
    return bool(import_string(MAY_COMPARE)(request.user))


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """The sidebar as this caller sees it; a section without a page is left out.

    A callable and not a list: Unfold reverses the link of every listed item before it asks the
    item's permission, and a model that is not registered has no address to reverse. What waits for
    the caller stands beside the pages, and is added up beside the headings.
    """
    waits = import_string(WAITS)(request.user)
    index = reverse_lazy("admin:index")
    first: list[dict[str, Any]] = [{"title": gettext("今日待办"), "icon": "today", "link": index}]
    if may_see(INBOX.model_label)(request):
        first.append(_item(INBOX, waits, request))
    figures = {
        "title": gettext("数据与图表"),
        "icon": "monitoring",
        "link": f"{index}#figures",
        "active": False,
    }
    first.append(figures)
    if may_compare(request):
        first.append({"title": gettext("数据对比"), "icon": "compare_arrows", "link": COMPARE})
    sections: list[dict[str, Any]] = [{"items": first}]
    for section in SECTIONS:
        items = [
            _item(page, waits, request)
            for page in section.pages
            if may_see(page.model_label)(request)
            and (not page.asks or import_string(page.asks)(request.user))
        ]
        if items:
            sections.append(
                {
                    "title": gettext(section.title),
                    "icon": section.icon,
                    "items": items,
                    "waits": sum(item["waits"] for item in items),
                    "late": sum(item["late"] for item in items),
                }
            )
    # Everybody on the staff may read the rules that hold for everybody.
    rights = {
        "title": gettext("谁能做什么"),
        "icon": "rule",
        "link": reverse_lazy("who_may_what"),
    }
    manual = {"title": gettext("使用手册"), "icon": "help", "link": reverse_lazy("guide")}
    return [*sections, {"items": [rights, manual]}]


def unfold_settings() -> dict[str, Any]:
    """The UNFOLD setting.

    SITE_LOGO stays unset on purpose: Unfold shows the logo *instead of* the header and the
    subheader, and an image cannot follow the dark mode as text does.
    """
    return {
        "SITE_TITLE": "Linli 邻里",
        "SITE_HEADER": "Linli 邻里",
        "SITE_SUBHEADER": "社区治理数据底座",
        "SITE_URL": None,
        "SITE_ICON": lambda request: static("linli/logo.svg"),
        "SITE_FAVICONS": [
            {
                "rel": "icon",
                "type": "image/svg+xml",
                "href": lambda request: static("linli/favicon.svg"),
            }
        ],
        "COLORS": {"base": BASE, "primary": PRIMARY},
        "BORDER_RADIUS": "6px",
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": False,
        "SHOW_BACK_BUTTON": True,
        "SHOW_LANGUAGES": True,
        "STYLES": [
            lambda request: static("linli/linli.css"),
            lambda request: static("linli/lists.css"),
        ],
        "SCRIPTS": [
            lambda request: static("linli/names.js"),
            lambda request: static("linli/door-tidy.js"),
        ],
        "ACCOUNT": {
            "navigation": [{"title": _("账号与安全"), "link": reverse_lazy("account_home")}]
        },
        "SIDEBAR": {"show_search": True, "command_search": True, "navigation": navigation},
    }


def _item(page: Page, waits: dict[str, tuple[int, int]], request: HttpRequest) -> dict[str, Any]:
    app_label, model_name = page.model_label.lower().split(".")
    # Once, beside the list: another page of the same records says nothing of its own.
    count, late = (0, 0) if page.address else waits.get(page.model_label, (0, 0))
    link = reverse(page.address or f"admin:{app_label}_{model_name}_changelist")
    return {
        "waits": count,
        "late": late,
        "title": gettext(page.title),
        "icon": page.icon,
        "link": link,
        # Unfold looks for the link anywhere in the address: /patrols/ stands in /admin/patrols/ too.
        "active": request.path.startswith(link),
    }
