"""Verbs of service records: telling hours, verifying those of others, taking back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor, may, may_within
from backend.core.asking import asked_by
from backend.core.edits import edited_by
from backend.core.errors import ManyViolations, RuleViolation, not_allowed
from backend.volunteers import rules
from backend.volunteers.certifying import require_uncertified
from backend.volunteers.choices import RecordSource, VolunteerStatus
from backend.volunteers.models import ServiceRecord, Volunteer
from backend.volunteers.oneself import people_behind
from backend.volunteers.telling import tell_of_hours
from backend.volunteers.volunteering import is_oneself, own_resident

BY_THEMSELVES = "本人撤回"


@dataclass
class Judged:
    """What came of verifying many: the records verified, and why others were not."""

    verified: list[ServiceRecord] = field(default_factory=list)
    refused: list[RuleViolation] = field(default_factory=list)


def save_record(record: ServiceRecord, *, by: Actor, reason: str = "") -> ServiceRecord:
    """Writes hours, new or changed: staff those of others, a volunteer the own ones.

    Raises: records_overlap; record_in_future; interval_too_long; nothing_left; purpose_missing;
        volunteer_left; hours_are_fixed; not_allowed; what the gate raises.
    """
    own = is_oneself(record.volunteer, by)
    if own:
        record.source = RecordSource.OWN_ENTRY
    if record.pk is None:
        record.entered_by = by.user
    else:
        # Where hours come from is told once: by it, one's own entry is known.
        stored = ServiceRecord.objects.filter(pk=record.pk).values_list("source", flat=True)
        record.source = stored.first() or record.source
    acting = by
    if not by.system and not may(by, "service_hours.edit", record.community_id):
        if not own or not may_within(by, "service_hours.submit", record.community_id):
            raise not_allowed()
        acting = by.vouched_for()
    return gate.save(record, by=acting, reason=reason)


edited_by(ServiceRecord, save_record)


def submit_hours(community_id: int, *, by: Actor, **values: Any) -> ServiceRecord:
    """The actor's own hours, waiting for somebody to verify them.

    Raises: not_a_volunteer; what `save_record` raises.
    """
    if not may_within(by, "service_hours.submit", community_id):
        raise not_allowed()
    person = own_resident(community_id, by)
    volunteer = None
    if person is not None:
        serving = (VolunteerStatus.ACTIVE, VolunteerStatus.PAUSED)
        volunteer = Volunteer.objects.filter(resident=person, status__in=serving).first()
    if volunteer is None:
        raise RuleViolation(
            "not_a_volunteer", "您还不是本社区的志愿者，请先申请；通过后再填报时长。"
        )
    record = ServiceRecord(community_id=community_id, volunteer=volunteer, **values)
    return save_record(record, by=by)


def withdraw(record: ServiceRecord, *, by: Actor, reason: str = "") -> ServiceRecord:
    """Hours that nobody has judged yet, withdrawn by the volunteer, or by staff with a reason.

    Raises: wrong_state; reason_required; not_allowed.
    """
    own = is_oneself(record.volunteer, by)
    if own and may_within(by, "service_hours.submit", record.community_id):
        by, reason = by.vouched_for(), reason or BY_THEMSELVES
    return gate.move(record, "withdraw", by=by, reason=reason)


def verify(record: ServiceRecord, *, by: Actor) -> ServiceRecord:
    """The record, verified by somebody else than the volunteer.

    Raises: own_hours; wrong_state; not_allowed.
    """
    try:
        return _verify([record], by)[0]
    except ManyViolations as refused:
        raise refused.by_index[0] from None


def verify_all(records: Sequence[ServiceRecord], *, by: Actor) -> list[ServiceRecord]:
    """All of the records, verified by somebody else than their volunteers; or none.

    Raises: ManyViolations; not_allowed.
    """
    return _verify(records, by)


def verify_many(records: Sequence[ServiceRecord], *, by: Actor) -> Judged:
    """Verifies what may be verified of these, in one transaction; and says why others were not.

    Raises: not_allowed.
    """
    judged, left = Judged(), list(records)
    if not left:
        return judged
    try:
        judged.verified = _verify(left, by)
    except ManyViolations as refused:
        judged.refused = list(refused.by_index.values())
        left = [row for index, row in enumerate(left) if index not in refused.by_index]
        judged.verified = _verify(left, by) if left else []
    return judged


def reject(record: ServiceRecord, *, by: Actor, reason: str) -> ServiceRecord:
    """The record, rejected; the volunteer is told why.

    Raises: own_hours; wrong_state; reason_required; not_allowed.
    """
    with _changes("reject", [record], by, reason) as changes:
        moved = gate.move(
            record, "reject", by=by, reason=reason, guard=_by_another([record], by), within=changes
        )
        tell_of_hours(moved, "volunteer_hours_rejected", reason=reason)
    return moved


def take_back(record: ServiceRecord, *, by: Actor, reason: str) -> ServiceRecord:
    """Verified hours that count no longer.

    Raises: own_hours; record_certified while a valid certificate counts them; wrong_state;
        reason_required; not_allowed.
    """
    is_of_others = _by_another([record], by)

    def may_go(fresh: ServiceRecord) -> None:
        is_of_others(fresh)
        require_uncertified(fresh)

    return gate.move(record, "take_back", by=by, reason=reason, guard=may_go)


# The machine's verbs, by name: what buttons and mutations call.
RECORD_VERBS = {
    "verify": lambda row, *, by, reason: verify(row, by=by),
    "reject": lambda row, *, by, reason: reject(row, by=by, reason=reason),
    "withdraw": lambda row, *, by, reason: withdraw(row, by=by, reason=reason),
    "take_back": lambda row, *, by, reason: take_back(row, by=by, reason=reason),
}
# What volunteers do with the own hours.
OWN_VERBS = ("withdraw",)
_JUDGING = ("verify", "reject", "take_back")


def why_record_cannot(record: ServiceRecord, verb: str, by: Actor) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    try:
        if verb in _JUDGING:
            _by_another([record], by)(record)
        if verb == "take_back":
            require_uncertified(record)
    except RuleViolation as violation:
        return violation.message
    return None


asked_by(ServiceRecord, why_record_cannot)


# --- the steps -----------------------------------------------------------------------------------


def _verify(records: Sequence[ServiceRecord], by: Actor) -> list[ServiceRecord]:
    with _changes("verify", records, by) as changes:
        guard = _by_another(records, by)
        moved = gate.move_many(records, "verify", by=by, guard=guard, within=changes)
        now = timezone.now()
        for record in moved:
            record.verified_by, record.verified_at = by.user, now
        gate.save_many(moved, by=by.vouched_for(), within=changes)
    return moved


def _by_another(records: Iterable[ServiceRecord], by: Actor) -> Any:
    """A guard: the actor is none of those whose hours these are."""
    people = people_behind(record.volunteer_id for record in records)
    name = by.user.get_full_name() if by.user is not None else ""
    account = by.user.pk if by.user is not None else None

    def is_of_others(record: ServiceRecord) -> None:
        person = people[record.volunteer_id]
        accounts: set[int | None] = set(person.accounts)
        if record.source in (RecordSource.OWN_ENTRY, RecordSource.CHECK_IN):
            accounts = accounts | {record.entered_by_id}
        own = {pk for pk in accounts if pk is not None}
        rules.is_judged_by_another(account, own, name, person.name)

    return is_of_others


def _changes(verb: str, records: Sequence[ServiceRecord], by: Actor, reason: str = "") -> Any:
    communities = {record.community_id for record in records}
    return gate.change_set(
        f"{verb} {ServiceRecord._meta.label}",
        by=by,
        community_id=communities.pop() if len(communities) == 1 else None,
        reason=reason,
    )
