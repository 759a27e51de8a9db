"""What waits for somebody: one registry, read by 今日待办, the badges, the lists and the API.

A register registers its kinds of work in its desk.py. Which rows wait is a queryset of the user;
"overdue" and "soon" follow from the day, and are stored nowhere.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from backend.core.access import scope, standing
from backend.core.desk.asking import told
from backend.core.desk.together import NO_TEXT, first_rows, in_one, no_day, text, word
from backend.core.roles import GRANTS

# More than that is "99+": nobody counts further to know that there is much to do.
MOST_COUNTED = 100
SHOWN_OF_A_KIND = 6
SOON = timedelta(days=3)
AHEAD_OF_A_KIND = 20


@dataclass(frozen=True)
class Waiting:
    """One kind of work. `title` and `about` are columns or expressions; names in them are masked."""

    code: str
    label: Any
    # What the button says, and to which verb of the record it leads; none: to its page.
    act: Any
    model: type[Any]
    rows: Callable[[Any], QuerySet[Any]]
    title: Any
    about: Any = NO_TEXT
    # The last day, as a column or expression; None where there is none, and nothing is overdue.
    due: Any = None
    verb: str = ""
    # The name of another page's address, and the column that it asks for.
    address: str = ""
    key: Any = field(default_factory=lambda: F("pk"))
    # False for what may wait: shown in its own place, never in the way of the others.
    pressing: bool = True
    # Whether `due` is the last day for it, which the agenda names; else the day of the thing itself,
    # which stands there anyway.
    deadline: bool = False
    # False for rows that change without a change set: their number is counted each time.
    noted: bool = True
    # Beside whose line of the sidebar its number stands, where that is not the model's own: a grid
    # is a setting, and walking it is a patrol.
    beside: type[Any] | None = None

    @property
    def stands_beside(self) -> str:
        """The label of the model beside whose line its number stands."""
        label: str = (self.beside or self.model)._meta.label
        return label


class Tally(NamedTuple):
    """How many records of a kind wait; of those, how many are late, and how many due soon."""

    waits: int = 0
    late: int = 0
    soon: int = 0


@dataclass(frozen=True)
class Line:
    """One record that waits."""

    kind: Waiting
    pk: int
    title: str
    about: str
    due: date | None
    tone: str
    # What the address of its action asks for.
    key: str = ""


@dataclass
class Group:
    """The records of one kind that wait: how many, how many late, and the first of them."""

    kind: Waiting
    count: int = 0
    late: int = 0
    soon: int = 0
    lines: list[Line] = field(default_factory=list)

    @property
    def many(self) -> bool:
        """Whether there are more than were counted."""
        return self.count >= MOST_COUNTED

    @property
    def further(self) -> int:
        """How many are not shown."""
        return max(self.count - len(self.lines), 0)

    @property
    def tone(self) -> str:
        """The worst of its lines."""
        tones = {line.tone for line in self.lines}
        return next((tone for tone in ("late", "soon") if tone in tones), "")


_KINDS: dict[str, Waiting] = {}


def waiting(kind: Waiting) -> Waiting:
    """Registers a kind of work."""
    _KINDS[kind.code] = kind
    return kind


def kind_of(code: str) -> Waiting | None:
    """A kind of work by its code."""
    return _KINDS.get(code)


def kinds_on(model: type[Any]) -> list[Waiting]:
    """The kinds of work whose records are of this model."""
    return [kind for kind in _KINDS.values() if kind.model is model]


def all_kinds() -> list[Waiting]:
    """Every kind of work, in the order in which the apps stand."""
    return list(_KINDS.values())


def rows_to_do(model: type[Any], user: Any, *verbs: str) -> QuerySet[Any]:
    """The rows that a user sees and may do one of these verbs on: what can wait for them at all."""
    return model._default_manager.visible_to(user).filter(  # type: ignore[no-any-return]
        reduce(or_, (may_do(model, user, verb) for verb in verbs))
    )


def may_do(model: type[Any], user: Any, verb: str) -> Q:
    """The rows on which a user may do a verb, as the gate would say of each."""
    where = scope(user, model.action(verb)) if model.action(verb) in GRANTS else None
    if where is not None and where.everywhere:
        return ~Q(pk__in=[])
    # As the gate asks: the whole community, the own estate, or the own organization's work.
    inside = Q(community__in=where.communities) if where is not None else Q(pk__in=[])
    if where is not None and model.by_estate and where.estates:
        inside |= Q(estate__in=where.estates)
    return inside | model.own_rows(user, verb)  # type: ignore[no-any-return]


def rows_waiting(code: str, user: Any) -> QuerySet[Any]:
    """The rows of one kind that wait for a user. Raises KeyError for an unknown code."""
    return _KINDS[code].rows(user)


def tone_of(due: date | None, today: date) -> str:
    """`late`, `soon` or nothing: what the day says about the hurry."""
    if due is None or due > today + SOON:
        return ""
    return "late" if due < today else "soon"


def counts(user: Any, *, noted: bool | None = None) -> dict[str, Tally]:
    """For each kind how many wait; bounded, one statement.

    `noted`: only the kinds whose changes leave a change set, or only the others.
    """
    rows = told(("counts", noted), standing(user), lambda: counting(user, noted))
    return {code: Tally(*numbers) for code, *numbers in rows}


def counting(user: Any, noted: bool | None) -> list[QuerySet[Any]]:
    """The parts of that statement: a kind's code, how many wait, are late, are due soon."""
    today = timezone.localdate()
    parts = []
    for kind in _KINDS.values():
        if noted is not None and kind.noted != noted:
            continue
        rows = kind.rows(user)
        order = []
        if kind.due is not None:
            rows, order = rows.alias(desk_due=kind.due), ["desk_due"]
        some = first_rows(rows, order, MOST_COUNTED)
        parts.append(
            some.alias(desk_due=kind.due if kind.due is not None else no_day())
            .values(desk_code=word(kind.code))
            .annotate(
                desk_count=Count("pk"),
                desk_late=Count("pk", filter=Q(desk_due__lt=today)),
                desk_soon=Count("pk", filter=Q(desk_due__gte=today, desk_due__lte=today + SOON)),
            )
            .values_list("desk_code", "desk_count", "desk_late", "desk_soon")
        )
    return parts


