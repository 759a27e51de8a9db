"""设置总览: every setting of a community, with what holds now and what holds by default."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.calendar import year_is_known
from backend.core.holdings import all_holdings
from backend.core.record_history import shown_fields
from backend.core.roles import Role
from backend.demands.models import DemandSettings
from backend.meetings.models import MeetingSettings, MinutesTemplate
from backend.messaging.models import MessageTemplate
from backend.messaging.queries import kinds_in
from backend.people.models import CommunityRole, PrivacyNotice
from backend.places.models import Community, HolidayOverride
from backend.privacy.models import CommunityPrivacy, RetentionRule
from backend.volunteers.models import CertificateTemplate

_LONGEST_UNIT = 4


@dataclass(frozen=True)
class Value:
    """One thing that holds: its name, what holds now, and the default ("" where there is none)."""

    label: str
    now: str
    default: str = ""
    since: datetime | None = None

    @property
    def own(self) -> bool:
        """Whether the community has said otherwise than the default."""
        return bool(self.default) and self.now != self.default


@dataclass(frozen=True)
class Setting:
    """One line of the page. `model` is a label; `verbs` name the acts of what has no rows in history."""

    code: str
    label: Any
    told: Any
    model: str
    values: Callable[[Community], list[Value]]
    # Whose list is where it is changed, if not the model's own.
    changed_at: str = ""
    verbs: tuple[str, ...] = ()

    @property
    def place(self) -> Any:
        """The model on whose list it is changed, and whose rights hold."""
        return apps.get_model(self.changed_at or self.model)


@dataclass(frozen=True)
class Group:
    """Settings under one heading."""

    label: Any
    settings: tuple[Setting, ...]


def _one_row(model: Any) -> Callable[[Community], list[Value]]:
    def values(community: Community) -> list[Value]:
        row = model.objects.filter(community=community).first()
        default = model(community=community)
        since = row.updated_at if row is not None else None
        return [
            Value(
                str(field.verbose_name), _word(field, row or default), _word(field, default), since
            )
            for field in shown_fields(model).values()
            if not field.is_relation and field.editable
        ]

    return values


def _word(field: Any, row: Any) -> str:
    value = getattr(row, field.attname)
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    if isinstance(value, bool):
        return gettext("是") if value else gettext("否")
    # Help texts begin with the unit: "天，按自然日算".
    unit = re.split("[；，]", str(field.help_text))[0]
    return f"{value} {unit}" if 0 < len(unit) <= _LONGEST_UNIT else str(value)


def _retention(community: Community) -> list[Value]:
    own = {rule.holding: rule for rule in RetentionRule.objects.filter(community=community)}
    found = []
    for holding in all_holdings():
        if holding.kept_days is not None:
            rule = own.get(holding.code)
            days = rule.days if rule is not None else holding.kept_days
            since = rule.updated_at if rule is not None else None
            label = gettext(holding.label) if holding.label else holding.code
            found.append(Value(label, _days(days), _days(holding.kept_days), since))
    return found


def _days(days: int) -> str:
    return gettext("%(days)s 天") % {"days": days}


def _messages(community: Community) -> list[Value]:
    kinds = kinds_in(community)
    own = [one for one in kinds if one.own is not None]
    told = gettext("%(count)s 种通知，自己写的 %(own)s 种")
    everything = {"count": len(kinds)}
    return [
        Value(
            gettext("通知"),
            told % (everything | {"own": len(own)}),
            told % (everything | {"own": 0}),
            max((one.own.updated_at for one in own if one.own), default=None),
        )
    ]


def _file(model: Any) -> Callable[[Community], list[Value]]:
    def values(community: Community) -> list[Value]:
        own = model.objects.filter(community=community).defer("content").first()
        default = gettext("系统自带的")
        if own is None:
            return [Value(gettext("模板"), default, default)]
        return [Value(gettext("模板"), own.name, default, own.replaced_at)]

    return values


def _holidays(community: Community) -> list[Value]:
    this = timezone.localdate().year
    found = []
    for year in (this, this + 1):
        rows = HolidayOverride.objects.filter(day__year=year)
        here = rows.filter(community=community).count()
        everywhere = rows.filter(community=None).count()
        base = gettext("国家放假安排") if year_is_known(year) else gettext("周一到周五")
        told = gettext("%(base)s，另有调整 %(count)s 天")
        now = told % {"base": base, "count": here + everywhere} if here + everywhere else base
        found.append(Value(gettext("%(year)s 年") % {"year": year}, now, base))
    return found


def _roles(community: Community) -> list[Value]:
    held = CommunityRole.objects.valid_on(timezone.localdate()).filter(community=community)
    counts = dict(held.order_by().values_list("role").annotate(Count("pk")))
    return [
        Value(str(role.label), gettext("%(count)s 人") % {"count": counts[role]})
        for role in Role
        if counts.get(role)
    ]


def _notice(community: Community) -> list[Value]:
    today = timezone.localdate()
    notice = PrivacyNotice.objects.filter(community=community, published_on__lte=today).first()
    none = gettext("还没有发布")
    if notice is None:
        return [Value(gettext("告知书"), none)]
    told = gettext("%(version)s，%(day)s 起") % {
        "version": notice.version,
        "day": f"{notice.published_on:%Y-%m-%d}",
    }
    return [Value(gettext("告知书"), told)]


def _count(label: str) -> Callable[[Community], list[Value]]:
    def values(community: Community) -> list[Value]:
        model = apps.get_model(label)
        rows = model._default_manager.filter(community=community).count()
        return [Value(str(model._meta.verbose_name), gettext("%(count)s 个") % {"count": rows})]

    return values


def _catalogue(label: str, told: Any) -> Setting:
    model = apps.get_model(label)
    code = label.lower().replace(".", "-")
    return Setting(code, model._meta.verbose_name, told, label, _count(label))


def groups() -> tuple[Group, ...]:
    """All there is to set, by what one comes for."""
    return (
        Group(
            _("规则"),
            (
                Setting(
                    "meeting-rules",
                    _("议事规则"),
                    _("几天前通知、几方到会才能开、多少票算通过。改了只管以后的会。"),
                    "meetings.MeetingSettings",
                    _one_row(MeetingSettings),
                ),
                Setting(
                    "demand-terms",
                    _("诉求办理期限"),
                    _("几天内回复、几天内办完，能延多久。"),
                    "demands.DemandSettings",
                    _one_row(DemandSettings),
                ),
                Setting(
                    "retention",
                    _("保存期限"),
                    _("每类记录留多久，到期自动去掉姓名和电话，人次不变。"),
                    "privacy.RetentionRule",
                    _retention,
                ),
                Setting(
                    "privacy",
                    _("个人信息设置"),
                    _("身份证号、政治面貌：确有依据才打开，不打开就不收。"),
                    "privacy.CommunityPrivacy",
                    _one_row(CommunityPrivacy),
                ),
                Setting(
                    "notice",
                    _("个人信息告知书"),
                    _("登记居民信息之前要告诉他们的；改就出新的一版。"),
                    "people.PrivacyNotice",
                    _notice,
                ),
                Setting(
                    "calendar",
                    _("工作日历"),
                    _("哪天上班、哪天放假，期限按它算。"),
                    "places.HolidayOverride",
                    _holidays,
                ),
            ),
        ),
        Group(
            _("模板"),
            (
                Setting(
                    "messages",
                    _("通知模板"),
                    _("短信、收件箱里写什么；没有自己的就用系统自带的。"),
                    MessageTemplate._meta.label,
                    _messages,
                ),
                Setting(
                    "minutes-template",
                    _("纪要 Word 模板"),
                    _("会议纪要按它排版；在议事规则的页面上换。"),
                    "meetings.MinutesTemplate",
                    _file(MinutesTemplate),
                    changed_at="meetings.MeetingSettings",
                    verbs=("replace minutes template", "drop minutes template"),
                ),
                Setting(
                    "certificate-template",
                    _("证明 Word 模板"),
                    _("志愿服务证明按它排版；在证明列表的页面上换。"),
                    "volunteers.CertificateTemplate",
                    _file(CertificateTemplate),
                    changed_at="volunteers.Certificate",
                    verbs=("replace certificate template", "drop certificate template"),
                ),
            ),
        ),
        Group(
            _("人员"),
            (
                Setting(
                    "roles",
                    _("角色任命"),
                    _("谁在这里做什么、从哪天到哪天；到期自动失效。"),
                    "people.CommunityRole",
                    _roles,
                ),
            ),
        ),
        Group(
            _("目录"),
            (
                _catalogue("places.Estate", _("住宅小区；楼栋、网格挂在它下面。")),
                _catalogue("places.Building", _("住址靠楼号认。")),
                _catalogue("places.Grid", _("网格员走的一片。")),
                _catalogue("places.ResidentGroup", _("居民微信群，按小区和网格。")),
                _catalogue("people.Organization", _("来开会、办事的单位。")),
                _catalogue("demands.DemandCategory", _("诉求分哪几类。")),
                _catalogue("services.ServiceCategory", _("便民服务分哪几类。")),
                _catalogue("services.ServiceItem", _("居民可以预约的服务。")),
                _catalogue("education.Venue", _("办活动的地方。")),
                _catalogue("stations.Supply", _("驿站里有哪些物资。")),
                _catalogue("volunteers.VolunteerTeam", _("志愿者分哪几队。")),
                _catalogue("volunteers.HonourLevel", _("多少小时可以授什么荣誉。")),
                _catalogue("indicators.HotlineCategory", _("市民热线的件数按哪几类记。")),
            ),
        ),
    )


def setting_of(code: str) -> Setting | None:
    """A setting by its code."""
    found = (one for group in groups() for one in group.settings)
    return next((one for one in found if one.code == code), None)
