"""What of red partners is shown where. Public: who they are, for how long, and nobody's name."""

from typing import Any

from django.db.models import Q, QuerySet

from backend.core.facets import Facets, register
from backend.core.holdings import Holding, hold
from backend.core.masking import ANONYMOUS
from backend.partners.choices import AgreementStatus, SelectionStatus
from backend.partners.models import (
    AgreementDuty,
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    ProgressItem,
    ProgressReport,
    RedPartner,
    StewardCandidate,
    StewardSelection,
    VanguardPost,
)

SHIFTS_KEPT_DAYS = 365


def agreements_in_force() -> "QuerySet[CoBuildingAgreement]":
    """What anonymous readers may see of the agreements."""
    return CoBuildingAgreement.objects.filter(status=AgreementStatus.ACTIVE)


def announced_rounds() -> "QuerySet[StewardSelection]":
    """What anonymous readers may see of the selections: no candidate, and no round before its end."""
    return StewardSelection.objects.filter(status=SelectionStatus.ANNOUNCED)


PARTNER = register(
    Facets(
        RedPartner,
        form=("community", "code", "organization", "since", "until", "summary"),
        listed=("organization", "code", "since", "until", "summary"),
        searched=("organization__name", "organization__short_name", "=code"),
        filtered=("organization__kind", "community"),
        imported=("organization", "since", "until", "summary"),
        synonyms=(
            ("organization", ("合伙人", "红色合伙人", "单位名称")),
            ("since", ("加入时间",)),
            ("until", ("退出时间",)),
            ("summary", ("简介",)),
        ),
        natural_key=("organization", "since"),
        exported=("code", "organization", "since", "until", "summary"),
        public=("code", "organization", "since", "until", "summary"),
        public_rows=RedPartner.objects.all,
    )
)
AGREEMENT = register(
    Facets(
        CoBuildingAgreement,
        form=(
            "code",
            "partner",
            "title",
            "signed_on",
            "starts_on",
            "ends_on",
            "remind_days",
            "renews",
            "remark",
        ),
        listed=("title", "partner", "signed_on", "starts_on", "ends_on", "status"),
        searched=("title", "=code", "partner__organization__name"),
        filtered=("status", "community"),
        imported=("code", "partner", "title", "signed_on", "starts_on", "ends_on", "remark"),
        synonyms=(
            ("code", ("协议编号",)),
            ("partner", ("合伙人编号", "合伙人")),
            ("starts_on", ("开始日期",)),
            ("ends_on", ("结束日期", "终止日期")),
        ),
        natural_key=("code",),
        exported=(
            "code",
            "partner",
            "title",
            "signed_on",
            "starts_on",
            "ends_on",
            "status",
            "remark",
        ),
        public=("code", "partner", "signed_on", "starts_on", "ends_on"),
        public_rows=agreements_in_force,
    )
)
register(
    Facets(
        AgreementDuty,
        form=("agreement", "position", "side", "text"),
        listed=("agreement", "position", "side", "text"),
    )
)
POST = register(
    Facets(
        VanguardPost,
        form=("code", "agreement", "name", "estate", "place", "since", "until"),
        listed=("name", "place", "estate", "agreement", "since", "until"),
        searched=("name", "place", "=code"),
        filtered=("estate", "community"),
        imported=("code", "agreement", "name", "estate", "place", "since", "until"),
        synonyms=(
            ("code", ("岗位编号",)),
            ("agreement", ("协议编号",)),
            ("name", ("先锋岗", "岗位")),
        ),
        natural_key=("code",),
        exported=("code", "name", "estate", "place", "agreement", "since", "until"),
    )
)
SHIFT = register(
    Facets(
        DutyShift,
        form=("post", "day", "starts_at", "ends_at", "representative", "resident", "name"),
        listed=("day", "starts_at", "ends_at", "post", "name"),
        searched=("post__name",),
        filtered=("post", "community"),
        imported=("post", "day", "starts_at", "ends_at", "name"),
        synonyms=(
            ("post", ("岗位", "值班岗位")),
            ("day", ("日期",)),
            ("starts_at", ("开始时间", "上岗时间")),
            ("ends_at", ("结束时间", "下岗时间")),
            ("name", ("值班人", "值班人员")),
        ),
        natural_key=("post", "day", "starts_at", "name"),
        exported=("day", "starts_at", "ends_at", "post", "name"),
        attachments=False,
    )
)
ISSUE = register(
    Facets(
        IncipientIssue,
        form=("community", "code", "post", "place", "kind", "description", "found_on", "found_by"),
        listed=("code", "description", "kind", "post", "found_on", "status", "settled_on"),
        searched=("=code", "description", "place"),
        filtered=("status", "kind", "post", "community"),
        imported=("code", "post", "place", "kind", "description", "found_on", "found_by"),
        synonyms=(
            ("code", ("问题编号",)),
            ("post", ("岗位", "发现岗位")),
            ("description", ("问题", "具体情况", "内容")),
            ("found_on", ("日期", "发现时间")),
            ("kind", ("问题类型", "类别")),
        ),
        natural_key=("code",),
        exported=(
            "code",
            "kind",
            "post",
            "place",
            "description",
            "found_on",
            "found_by",
            "status",
            "settled_on",
            "how_defused",
            "escalated_to",
            "escalated_code",
        ),
    )
)


