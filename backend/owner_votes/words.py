"""A count as people read it: exact, in square metres and heads, with what is still missing."""

from dataclasses import dataclass

from django.utils.translation import gettext

from backend.core.small_cells import no_small_cells
from backend.owner_votes.areas import area_text
from backend.owner_votes.choices import Opinion
from backend.owner_votes.counting import Measured, OwnerCount


@dataclass(frozen=True)
class Line:
    """One threshold in one measure."""

    label: str
    part: str
    whole: str
    share: str
    needed: str
    least: str
    reached: bool
    short_of: str


def percent(part: int, whole: int) -> str:
    """Rounded down, so that what is not reached never looks as if it were: 66.66% of two thirds."""
    if whole <= 0:
        return "—"
    hundredths = part * 10_000 // whole
    return f"{hundredths // 100}.{hundredths % 100:02}%"


def share_words(measured: Measured) -> str:
    """≥ 2/3, or > 1/2."""
    sign = ">" if measured.share.strict else "≥"
    return f"{sign} {measured.share.numerator}/{measured.share.denominator}"


def metres(area: int) -> str:
    """89.50 平方米."""
    return gettext("%(area)s 平方米") % {"area": area_text(area)}


def heads(count: int) -> str:
    """3 户."""
    return gettext("%(count)s 户") % {"count": count}


def lines_of(count: OwnerCount) -> list[tuple[str, bool, list[Line]]]:
    """The two thresholds: name, whether it is reached, and its two measures."""
    return [
        (
            gettext("参加表决"),
            count.enough_take_part,
            [
                _area(gettext("参加表决的面积"), count.area_taking_part),
                _heads(gettext("参加表决的户数"), count.heads_taking_part),
            ],
        ),
        (
            gettext("同意（占参加表决的）"),
            count.enough_agree,
            [
                _area(gettext("同意的面积"), count.area_agreeing),
                _heads(gettext("同意的户数"), count.heads_agreeing),
            ],
        ),
    ]


def in_words(count: OwnerCount) -> str:
    """What the count comes to, in a sentence; with what is missing."""
    if count.carried:
        return gettext("参加表决和同意的面积、户数都达到规定。")
    missing = []
    for name, reached, lines in lines_of(count):
        if reached:
            continue
        short = [
            gettext("%(what)s还差 %(much)s") % {"what": line.label, "much": line.short_of}
            for line in lines
            if not line.reached
        ]
        missing.append(f"{name}：" + "，".join(short))
        break  # What agrees is only asked once enough take part.
    return "；".join(missing) + "。"


def opinions_of(count: OwnerCount) -> list[tuple[str, str, str]]:
    """Each opinion with its area and heads, for the staff who counted them."""
    return [
        (str(o.label), metres(count.areas.get(o, 0)), heads(count.heads.get(o, 0))) for o in Opinion
    ]


def opinions_for_everybody(count: OwnerCount) -> list[tuple[str, str, str]]:
    """The same for a notice: nothing where a few would be known by the size of their rooms."""
    apart = {str(o): count.heads.get(o, 0) for o in (Opinion.AGAINST, Opinion.ABSTAIN)}
    if None in no_small_cells(apart).values():
        return []
    return opinions_of(count)


def _area(label: str, measured: Measured) -> Line:
    return Line(
        label,
        metres(measured.part),
        metres(measured.whole),
        percent(measured.part, measured.whole),
        share_words(measured),
        metres(measured.least),
        measured.reached,
        metres(measured.short_of),
    )


def _heads(label: str, measured: Measured) -> Line:
    return Line(
        label,
        heads(measured.part),
        heads(measured.whole),
        percent(measured.part, measured.whole),
        share_words(measured),
        heads(measured.least),
        measured.reached,
        heads(measured.short_of),
    )
