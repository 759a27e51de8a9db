"""Verbs on what people ask of their own data."""

from dataclasses import replace
from typing import Any

from django.utils import timezone

from backend.accounts.actions import in_person
from backend.core import gate
from backend.core.access import Actor, require
from backend.core.asking import asked_by, refusal
from backend.core.disclosures import log_export
from backend.core.errors import not_found
from backend.messaging.actions import Recipient, tell
from backend.people.models import Resident
from backend.privacy import rules
from backend.privacy.choices import Identified
from backend.privacy.erasing import Erased, erase_resident
from backend.privacy.models import SubjectRequest, is_nobody
from backend.privacy.showing import Held, held_about


def ask(
    kind: str,
    resident: Resident,
    *,
    by: Actor,
    details: str = "",
    identified: str = Identified.KNOWN,
) -> SubjectRequest:
    """What somebody asks at the desk, taken down.

    Raises: identified_otherwise; correction_empty; already_erased; not_allowed.
    """
    rules.identified_at_the_desk(identified)
    rules.is_still_there(is_nobody(resident))
    return gate.save(_request(kind, resident, details, identified), by=by)


def ask_for_oneself(kind: str, *, by: Actor, details: str = "") -> SubjectRequest:
    """What the resident behind an account asks of their own data.

    Raises: not_found without a resident behind the account; correction_empty; not_allowed for an
        API key.
    """
    in_person(by)
    resident = resident_of(by.user)
    # Not the desk's right, but everybody's own: the account proves who asks.
    own = replace(by, system=True)
    return gate.save(_request(kind, resident, details, Identified.ACCOUNT), by=own)


def resident_of(user: Any) -> Resident:
    """The resident behind an account. Raises: not_found."""
    resident = Resident.objects.filter(user=user.pk).first()
    if resident is None:
        raise not_found("与您的账号对应的居民，请到社区服务窗口关联账号")
    return resident


def _request(kind: str, resident: Resident, details: str, identified: str) -> SubjectRequest:
    return SubjectRequest(
        community_id=resident.community_id,
        kind=kind,
        resident=resident,
        asked_on=timezone.localdate(),
        identified=identified,
        details=details,
    )


def finish_request(request: SubjectRequest, *, by: Actor, reason: str = "") -> SubjectRequest:
    """The request, done; its person is told. Raises: erase_needs_confirmation; wrong_state;
    not_allowed.
    """
    return _settle(
        request,
        "finish",
        by,
        reason,
        guard=_is_confirmed_apart,
    )


def _is_confirmed_apart(request: SubjectRequest) -> None:
    rules.erasure_is_confirmed_apart(request.kind)


def why_request_cannot(request: SubjectRequest, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    return refusal(lambda: _is_confirmed_apart(request)) if verb == "finish" else None


asked_by(SubjectRequest, lambda row, verb, by: why_request_cannot(row, verb))


def refuse_request(request: SubjectRequest, *, by: Actor, reason: str) -> SubjectRequest:
    """The request, refused for a reason; its person is told.

    Raises: reason_required; wrong_state; not_allowed.
    """
    return _settle(request, "refuse", by, reason)


def _settle(
    request: SubjectRequest, verb: str, by: Actor, reason: str, guard: Any = None
) -> SubjectRequest:
    with gate.change_set(
        f"{verb} request", by=by, community_id=request.community_id, reason=reason
    ) as changes:
        moved = gate.move(request, verb, by=by, reason=reason, guard=guard, within=changes)
        outcome = moved.get_status_display()
        tell(
            [Recipient(resident=moved.resident)],
            "subject_request_done",
            {
                "request": moved.get_kind_display(),
                "outcome": f"{outcome}：{reason}" if reason else outcome,
            },
            community=moved.community,
            once_key=f"request {moved.pk} settled",
        )
    return moved


def print_held(request: SubjectRequest, *, by: Actor) -> list[Held]:
    """Everything held about the person of an open request, in full; written down as a disclosure.

    Raises: not_allowed; wrong_state for a request that is settled; already_erased.
    """
    require(by, "requests.edit", request.community_id)
    rules.request_is_open(request.status)
    rules.is_still_there(is_nobody(request.resident))
    held = held_about(request.resident)
    log_export(
        Resident,
        {request.community_id: [request.resident_id]},
        by=by,
        reason=f"本人请求 {request.code}",
        whole=True,
        details="、".join(table.label for table in held),
    )
    return held


def carry_out_erasure(request: SubjectRequest, *, by: Actor, reason: str = "") -> Erased:
    """Erases the person of a request to erase. Raises: as erase_resident."""
    return erase_resident(request.resident, by=by, reason=reason, request=request)


REQUEST_VERBS = {
    "finish": finish_request,
    "refuse": refuse_request,
}
