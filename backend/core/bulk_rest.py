"""Of more records than one step takes at once, which are left: those after the last one seen.

They travel in the form, from the list to the page that asks and on to the page that tells, whose button
goes on with them. Whoever sends another form chooses other records of theirs, and no more.
"""

from dataclasses import asdict, dataclass
from typing import Any

from django.contrib.admin import helpers
from django.db.models import Q, QuerySet
from django.http import QueryDict

from backend.core.numbers import whole_number

_AFTER, _LEFT, _ACROSS, _FURTHER = "after", "left", "across", "further"
# Rows that a list shows at most on one page: more cannot be ticked by hand.
_MOST_TICKED = 200


@dataclass(frozen=True)
class Rest:
    """How many wait for the next step, behind which key; ticked by hand, or all of the list."""

    left: int = 0
    after: int = 0
    across: bool = False
    further: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self.left > 0

    def put_into(self, form: QueryDict) -> None:
        """Into what the page that asks reads."""
        form[_LEFT], form[_AFTER], form[_ACROSS] = str(self.left), str(self.after), ""
        if self.across:
            form[_ACROSS] = "1"
        form.setlist(_FURTHER, [str(pk) for pk in self.further])

    def kept(self) -> dict[str, Any]:
        """For the session."""
        return asdict(self)

    @property
    def chosen(self) -> tuple[int, ...]:
        """What is sent as ticked when it goes on: Django's list wants something, whatever it is."""
        return self.further if not self.across else (self.after,)

    @property
    def ticked_name(self) -> str:
        """The name under which a list sends what is ticked."""
        return str(helpers.ACTION_CHECKBOX_NAME)


def first_of(
    rows: QuerySet[Any], form: QueryDict, most: int, fitting: Q | None = None
) -> tuple[list[int], Rest, int]:
    """The keys of the first of the rows that a list's form chose, in the order in which they were
    entered; the rest; and how many were put aside. A form that goes on names the last key seen.

    Of more than one step takes, those in another state are put aside: nobody should have to look
    through pages of them. Where all are, the page says so.
    """
    after = whole_number(form.get(_AFTER, "")) or 0
    across = form.get("select_across") in ("1", "on", "True", "true")
    rows = rows.filter(pk__gt=after).order_by("pk")
    keys = list(rows.values_list("pk", flat=True)[: most + 1])
    aside = 0
    if len(keys) > most and fitting is not None and rows.filter(fitting).exists():
        aside, rows = rows.exclude(fitting).count(), rows.filter(fitting)
        keys = list(rows.values_list("pk", flat=True)[: most + 1])
    if len(keys) <= most:
        return keys, Rest(), aside
    last = keys[most - 1]
    behind = rows.filter(pk__gt=last)
    if across:
        return keys[:most], Rest(behind.count(), last, True), aside
    further = tuple(behind.values_list("pk", flat=True)[:_MOST_TICKED])
    return keys[:most], Rest(len(further), last, False, further), aside


def rest_in(form: QueryDict) -> Rest:
    """As the page that asks sends it back."""
    keys = (whole_number(text) for text in form.getlist(_FURTHER)[:_MOST_TICKED])
    return Rest(
        whole_number(form.get(_LEFT, "")) or 0,
        whole_number(form.get(_AFTER, "")) or 0,
        form.get(_ACROSS) == "1",
        tuple(pk for pk in keys if pk is not None),
    )


def rest_from(kept: Any) -> Rest:
    """As the session has it."""
    if not isinstance(kept, dict):
        return Rest()
    return Rest(**{**kept, "further": tuple(kept.get("further", ()))})
