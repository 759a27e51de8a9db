"""Rules of the ground floor: pure functions."""

from backend.core.errors import RuleViolation
from backend.core.publication import Kind, findings_in

SHORTEST_REASON = 4
LONGEST_REASON = 200


def reason_says_why(reason: str) -> None:
    """Raises: reason_too_short; reason_too_long; text_has_personal_data.

    The log of reads outlives what was read: no phone and no identity number may stay in it.
    """
    said = [character for character in reason if character.isalnum()]
    if len(said) < SHORTEST_REASON or len(set(said)) < SHORTEST_REASON - 1 or _only_digits(said):
        raise RuleViolation(
            "reason_too_short",
            f"请写明查看的原因，至少 {SHORTEST_REASON} 个字，例如“电话通知活动改期”。",
            field="reason",
        )
    if len(reason) > LONGEST_REASON:
        raise RuleViolation(
            "reason_too_long", f"原因最多 {LONGEST_REASON} 个字，请写得简短些。", field="reason"
        )
    if any(found.kind in (Kind.PHONE, Kind.IDENTITY) for found in findings_in(reason)):
        raise RuleViolation(
            "text_has_personal_data",
            "原因会长期留在查阅记录里，请不要写电话或身份证号，只写要办的事。",
            field="reason",
        )


def _only_digits(said: list[str]) -> bool:
    return all(character.isdigit() for character in said)