REPORT = register(
    Facets(
        ProgressReport,
        form=(
            "community",
            "code",
            "organization",
            "period_kind",
            "year",
            "number",
            "summary",
            "heard_at",
        ),
        listed=("organization", "period_kind", "year", "number", "due_on", "status"),
        searched=("organization__name", "organization__short_name", "=code"),
        filtered=("status", "period_kind", "year", "community"),
        imported=("organization", "period_kind", "year", "number", "summary"),
        synonyms=(
            ("organization", ("单位", "物业")),
            ("year", ("年",)),
            ("number", ("月", "月份", "季度")),
        ),
        natural_key=("organization", "period_kind", "year", "number"),
        exported=(
            "code",
            "organization",
            "period_kind",
            "year",
            "number",
            "summary",
            "due_on",
            "status",
            "heard_at",
        ),
    )
)
register(
    Facets(
        ProgressItem,
        form=("report", "position", "subject", "told", "state"),
        listed=("report", "position", "subject", "told", "state"),
        attachments=False,
    )
)


SELECTION = register(
    Facets(
        StewardSelection,
        form=(
            "community",
            "code",
            "title",
            "method",
            "places",
            "criteria",
            "opens_on",
            "closes_on",
            "announcement",
        ),
        listed=("title", "method", "places", "opens_on", "closes_on", "status"),
        searched=("title", "=code"),
        filtered=("status", "method", "community"),
        imported=("code", "title", "method", "places", "criteria", "opens_on", "closes_on"),
        natural_key=("code",),
        exported=(
            "code",
            "title",
            "method",
            "places",
            "opens_on",
            "closes_on",
            "status",
            "announcement",
        ),
        public=("code", "title", "method", "places", "opens_on", "closes_on", "announcement"),
        public_rows=announced_rounds,
    )
)
CANDIDATE = register(
    Facets(
        StewardCandidate,
        form=("selection", "name", "organization", "score", "votes"),
        listed=("selection", "name", "organization", "score", "votes", "chosen"),
        searched=("selection__title",),
        filtered=("selection", "chosen"),
        imported=("selection", "name", "organization", "score", "votes"),
        synonyms=(
            ("selection", ("评选", "评选名称", "评选编号")),
            ("name", ("候选人", "管家")),
            ("organization", ("所在单位", "物业公司")),
            ("score", ("得分",)),
            ("votes", ("得票", "得票数")),
        ),
        natural_key=("selection", "name", "organization"),
        exported=("selection", "name", "organization", "score", "votes", "chosen"),
        attachments=False,
    )
)


# --- what is held of people ----------------------------------------------------------------------


def _nobodys_shift(shift: Any) -> dict[str, Any]:
    return {"name": ANONYMOUS, "resident": None, "representative": None}


hold(
    Holding(
        code="duty_shifts",
        model=DutyShift,
        resident="resident",
        shown=("post", "day", "starts_at", "ends_at", "name"),
        anonymous=_nobodys_shift,
        kept_days=SHIFTS_KEPT_DAYS,
        since="day",
        done=lambda: Q(name=ANONYMOUS, resident__isnull=True, representative__isnull=True),
        label="先锋岗值班",
    )
)
