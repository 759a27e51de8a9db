"""Inputs for the verbs on red partners, as `verbs.ASKED` wants them."""

import datetime
from typing import Any

from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.partners.models import (
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    ProgressReport,
    RedPartner,
    VanguardPost,
)
from backend.partners.reporting import make_report
from backend.people.models import Organization
from backend.places.models import Community
from tests.access.world import HOME

DAY = datetime.timedelta(days=1)


def _id(row: Any) -> str:
    return to_base64(type(row).__name__, row.pk)


def _of(model: Any, **wanted: Any) -> Any:
    return model.objects.filter(community__code=HOME, **wanted).order_by("pk")[0]


def joining() -> dict[str, Any]:
    """A body that is no partner yet."""
    body = _of(Organization, code="sifasuo")
    return {
        "organizationId": _id(body),
        "since": timezone.localdate().isoformat(),
        "idempotencyKey": "cell",
    }


def leaving() -> dict[str, Any]:
    """A partner without agreements."""
    body = _of(Organization, code="xinhe-juwei")
    today = timezone.localdate()
    row = gate.save(
        RedPartner(community=body.community, organization=body, since=today - DAY), by=SYSTEM
    )
    return {"partnerId": _id(row), "on": today.isoformat()}


def drafting() -> dict[str, Any]:
    """An agreement with the property company."""
    today = timezone.localdate()
    return {
        "partnerId": _id(_of(RedPartner)),
        "title": "补充协议",
        "startsOn": today.isoformat(),
        "endsOn": (today + 300 * DAY).isoformat(),
        "duties": [{"text": "设岗"}],
        "idempotencyKey": "cell",
    }


def agreement() -> dict[str, Any]:
    """The agreement in force: the rules may refuse the move."""
    return {"agreementId": _id(_of(CoBuildingAgreement)), "reason": "核对后办理"}


def posting() -> dict[str, Any]:
    """A post under it."""
    return {
        "agreementId": _id(_of(CoBuildingAgreement)),
        "name": "西门先锋岗",
        "place": "西门",
        "since": timezone.localdate().isoformat(),
        "idempotencyKey": "cell",
    }


def leaving_post() -> dict[str, Any]:
    """A post that stands."""
    post = _of(VanguardPost, until=None)
    return {"postId": _id(post), "on": timezone.localdate().isoformat()}


def planning() -> dict[str, Any]:
    """Somebody on the rota."""
    return {
        "postId": _id(_of(VanguardPost, until=None)),
        "day": timezone.localdate().isoformat(),
        "startsAt": "20:00:00",
        "endsAt": "21:00:00",
        "name": "值守丁",
        "idempotencyKey": "cell",
    }


def shift() -> dict[str, Any]:
    """A shift of the rota."""
    return {"shiftId": _id(_of(DutyShift))}


def finding() -> dict[str, Any]:
    """Something found away from any post: contacts find at their own posts alone."""
    return {
        "community": HOME,
        "place": "东门外",
        "kind": "PARKING",
        "description": "车位争执",
        "foundOn": timezone.localdate().isoformat(),
        "idempotencyKey": "cell",
    }


def _open_issue() -> dict[str, Any]:
    return {"issueId": _id(_of(IncipientIssue, status="found"))}


def defusing() -> dict[str, Any]:
    """An open issue."""
    return _open_issue() | {"how": "当面说开"}


def escalating() -> dict[str, Any]:
    """An open issue, and where to."""
    return _open_issue() | {"register": "DEMAND", "code": "sq-1"}


def reopening() -> dict[str, Any]:
    """A settled issue."""
    return {"issueId": _id(_of(IncipientIssue, status="defused")), "reason": "又起争执"}


def reporting() -> dict[str, Any]:
    """A report of a period that has none."""
    return {
        "organizationId": _id(_of(Organization, kind="property_company")),
        "periodKind": "QUARTER",
        "year": 2025,
        "number": 2,
        "items": [{"subject": "路灯"}],
        "idempotencyKey": "cell",
    }


def heard() -> dict[str, Any]:
    """A report."""
    return {"reportId": _id(_of(ProgressReport))}


def report() -> dict[str, Any]:
    """A report, and why."""
    return heard() | {"reason": "请补充"}


def report_changed() -> dict[str, Any]:
    """A draft, and what it says in general."""
    draft = ProgressReport(
        community=Community.objects.get(code=HOME),
        organization=_of(Organization, kind="property_company"),
        period_kind="quarter",
        year=2025,
        number=2,
    )
    made = make_report(draft, [("路灯", "", "under_way")], by=SYSTEM)
    return {"reportId": _id(made), "summary": "本期正常"}
