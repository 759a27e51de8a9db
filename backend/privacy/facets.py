"""What of personal data is shown where, and what the tables here and below hold of people."""

from datetime import datetime
from typing import Any

from django.apps import apps
from django.contrib.admin.models import LogEntry
from django.contrib.sessions.models import Session
from django.db.models import Q
from django.utils import timezone

from backend.core import gate, history
from backend.core.disclosures import DISCLOSURES_KEPT_DAYS, drop_old_disclosures
from backend.core.facets import Facets, register
from backend.core.gate_forget import blank, rewrite_history
from backend.core.holdings import Expiring, Holding, all_holdings, expires, hold
from backend.core.models import ChangePart, IdempotencyKey
from backend.privacy.models import (
    CommunityPrivacy,
    IdentityNumber,
    RetentionRule,
    SubjectRequest,
)

YEAR = 365

register(
    Facets(
        SubjectRequest,
        form=("community", "kind", "resident", "asked_on", "identified", "details"),
        listed=("code", "kind", "resident", "asked_on", "identified", "status"),
        searched=("code",),
        filtered=("status", "kind"),
    )
)
register(
    Facets(
        RetentionRule,
        form=("community", "holding", "days"),
        listed=("holding", "days", "community"),
        filtered=("community",),
        attachments=False,
    )
)
register(
    Facets(
        CommunityPrivacy,
        form=("community", "identity_numbers_on", "party_membership_on"),
        listed=("community", "identity_numbers_on", "party_membership_on"),
        attachments=False,
    )
)
register(
    Facets(
        IdentityNumber,
        form=("resident",),
        listed=("resident", "shown", "updated_at"),
        filtered=("community",),
        attachments=False,
    )
)


def _asked_by_nobody(request: Any) -> dict[str, Any]:
    """That something was asked and done stays; what was said of it does not."""
    return {"details": ""}


hold(
    Holding(
        code="requests",
        model=SubjectRequest,
        resident="resident",
        shown=("kind", "asked_on", "identified", "details", "status"),
        anonymous=_asked_by_nobody,
        kept_days=3 * YEAR,
        since="asked_on",
        done=lambda: Q(details=""),
        label="本人请求",
    )
)
hold(
    Holding(
        code="identity_numbers",
        model=IdentityNumber,
        resident="resident",
        shown=("shown",),
        anonymous=lambda row: {"sealed": "", "digest": "", "key_name": "", "shown": ""},
        done=lambda: Q(digest=""),
        label="身份证号",
    )
)


def _old_sessions(before: datetime) -> int:
    return gate.drop_notes(Session.objects.filter(expire_date__lt=timezone.now()))


def _old_admin_log(before: datetime) -> int:
    return gate.drop_notes(LogEntry.objects.filter(action_time__lt=before))


def _old_keys(before: datetime) -> int:
    return gate.drop_notes(IdempotencyKey.objects.filter(made_at__lt=before))


def _old_history(before: datetime) -> int:
    """That something changed, when, and by whom stays; names, phones and free text go."""
    holdings = {h.model._meta.label: h for h in all_holdings()}

    def look_at(part: ChangePart) -> Any:
        model = apps.get_model(part.model)
        holding = holdings.get(part.model)
        names = set(getattr(model, "personal", {})) | (holding.texts if holding else set())

        def look(pk: int, values: history.Values) -> bool:
            held = any(values.get(name) not in (None, "") for name in names)
            blank(values, names)
            return held

        return look if names else None

    return rewrite_history(ChangePart.objects.filter(change_set__recorded_at__lt=before), look_at)


expires(Expiring("sessions", "登录状态", 14, _old_sessions))
expires(Expiring("admin_log", "管理页操作日志", 3 * YEAR, _old_admin_log))
expires(Expiring("idempotency", "接口防重复的标记", 90, _old_keys))
expires(Expiring("disclosures", "查阅记录", DISCLOSURES_KEPT_DAYS, drop_old_disclosures))
expires(Expiring("history", "变更记录里的个人信息", 3 * YEAR, _old_history))
