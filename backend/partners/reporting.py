"""Verbs of progress reports: written, handed in, sent back, heard."""

from collections.abc import Sequence

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
from backend.core.models import Transition
from backend.partners import report_rules
from backend.partners.models import ProgressItem, ProgressReport


def make_report(
    report: ProgressReport, items: Sequence[tuple[str, str, str]], *, by: Actor
) -> ProgressReport:
    """A draft with its items (subject, what is told, state), in their order.

    Raises: what the gate raises.
    """
    with gate.change_set("make report", by=by, community_id=report.community_id) as changes:
        gate.save(report, by=by, within=changes)
        rows = [
            ProgressItem(
                community_id=report.community_id,
                report=report,
                position=number,
                subject=subject,
                told=told,
                state=state,
            )
            for number, (subject, told, state) in enumerate(items, start=1)
        ]
        gate.save_many(rows, by=by, within=changes)
    return report


def revise_report(
    report: ProgressReport,
    summary: str,
    items: Sequence[tuple[str, str, str]],
    *,
    by: Actor,
    seen: int | None = None,
) -> ProgressReport:
    """The draft as it now reads: these are its items, no others; `seen` is the revision that the
    writer has seen.

    Raises: report_submitted; changed_meanwhile; what the gate raises.
    """
    with gate.change_set("revise report", by=by, community_id=report.community_id) as changes:
        fresh = gate.hold(report)
        if seen is not None:
            fresh.revision = seen
        fresh.summary = summary
        saved = gate.save(fresh, by=by, within=changes)
        stored = list(saved.items.order_by("position", "pk"))
        gate.delete_many(stored[len(items) :], by=by, within=changes, action="edit")
        rows = []
        for number, (subject, told, state) in enumerate(items, start=1):
            new = ProgressItem(community_id=saved.community_id, report=saved)
            row = stored[number - 1] if number <= len(stored) else new
            row.position, row.subject, row.told, row.state = number, subject, told, state
            rows.append(row)
        gate.save_many(rows, by=by, within=changes)
    return saved


def sent_back_because() -> Subquery:
    """Why a report was sent back the last time, as an expression; null if it never was."""
    rows = Transition.objects.filter(
        model=ProgressReport._meta.label, object_id=OuterRef("pk"), move="withdraw"
    )
    return Subquery(rows.order_by("-pk").values("reason")[:1])


def submit(report: ProgressReport, *, by: Actor) -> ProgressReport:
    """The report, handed in.

    Raises: wrong_state; report_without_items; period_not_begun; not_allowed.
    """
    return gate.move(report, "submit", by=by, guard=_may_be_submitted)


def _may_be_submitted(report: ProgressReport) -> None:
    first, _last = report_rules.period(report.period_kind, report.year, report.number)
    report_rules.may_be_submitted(report.items.count(), first, timezone.localdate())


def why_report_cannot(report: ProgressReport, verb: str) -> str | None:
    """What a rule has against a move that the diagram allows; None for nothing."""
    return refusal(lambda: _may_be_submitted(report)) if verb == "submit" else None


asked_by(ProgressReport, lambda row, verb, by: why_report_cannot(row, verb))


def withdraw(report: ProgressReport, *, by: Actor, reason: str) -> ProgressReport:
    """The report, a draft again: something is missing.

    Raises: wrong_state; reason_required; not_allowed.
    """
    return gate.move(report, "withdraw", by=by, reason=reason)


def hear(report: ProgressReport, *, by: Actor, at: str = "") -> ProgressReport:
    """The report, heard by the community; `at` says on what occasion.

    Raises: wrong_state; text_has_personal_data; not_allowed.
    """
    name = f"hear {ProgressReport._meta.label}"
    with gate.change_set(name, by=by, community_id=report.community_id) as changes:
        moved = gate.move(report, "hear", by=by, within=changes)
        if at.strip():
            moved.heard_at = at.strip()
            gate.save(moved, by=by.vouched_for(), within=changes)
    return moved


REPORT_VERBS = {
    "submit": lambda row, *, by, reason: submit(row, by=by),
    "withdraw": lambda row, *, by, reason: withdraw(row, by=by, reason=reason),
    "hear": lambda row, *, by, reason: hear(row, by=by),
}
