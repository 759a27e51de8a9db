"""Who may do what: one readable table, role by action.

An action is "<area>.<verb>". Access, the page 谁能做什么, docs/roles.md and the tests of every cell
are made from this table and from nothing else.
"""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is in a community, an estate or a subdistrict, for a time."""

    SECRETARY = "secretary", _("社区书记")
    WORKER = "worker", _("社区工作者")
    STEWARD = "steward", _("网格员")
    MEDIATOR = "mediator", _("调解员")
    LEGAL_ADVISOR = "legal_advisor", _("法律顾问")
    PARTNER = "partner", _("合伙人联系人")
    DEPARTMENT = "department", _("部门联系人")
    RESIDENT = "resident", _("居民")
    OFFICE = "office", _("街道")
    INSTALLATION = "installation", _("系统管理员")


_SECRETARY = {Role.SECRETARY, Role.INSTALLATION}
_OFFICE_STAFF = {Role.SECRETARY, Role.WORKER, Role.INSTALLATION}
_STAFF = _OFFICE_STAFF | {Role.STEWARD, Role.MEDIATOR, Role.LEGAL_ADVISOR, Role.OFFICE}
_EVERYBODY = _STAFF | {Role.PARTNER, Role.DEPARTMENT, Role.RESIDENT}
# Those who meet the people themselves: the installation's administrator does not.
_AT_THE_DESK = {Role.SECRETARY, Role.WORKER}
# Those who act for a body, as its named representatives: what "…_own" reaches is that body's.
_CONTACTS = {Role.PARTNER, Role.DEPARTMENT}
_NOBODY: set[Role] = set()

GRANTS: Final[dict[str, frozenset[Role]]] = {
    action: frozenset(roles)
    for action, roles in {
        # Signed-in members of a community see its places and its published events.
        "places.see": _EVERYBODY,
        "places.edit": _SECRETARY,
        "places.delete": _SECRETARY,
        "places.export": _OFFICE_STAFF | {Role.OFFICE},
        # The street office sees its communities' rosters (masked) and changes nothing in them.
        "people.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        # By initials or the last digits of a phone: a search finds what the mask hides.
        "people.search": _OFFICE_STAFF | {Role.STEWARD},
        "people.edit": _OFFICE_STAFF,
        "people.delete": _SECRETARY,
        "people.export": _OFFICE_STAFF,
        # In full, with a reason, logged.
        "people.reveal": _AT_THE_DESK | {Role.STEWARD},
        "people.merge": _AT_THE_DESK,
        # Everybody for themselves: to agree to a notice, and to take it back.
        "people.consent": _EVERYBODY,
        # Bodies and those who speak for them. A contact sees the own body, and no other.
        "organizations.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "organizations.see_own": _CONTACTS,
        "organizations.edit": _OFFICE_STAFF,
        "organizations.delete": _SECRETARY,
        "organizations.export": _OFFICE_STAFF,
        "organizations.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Partners, agreements and posts: a contact reads those of the own body, and changes none.
        "partners.see": _STAFF,
        "partners.see_own": _CONTACTS,
        "partners.edit": _OFFICE_STAFF,
        "partners.move": _OFFICE_STAFF,
        "partners.delete": _SECRETARY,
        "partners.export": _OFFICE_STAFF | {Role.OFFICE},
        # The rota of the posts: their own people plan it, and so may the office.
        "duties.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "duties.see_own": _CONTACTS,
        "duties.edit": _OFFICE_STAFF,
        "duties.edit_own": _CONTACTS,
        "duties.delete": _OFFICE_STAFF,
        "duties.delete_own": _CONTACTS,
        "duties.export": _OFFICE_STAFF,
        "duties.reveal": _AT_THE_DESK | {Role.STEWARD},
        # What is found at the posts, or on the way.
        "incipient.see": _OFFICE_STAFF | {Role.STEWARD, Role.MEDIATOR, Role.OFFICE},
        "incipient.see_own": _CONTACTS,
        "incipient.edit": _OFFICE_STAFF,
        "incipient.edit_own": _CONTACTS,
        "incipient.move": _OFFICE_STAFF,
        "incipient.move_own": _CONTACTS,
        "incipient.delete": _SECRETARY,
        "incipient.export": _OFFICE_STAFF,
        "incipient.reveal": _AT_THE_DESK,
        # What property companies report: their contacts write and submit, the community hears.
        "progress.see": _STAFF,
        "progress.see_own": _CONTACTS,
        "progress.edit": _OFFICE_STAFF,
        "progress.edit_own": _CONTACTS,
        "progress.submit": _OFFICE_STAFF,
        "progress.submit_own": _CONTACTS,
        "progress.move": _OFFICE_STAFF,
        "progress.delete": _SECRETARY,
        "progress.export": _OFFICE_STAFF | {Role.OFFICE},
        # Rounds in which outstanding stewards are chosen.
        "selections.see": _OFFICE_STAFF | {Role.OFFICE},
        "selections.edit": _OFFICE_STAFF,
        "selections.move": _OFFICE_STAFF,
        "selections.delete": _SECRETARY,
        "selections.export": _OFFICE_STAFF,
        "selections.reveal": _AT_THE_DESK,
        # Days on which the community works although others rest, or the other way round.
        "calendar.see": _OFFICE_STAFF | {Role.OFFICE},
        "calendar.edit": _OFFICE_STAFF,
        "calendar.delete": _OFFICE_STAFF,
        "calendar.export": _OFFICE_STAFF | {Role.OFFICE},
        # Identity numbers, where a community has turned them on.
        "identity.see": _AT_THE_DESK,
        "identity.edit": _AT_THE_DESK,
        "identity.reveal": _AT_THE_DESK,
        "identity.delete": _AT_THE_DESK,
        "accounts.see": _SECRETARY,
        "accounts.edit": {Role.INSTALLATION},
        "accounts.delete": {Role.INSTALLATION},
        # Everybody has keys of their own; which rows is the queryset's business.
        "api_keys.see": _EVERYBODY,
        "api_keys.edit": _EVERYBODY,
        "api_keys.delete": _NOBODY,
        "education.see": _STAFF,
        "education.see_published": _EVERYBODY,
        "education.edit": _OFFICE_STAFF,
        "education.delete": _SECRETARY,
        "education.move": _OFFICE_STAFF,
        "education.export": _OFFICE_STAFF | {Role.OFFICE},
        # Registrations: everybody their own, staff those of others.
        "registrations.register": _EVERYBODY,
        "registrations.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "registrations.edit": _OFFICE_STAFF | {Role.STEWARD},
        "registrations.move": _OFFICE_STAFF | {Role.STEWARD},
        "registrations.delete": _NOBODY,
        "registrations.export": _OFFICE_STAFF,
        "registrations.reveal": _AT_THE_DESK | {Role.STEWARD},
        # The ledger at the door; a steward helps there.
        "checkins.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "checkins.edit": _OFFICE_STAFF | {Role.STEWARD},
        "checkins.delete": _NOBODY,
        "checkins.export": _OFFICE_STAFF,
        "checkins.reveal": _AT_THE_DESK | {Role.STEWARD},
        # What neighbours can book, and when: everybody in the community sees it.
        "services.see": _EVERYBODY,
        "services.edit": _OFFICE_STAFF,
        "services.move": _OFFICE_STAFF,
        "services.delete": _SECRETARY,
        "services.export": _OFFICE_STAFF | {Role.OFFICE},
        "services.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Bookings: everybody their own, staff those of others.
        "bookings.book": _EVERYBODY,
        "bookings.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        # Who provides a service sees who is coming, and says who came.
        "bookings.see_own": _CONTACTS,
        "bookings.serve": _OFFICE_STAFF | {Role.STEWARD},
        "bookings.serve_own": _CONTACTS,
        "bookings.edit": _OFFICE_STAFF | {Role.STEWARD},
        "bookings.move": _OFFICE_STAFF | {Role.STEWARD},
        "bookings.delete": _NOBODY,
        "bookings.export": _OFFICE_STAFF,
        "bookings.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Volunteers: everybody applies for themselves, answers what they are asked for, and tells
        # the own hours; nobody judges the own ones, whatever their role.
        "volunteers.apply": _EVERYBODY,
        "volunteers.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "volunteers.edit": _OFFICE_STAFF,
        "volunteers.move": _OFFICE_STAFF,
        "volunteers.delete": _SECRETARY,
        "volunteers.export": _OFFICE_STAFF,
        "volunteers.reveal": _AT_THE_DESK | {Role.STEWARD},
        "volunteer_teams.see": _EVERYBODY,
        "volunteer_teams.edit": _OFFICE_STAFF,
        "volunteer_teams.delete": _SECRETARY,
        "volunteer_teams.export": _OFFICE_STAFF | {Role.OFFICE},
        "assignments.answer": _EVERYBODY,
        "assignments.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "assignments.edit": _OFFICE_STAFF,
        "assignments.move": _OFFICE_STAFF,
        "assignments.delete": _SECRETARY,
        "assignments.export": _OFFICE_STAFF,
        "service_hours.submit": _EVERYBODY,
        "service_hours.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "service_hours.edit": _OFFICE_STAFF,
        "service_hours.verify": _AT_THE_DESK,
        "service_hours.delete": _SECRETARY,
        "service_hours.export": _OFFICE_STAFF,
        # The neighbours' festival: everybody sees what has been announced.
        "festivals.see": _STAFF,
        "festivals.see_published": _EVERYBODY,
        "festivals.edit": _OFFICE_STAFF,
        "festivals.move": _OFFICE_STAFF,
        "festivals.delete": _SECRETARY,
        "festivals.export": _OFFICE_STAFF | {Role.OFFICE},
        # Its stalls, what is brought, and how many came.
        "stalls.see": _STAFF,
        "stalls.edit": _OFFICE_STAFF,
        "stalls.delete": _OFFICE_STAFF,
        "stalls.export": _OFFICE_STAFF | {Role.OFFICE},
        # Cool stations: everybody sees where they are, when they are open, and what there is.
        "stations.see": _EVERYBODY,
        "stations.edit": _OFFICE_STAFF,
        "stations.move": _OFFICE_STAFF,
        "stations.delete": _OFFICE_STAFF,
        "stations.export": _OFFICE_STAFF | {Role.OFFICE},
        # Their ledger only grows; the body that runs a station keeps its own, and refills it.
        "supplies.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "supplies.see_own": _CONTACTS,
        "supplies.edit": _OFFICE_STAFF | {Role.STEWARD},
        "supplies.edit_own": _CONTACTS,
        "supplies.delete": _NOBODY,
        "supplies.export": _OFFICE_STAFF | {Role.OFFICE},
        "refills.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "refills.see_own": _CONTACTS,
        "refills.edit": _OFFICE_STAFF,
        "refills.move": _OFFICE_STAFF,
        # An entry in does it, by whoever may write one.
        "refills.finish": _NOBODY,
        "refills.delete": _NOBODY,
        "refills.export": _OFFICE_STAFF | {Role.OFFICE},
        # Sign-in lists: who came. Stewards see those of their own estate.
        "attendance.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "attendance.edit": _OFFICE_STAFF,
        "attendance.delete": _OFFICE_STAFF,
        "attendance.export": _OFFICE_STAFF,
        "attendance.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Evidence: who stands on the stairs photographs the sheet and the crowd, and changes no row.
        "attendance.attach": _OFFICE_STAFF | {Role.STEWARD},
        # Joint meetings: the community's bodies meet in public, staff prepare, the party committee
        # alone calls people together.
        "meetings.see": _STAFF,
        "meetings.edit": _OFFICE_STAFF,
        "meetings.move": _OFFICE_STAFF,
        "meetings.convene": {Role.SECRETARY},
        "meetings.delete": _SECRETARY,
        "meetings.export": _OFFICE_STAFF | {Role.OFFICE},
        "meeting_rules.see": _STAFF,
        "meeting_rules.edit": _SECRETARY,
        "meeting_rules.delete": _NOBODY,
        "seats.see": _STAFF,
        "seats.edit": _OFFICE_STAFF,
        "seats.delete": _SECRETARY,
        "seats.export": _OFFICE_STAFF,
        "seats.reveal": _AT_THE_DESK,
        # The roll only grows.
        "roll.see": _OFFICE_STAFF | {Role.OFFICE},
        "roll.edit": _OFFICE_STAFF,
        "roll.delete": _NOBODY,
        "roll.export": _OFFICE_STAFF,
        "roll.reveal": _AT_THE_DESK,
        # Staff see all; a body's contact those of the own body, reports on them and adds evidence.
        "action_items.see": _STAFF,
        "action_items.see_own": _CONTACTS,
        "action_items.report_own": _CONTACTS,
        "action_items.edit": _OFFICE_STAFF,
        "action_items.move": _OFFICE_STAFF,
        "action_items.delete": _SECRETARY,
        "action_items.export": _OFFICE_STAFF | {Role.OFFICE},
        "action_progress.see": _STAFF,
        "action_progress.see_own": _CONTACTS,
        "action_progress.edit": _OFFICE_STAFF,
        "action_progress.attach": _OFFICE_STAFF,
        "action_progress.attach_own": _CONTACTS,
        "action_progress.delete": _NOBODY,
        # Rooms and who owns them: what owners' votes are counted by.
        "owner_register.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "owner_register.edit": _OFFICE_STAFF,
        "owner_register.delete": _SECRETARY,
        "owner_register.export": _OFFICE_STAFF,
        "owner_register.reveal": _AT_THE_DESK | {Role.STEWARD},
        # Owners' votes: the body that organizes one (the owners' committee) holds it, by its contacts;
        # what everybody reads is the community's to publish.
        "owner_votes.see": _STAFF,
        "owner_votes.see_own": _CONTACTS,
        "owner_votes.edit": _OFFICE_STAFF,
        "owner_votes.move": _OFFICE_STAFF,
        "owner_votes.move_own": _CONTACTS,
        "owner_votes.publish": _OFFICE_STAFF,
        "owner_votes.delete": _SECRETARY,
        "owner_votes.export": _OFFICE_STAFF | {Role.OFFICE},
        # How somebody voted is seen by those who enter it, and by nobody else.
        "owner_ballots.see": _OFFICE_STAFF,
        "owner_ballots.see_own": _CONTACTS,
        "owner_ballots.edit": _OFFICE_STAFF,
        "owner_ballots.edit_own": _CONTACTS,
        "owner_ballots.delete": _SECRETARY,
        "owner_ballots.export": _OFFICE_STAFF,
        # An attachment is seen by those who see its record, added by those who may change it, or
        # may attach where the record's area says who that is.
        "files.see": _EVERYBODY,
        "files.edit": _STAFF,
        "files.delete": _OFFICE_STAFF,
        # Templates and the delivery log; everybody's own inbox needs no grant.
        "messaging.see": _OFFICE_STAFF,
        "messaging.edit": _OFFICE_STAFF,
        "messaging.move": _OFFICE_STAFF,
        "messaging.delete": _SECRETARY,
        "imports.see": _OFFICE_STAFF,
        "imports.edit": _OFFICE_STAFF,
        "imports.move": _OFFICE_STAFF,
        # What was said of the columns of staff's own sheets, for the next ones.
        "mappings.see": _OFFICE_STAFF,
        "mappings.edit": _OFFICE_STAFF,
        "mappings.delete": _OFFICE_STAFF,
        "jobs.see": _OFFICE_STAFF,
        "jobs.edit": _OFFICE_STAFF,
        "jobs.move": _OFFICE_STAFF,
        "jobs.delete": _NOBODY,
        # Who read, exported and imported what; retention; what people ask of their own data.
        "privacy.see": _SECRETARY | {Role.OFFICE},
        "privacy.edit": _SECRETARY,
        "privacy.move": _SECRETARY,
        "privacy.delete": _NOBODY,
        "privacy.erase": {Role.SECRETARY},
        # What somebody asks of their own data, taken down at the desk; everybody sees their own.
        "requests.see": _AT_THE_DESK | {Role.OFFICE},
        "requests.edit": _AT_THE_DESK,
        "requests.move": _AT_THE_DESK,
        "requests.delete": _NOBODY,
        "requests.reveal": _AT_THE_DESK,
        "history.see": _SECRETARY,
    }.items()
}

AREAS: Final[dict[str, str]] = {
    "places": "辖区",
    "people": "居民",
    "organizations": "单位与代表",
    "partners": "红色合伙人、协议与先锋岗",
    "duties": "先锋岗值班",
    "incipient": "苗头性问题",
    "progress": "物业服务进展",
    "selections": "优秀管家选聘",
    "calendar": "工作日历",
    "identity": "身份证号",
    "accounts": "账号与角色",
    "api_keys": "接口密钥",
    "education": "普法活动",
    "registrations": "活动报名",
    "checkins": "现场签到台账",
    "services": "服务项目与时段",
    "bookings": "服务预约",
    "volunteers": "志愿者",
    "volunteer_teams": "志愿服务队",
    "assignments": "志愿者派工",
    "service_hours": "志愿服务时长",
    "festivals": "红色邻里节",
    "stalls": "邻里节摊位、物资与人次",
    "stations": "清凉驿站",
    "supplies": "驿站出入库",
    "refills": "补货任务",
    "attendance": "签到记录与人次",
    "meetings": "联席会议",
    "meeting_rules": "议事规则",
    "seats": "联席会议席位",
    "roll": "会议点名",
    "action_items": "落实事项",
    "action_progress": "落实进展",
    "owner_register": "房屋与业主登记",
    "owner_votes": "业主共同决定",
    "owner_ballots": "业主选票",
    "files": "附件",
    "messaging": "通知模板与发送记录",
    "imports": "表格导入",
    "mappings": "表头的列对应",
    "jobs": "后台任务",
    "privacy": "个人信息保护",
    "requests": "本人请求",
    "history": "变更记录",
}
VERBS: Final[dict[str, str]] = {
    "see": "查看",
    "see_own": "查看本单位的",
    "see_published": "查看已发布的",
    "search": "按拼音、尾号查找",
    "book": "给自己预约",
    "apply": "给自己申请",
    "answer": "答复派给自己的",
    "verify": "核实（不能核实自己的）",
    "register": "给自己报名",
    "report_own": "报告本单位的",
    "edit": "登记和修改",
    "move": "办理（改状态）",
    "edit_own": "登记和修改本单位的",
    "move_own": "办理本单位的",
    "serve": "记服务结果",
    "serve_own": "记本单位服务的结果",
    "finish": "完成（由入库带出）",
    "submit": "提交",
    "submit_own": "提交本单位的",
    "convene": "召集会议",
    "publish": "公布结果",
    "delete": "删除",
    "delete_own": "删除本单位的",
    "merge": "合并",
    "consent": "同意与撤回（本人）",
    "export": "导出",
    "reveal": "查看完整信息（写明原因）",
    "attach": "添加附件",
    "attach_own": "给本单位的添加附件",
    "erase": "应本人要求删除",
}


def roles_granted(action: str) -> frozenset[Role]:
    """The roles that may do `action`. Raises KeyError for an action that the table lacks."""
    return GRANTS[action]


# What an "edit" or "see" of these areas shows: names, phones, doors.
_PERSONAL = (
    "people.see",
    "organizations.see",
    "attendance.see",
    "registrations.see",
    "checkins.see",
    "identity.see",
    "owner_register.see",
    "volunteers.see",
)
SEES_PEOPLE: Final[frozenset[Role]] = frozenset().union(*(GRANTS[action] for action in _PERSONAL))
