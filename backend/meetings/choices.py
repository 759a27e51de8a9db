"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class SeatTier(TextChoices):
    """The 1, the 3, and the N."""

    CORE = "core", _("核心席（1）")
    TRIPARTITE = "tripartite", _("三方席（3）")
    EXTENDED = "extended", _("共建席（N）")


class SeatHolder(TextChoices):
    """Who holds a seat: a body, or a person in their own right."""

    ORGANIZATION = "organization", _("单位")
    PARTY_MEMBER = "party_member", _("党员代表")
    RESIDENT = "resident", _("居民骨干")


class MeetingStatus(TextChoices):
    DRAFT = "draft", _("筹备中")
    NOTICED = "noticed", _("已通知")
    POSTPONED = "postponed", _("已延期")
    IN_SESSION = "in_session", _("会议中")
    INQUORATE = "inquorate", _("人数不足")
    MINUTES_DRAFT = "minutes_draft", _("纪要起草中")
    CONFIRMED = "confirmed", _("纪要已确认")
    PUBLISHED = "published", _("纪要已公布")
    CANCELLED = "cancelled", _("已取消")
    # What a ledger brought and was taken back: the number stays.
    VOID = "void", _("作废")


MEETING_COLOURS = {
    MeetingStatus.DRAFT: "info",
    MeetingStatus.NOTICED: "info",
    MeetingStatus.POSTPONED: "warning",
    MeetingStatus.IN_SESSION: "success",
    MeetingStatus.INQUORATE: "danger",
    MeetingStatus.MINUTES_DRAFT: "warning",
    MeetingStatus.CONFIRMED: "success",
    MeetingStatus.PUBLISHED: "default",
    MeetingStatus.CANCELLED: "danger",
    MeetingStatus.VOID: "default",
}


class ItemKind(TextChoices):
    INFORMATION = "information", _("通报")
    DELIBERATION = "deliberation", _("讨论")
    DECISION = "decision", _("表决")


class ItemStatus(TextChoices):
    WAITING = "waiting", _("待议")
    ACTIVE = "active", _("正在议")
    DONE = "done", _("已议")
    DEFERRED = "deferred", _("转下次会议")


ITEM_COLOURS = {
    ItemStatus.WAITING: "info",
    ItemStatus.ACTIVE: "success",
    ItemStatus.DONE: "default",
    ItemStatus.DEFERRED: "warning",
}


class PresenceKind(TextChoices):
    """What the roll says of a seat from a moment on."""

    PRESENT = "present", _("到会")
    LATE = "late", _("迟到")
    PROXY = "proxy", _("委托")
    EXCUSED = "excused", _("请假")
    ABSENT = "absent", _("缺席")
    LEFT = "left", _("离会")


# In the room in person; a proxy is not.
IN_PERSON = (PresenceKind.PRESENT, PresenceKind.LATE)


class Capacity(TextChoices):
    VOTING = "voting", _("表决")
    OBSERVER = "observer", _("列席")


class VoteMethod(TextChoices):
    OPEN = "open", _("记名表决")
    SECRET = "secret", _("无记名投票")


class MajorityRule(TextChoices):
    SIMPLE = "simple", _("过半数")
    ABSOLUTE = "absolute", _("三分之二以上")
    THREE_QUARTERS = "three_quarters", _("四分之三以上")
    UNANIMOUS = "unanimous", _("全体一致")


class Denominator(TextChoices):
    """Of what the votes in favour are a part."""

    PRESENT = "present", _("到会席位")
    ALL = "all", _("全体席位")
    CAST = "cast", _("赞成与反对票")


class Choice(TextChoices):
    FOR = "for", _("赞成")
    AGAINST = "against", _("反对")
    ABSTAIN = "abstain", _("弃权")


class VoteStatus(TextChoices):
    OPEN = "open", _("表决中")
    COUNTED = "counted", _("已计票")
    VOID = "void", _("作废")


VOTE_COLOURS = {
    VoteStatus.OPEN: "success",
    VoteStatus.COUNTED: "default",
    VoteStatus.VOID: "danger",
}


class Outcome(TextChoices):
    CARRIED = "carried", _("通过")
    NOT_CARRIED = "not_carried", _("未通过")


class ResolutionKind(TextChoices):
    """A joint meeting decides its own work; on what the owners decide it only recommends."""

    DECISION = "decision", _("决议")
    RECOMMENDATION = "recommendation", _("建议")


class OwnerMatter(TextChoices):
    """What the owners decide together: Civil Code art. 278, in its order."""

    PROCEDURE = "procedure", _("制定和修改业主大会议事规则")
    COVENANT = "covenant", _("制定和修改管理规约")
    COMMITTEE = "committee", _("选举或更换业主委员会成员")
    COMPANY = "company", _("选聘和解聘物业服务企业")
    FUND_USE = "fund_use", _("使用维修资金")
    FUND_RAISE = "fund_raise", _("筹集维修资金")
    REBUILD = "rebuild", _("改建、重建建筑物及其附属设施")
    COMMON_USE = "common_use", _("改变共有部分用途或利用共有部分经营")
    OTHER = "other", _("有关共有和共同管理权利的其他重大事项")


# Items 6 to 8 of art. 278: three quarters of those who take part.
THREE_QUARTER_MATTERS = (OwnerMatter.FUND_RAISE, OwnerMatter.REBUILD, OwnerMatter.COMMON_USE)


class ActionStatus(TextChoices):
    OPEN = "open", _("待落实")
    IN_PROGRESS = "in_progress", _("落实中")
    DONE = "done", _("已办待核验")
    VERIFIED = "verified", _("已核验")


ACTION_COLOURS = {
    ActionStatus.OPEN: "info",
    ActionStatus.IN_PROGRESS: "warning",
    ActionStatus.DONE: "success",
    ActionStatus.VERIFIED: "default",
}
# What can be overdue: whoever has said "done" waits for others.
UNFINISHED = (ActionStatus.OPEN, ActionStatus.IN_PROGRESS)
