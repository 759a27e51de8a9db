"""专有面积: whole hundredths of a square metre, read and written exactly. No binary fraction is met."""

import re

from backend.core.errors import RuleViolation

# 100 000 m²: no room of ours is larger, and a figure that is has lost its point.
LARGEST = 10_000_000
_AREA = re.compile(r"(?P<whole>\d{1,3}(?:,\d{3})+|\d{1,9})(?:\.(?P<part>\d+))?", re.ASCII)
_UNIT = re.compile(r"(?:平方米|平米|平方|平|m2|m\^2|㎡|sqm)$", re.IGNORECASE)


def area_of(text: str) -> int:
    """The hundredths that half-width text tells: 89.5, 89.50m2, 1,089平方米.

    Raises: area_unreadable; area_too_fine; area_invalid.
    """
    found = _AREA.fullmatch(_UNIT.sub("", text.replace(" ", "")))
    if found is None:
        raise RuleViolation(
            "area_unreadable", "面积应是一个数，单位平方米，例如 89.5。", field="area"
        )
    part = (found["part"] or "").rstrip("0")
    if len(part) > 2:
        raise RuleViolation(
            "area_too_fine", "面积最多两位小数，请按不动产登记的面积填写。", field="area"
        )
    area = int(found["whole"].replace(",", "")) * 100 + int(part.ljust(2, "0"))
    area_is_credible(area)
    return area


def area_text(area: int | None) -> str:
    """Hundredths as people read them: 8950 is 89.50."""
    return "" if area is None else f"{area // 100}.{area % 100:02}"


def area_is_credible(area: int | None) -> None:
    """Raises: area_invalid. Hundredths of a square metre."""
    if area is not None and not 1 <= area <= LARGEST:
        raise RuleViolation(
            "area_invalid",
            "面积应大于 0、不超过 100000 平方米，最多两位小数，请核对。",
            field="area",
        )
