"""Verbs of progress reports: written, handed in, sent back, heard."""

from collections.abc import Sequence

from django.utils import timezone

from backend.core import gate
from backend.core.access import Actor
from backend.core.asking import asked_by, refusal
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
