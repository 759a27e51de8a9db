"""Stored values (never change) with their Chinese labels and badge colours."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AgreementStatus(TextChoices):
    DRAFT = "draft", _("草稿")
    SIGNED = "signed", _("已签订")
    ACTIVE = "active", _("履行中")
    EXPIRED = "expired", _("已到期")
    TERMINATED = "terminated", _("已终止")


AGREEMENT_COLOURS = {
    AgreementStatus.DRAFT: "info",
    AgreementStatus.SIGNED: "warning",
    AgreementStatus.ACTIVE: "success",
    AgreementStatus.EXPIRED: "default",
    AgreementStatus.TERMINATED: "danger",
}


class DutySide(TextChoices):
    """Who promises a duty."""

    PARTNER = "partner", _("合伙人")
    COMMUNITY = "community", _("社区")
    BOTH = "both", _("双方")


class IssueKind(TextChoices):
    NEIGHBOURS = "neighbours", _("邻里关系")
    PARKING = "parking", _("停车")
    NOISE = "noise", _("噪声")
    FEES = "fees", _("物业费用")
    REPAIRS = "repairs", _("维修")
    SANITATION = "sanitation", _("环境卫生")
    SAFETY = "safety", _("安全隐患")
    PETS = "pets", _("宠物")
    OTHER = "other", _("其他")


class IssueStatus(TextChoices):
    FOUND = "found", _("已发现")
    DEFUSED = "defused", _("已化解")
    ESCALATED = "escalated", _("已转办")


ISSUE_COLOURS = {
    IssueStatus.FOUND: "warning",
    IssueStatus.DEFUSED: "success",
    IssueStatus.ESCALATED: "info",
}


class Escalation(TextChoices):
    """The register in which an issue goes on; the value is the model's label."""

    DEMAND = "demands.Demand", _("诉求")
    MEDIATION = "mediation.MediationCase", _("调解案件")


class PeriodKind(TextChoices):
    MONTH = "month", _("月报")
    QUARTER = "quarter", _("季报")


class ReportStatus(TextChoices):
    DRAFT = "draft", _("草稿")
    SUBMITTED = "submitted", _("已提交")
    HEARD = "heard", _("已听取")


REPORT_COLOURS = {
    ReportStatus.DRAFT: "info",
    ReportStatus.SUBMITTED: "warning",
    ReportStatus.HEARD: "success",
}


class ItemState(TextChoices):
    """How far the property company is with one matter."""

    DONE = "done", _("已完成")
    UNDER_WAY = "under_way", _("进行中")
    NOT_BEGUN = "not_begun", _("未开始")


class SelectionMethod(TextChoices):
    SCORE = "score", _("评分")
    VOTE = "vote", _("投票")


class SelectionStatus(TextChoices):
    DRAFT = "draft", _("筹备中")
    OPEN = "open", _("评选中")
    DECIDED = "decided", _("已评出")
    ANNOUNCED = "announced", _("已公布")
    CANCELLED = "cancelled", _("已取消")


SELECTION_COLOURS = {
    SelectionStatus.DRAFT: "info",
    SelectionStatus.OPEN: "warning",
    SelectionStatus.DECIDED: "info",
    SelectionStatus.ANNOUNCED: "success",
    SelectionStatus.CANCELLED: "danger",
}