def groups(user: Any, counted: dict[str, Tally], shown: int = SHOWN_OF_A_KIND) -> list[Group]:
    """What waits, kind by kind, the most pressing first: one statement beside `counts`."""
    found = {
        code: Group(kind, *counted[code])
        for code, kind in _KINDS.items()
        if counted.get(code, Tally()).waits
    }
    today = timezone.localdate()
    for line in _lines((group.kind for group in found.values()), user, today, shown):
        found[line.kind.code].lines.append(line)
    for group in found.values():
        group.lines.sort(key=lambda line: (line.due or date.max, line.pk))
    order = {"late": 0, "soon": 1, "": 2}
    return sorted(found.values(), key=lambda group: order[group.tone])


def due_between(user: Any, first: date, last: date) -> list[Line]:
    """The work whose last day lies in a stretch of days, bounded: one statement."""
    dated = [kind for kind in _KINDS.values() if kind.deadline]
    today = timezone.localdate()
    return list(_lines(dated, user, today, AHEAD_OF_A_KIND, within=(first, last)))


def _lines(
    kinds: Iterable[Waiting],
    user: Any,
    today: date,
    most: int,
    within: tuple[date, date] | None = None,
) -> Iterable[Line]:
    parts = []
    for kind in kinds:
        due = kind.due if kind.due is not None else no_day()
        rows = kind.rows(user).alias(desk_due=due)
        if within is not None:
            rows = rows.filter(desk_due__gte=within[0], desk_due__lte=within[1])
        some = first_rows(rows, ["desk_due"] if kind.due is not None else [], most)
        parts.append(
            some.annotate(
                desk_code=word(kind.code),
                desk_title=text(kind.title),
                desk_about=text(kind.about),
                desk_due=due,
                desk_key=text(kind.key),
            ).values_list("desk_code", "pk", "desk_title", "desk_about", "desk_due", "desk_key")
        )
    for code, pk, title, about, due, key in in_one(parts):
        yield Line(_KINDS[code], pk, title or "", about or "", due, tone_of(due, today), key)
