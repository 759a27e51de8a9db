"""诉求台账: which steps a row tells of. Pure functions; the verbs carry them out.

What nobody wrote down is inferred, and flagged in the history; what contradicts itself is an error.
"""

from collections.abc import Sequence
from datetime import datetime

from backend.core.errors import RuleViolation
from backend.demands import ledger_words as words
from backend.demands.choices import DemandStatus as D
from backend.demands.replaying import Step

ENTERED = "据诉求台账录入"
INFERRED = "补录：台账没有写，按常规推定"

# How far along each state is: a ledger that says less than is known says nothing new.
_BEFORE_HANDLER = (D.REGISTERED, D.RETURNED, D.REOPENED)
_OVER = (D.CLOSED, D.DUPLICATE, D.INVALID)


def steps_to(
    status: str,
    outcome: str,
    *,
    received: datetime,
    done: datetime,
    result: str,
    organization: int | None,
    satisfied: bool | None,
) -> list[Step]:
    """The steps from a state to what a row tells; none where it tells nothing new.

    Raises: handler_not_told where an explained end has nobody who tried.
    """
    if status in _OVER or outcome == words.REGISTERED:
        return []
    if outcome == words.INVALID:
        return _struck_out(status, done, result)
    if outcome in (words.ASSIGNED, words.UNDER_WAY):
        if organization is None:
            return []
        return _to_work(status, received, organization, begun=outcome == words.UNDER_WAY)
    if outcome == words.EXPLAINED:
        return _explained(status, received, done, result, organization)
    return _resolved(status, received, done, result, organization, satisfied)


def _struck_out(status: str, done: datetime, result: str) -> list[Step]:
    if status in (D.REGISTERED, D.ASSIGNED, D.RETURNED):
        return [Step("mark_invalid", done, result or ENTERED)]
    return []


def _to_work(status: str, at: datetime, organization: int, *, begun: bool = True) -> list[Step]:
    """Until somebody works on it."""
    steps = []
    if status in _BEFORE_HANDLER:
        steps.append(Step("assign", at, ENTERED, organization))
    if begun and status in (*_BEFORE_HANDLER, D.ASSIGNED):
        steps.append(Step("take_up", at, INFERRED))
    return steps


def _explained(
    status: str, received: datetime, done: datetime, result: str, organization: int | None
) -> list[Step]:
    steps: list[Step] = []
    if status in _BEFORE_HANDLER and organization is None:
        raise RuleViolation(
            "handler_not_told", "写了无法解决，请写明由哪个单位办理的。", field="handler"
        )
    if status in (D.RESOLVED, D.CONFIRMED):
        return []
    if status != D.UNRESOLVABLE_EXPLAINED:
        steps = _to_work(status, received, organization or 0)
        steps.append(Step("explain_unresolvable", done, result or ENTERED))
    return [*steps, Step("close", done, INFERRED)]


def _resolved(
    status: str,
    received: datetime,
    done: datetime,
    result: str,
    organization: int | None,
    satisfied: bool | None,
) -> list[Step]:
    if status == D.UNRESOLVABLE_EXPLAINED:
        return []
    steps: list[Step] = []
    if status == D.REGISTERED and organization is None:
        steps.append(Step("resolve_on_the_spot", done, result or ENTERED))
    elif status not in (D.RESOLVED, D.CONFIRMED):
        if organization is None and status == D.RETURNED:
            raise RuleViolation(
                "handler_not_told", "这条诉求退回过，请写明由哪个单位办理的。", field="handler"
            )
        if status == D.REOPENED and organization is None:
            steps.append(Step("take_up", received, INFERRED))
        else:
            steps += _to_work(status, received, organization or 0)
        steps.append(Step("resolve", done, result or ENTERED))
    if status != D.CONFIRMED:
        said = ENTERED if satisfied is not None else INFERRED
        steps.append(Step("confirm", done, said, satisfied=satisfied))
    return [*steps, Step("close", done, INFERRED)]


def later_of(*moments: datetime | None) -> datetime:
    """The latest of those that are told."""
    told: Sequence[datetime] = [moment for moment in moments if moment is not None]
    return max(told)
