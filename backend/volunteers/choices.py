"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class VolunteerStatus(TextChoices):
    APPLIED = "applied", _("待审核")
    ACTIVE = "active", _("在册")
    PAUSED = "paused", pgettext_lazy("state", "暂停服务")
    LEFT = "left", _("已退出")


VOLUNTEER_COLOURS = {
    VolunteerStatus.APPLIED: "info",
    VolunteerStatus.ACTIVE: "success",
    VolunteerStatus.PAUSED: "warning",
    VolunteerStatus.LEFT: "default",
}


class Standing(TextChoices):
    """What makes somebody a 社区达人. Party membership is none: it stands in PoliticalStatus alone."""

    RETURNED_STUDENT = "returned_student", _("返乡大学生")
    STUDENT = "student", _("在校学生")
    RETIRED_TEACHER = "retired_teacher", _("退休教师")
    RETIRED_OFFICIAL = "retired_official", _("退休干部")
    VETERAN = "veteran", _("退役军人")
    MEDICAL = "medical", _("医务工作者")
    LEGAL = "legal", _("法律工作者")
    CRAFTSMAN = "craftsman", _("能工巧匠")
    ARTIST = "artist", _("文艺骨干")
    BUILDING_HEAD = "building_head", _("楼组长")
    OTHER = "other", _("其他")


class PoliticalStatus(TextChoices):
    """政治面貌: stored only where the community has turned it on."""

    PARTY_MEMBER = "party_member", _("中共党员")
    PROBATIONARY_MEMBER = "probationary_member", _("中共预备党员")
    LEAGUE_MEMBER = "league_member", _("共青团员")
    DEMOCRATIC_PARTY = "democratic_party", _("民主党派")
    NONE = "none", _("群众")


class PartOfDay(TextChoices):
    MORNING = "morning", _("上午")
    AFTERNOON = "afternoon", _("下午")
    EVENING = "evening", _("晚上")


class AssignmentStatus(TextChoices):
    PLANNED = "planned", _("待本人确认")
    ACCEPTED = "accepted", _("已确认")
    DECLINED = "declined", _("本人谢绝")
    DONE = "done", _("已完成")
    ABSENT = "absent", _("未到岗")
    CANCELLED = "cancelled", _("已取消派工")


ASSIGNMENT_COLOURS = {
    AssignmentStatus.PLANNED: "info",
    AssignmentStatus.ACCEPTED: "success",
    AssignmentStatus.DECLINED: "warning",
    AssignmentStatus.DONE: "success",
    AssignmentStatus.ABSENT: "danger",
    AssignmentStatus.CANCELLED: "default",
}
# What is still to come of a volunteer: these are told, reminded, moved and called off.
OPEN = (AssignmentStatus.PLANNED, AssignmentStatus.ACCEPTED)
# A volunteer is in one place at a time: these do not overlap.
BUSY = (*OPEN, AssignmentStatus.DONE, AssignmentStatus.ABSENT)


class RecordStatus(TextChoices):
    SUBMITTED = "submitted", _("待核实")
    VERIFIED = "verified", _("已核实")
    REJECTED = "rejected", _("未通过核实")
    WITHDRAWN = "withdrawn", _("已撤销")


RECORD_COLOURS = {
    RecordStatus.SUBMITTED: "info",
    RecordStatus.VERIFIED: "success",
    RecordStatus.REJECTED: "danger",
    RecordStatus.WITHDRAWN: "default",
}
# Hours that stand, or may come to stand: one person's never overlap.
STANDING_RECORDS = (RecordStatus.SUBMITTED, RecordStatus.VERIFIED)


class RecordSource(TextChoices):
    CHECK_IN = "check_in", _("到岗签到")
    ROSTER_SHEET = "roster_sheet", _("纸质签到表")
    OWN_ENTRY = "own_entry", _("本人填报")
    STAFF = "staff", _("工作人员登记")
