"""Which event a sign-in sheet is of, by what stands above its header: never guessed, asked."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.utils import timezone
from rapidfuzz import fuzz

from backend.education import rules
from backend.education.models import LegalEducationEvent
from backend.imports.directions import Choice, Directions
from backend.imports.titles import Titles, same_name

UNCLEAR, MISSING = "event_unclear", "event_missing"
# The keys of answers that say which event: of either problem, or in short.
_ANSWERS = (UNCLEAR, MISSING, "event")
# So many events are offered.
OFFERED = 12
# From here on two titles are perhaps one (0 to 100).
_ALIKE = 80


def answered_event(community: Any, directions: Directions) -> LegalEducationEvent | None:
    """The event that staff have said, if it is one of the community's."""
    for key in _ANSWERS:
        code = directions.answers.get(key)
        if code:
            return LegalEducationEvent.objects.filter(community=community, code=code).first()
    return None


def events_of_titles(
    community: Any, titles: Titles
) -> tuple[LegalEducationEvent | None, list[LegalEducationEvent]]:
    """The one event that title and day name; or else none, and those that may be meant.

    The title must be the event's own, and the day, where the sheet gives one, too.
    """
    events = LegalEducationEvent.objects.filter(community=community)
    on_day = [] if titles.day is None else [e for e in events if _is_on(e, titles)]
    if not titles.names:
        return None, on_day
    wanted = {same_name(name) for name in titles.names}
    wanted |= {name.removeprefix(same_name(community.name)) for name in wanted}
    called = [event for event in events if same_name(event.title) in wanted]
    exact = called if titles.day is None else [e for e in called if _is_on(e, titles)]
    if len(exact) == 1:
        return exact[0], []
    if exact:
        return None, exact
    alike = [event for event in events if _alike(same_name(event.title), wanted)]
    return None, list(dict.fromkeys([*called, *on_day, *alike]))


def _is_on(event: LegalEducationEvent, titles: Titles) -> bool:
    first = timezone.localtime(event.starts_at).date()
    last = timezone.localtime(event.ends_at).date()
    return titles.day is not None and first <= titles.day <= last


def _alike(title: str, wanted: set[str]) -> bool:
    return any(
        fuzz.ratio(title, name) >= _ALIKE or (len(title) >= 4 and title in name) for name in wanted
    )


def event_choices(events: Sequence[LegalEducationEvent]) -> tuple[Choice, ...]:
    """Events as one chooses among them: those that take attendance, the youngest first."""
    offered = [event for event in events if event.status in rules.RECORDABLE]
    offered.sort(key=lambda event: event.starts_at, reverse=True)
    return tuple(Choice(event.code, _label(event), alike=True) for event in offered[:OFFERED])


def recent_events(community: Any) -> list[LegalEducationEvent]:
    """The last events that take attendance."""
    soon = timezone.now() + timedelta(days=1)
    found = LegalEducationEvent.objects.filter(
        community=community, status__in=rules.RECORDABLE, starts_at__lte=soon
    )
    return list(found.order_by("-starts_at", "-pk")[:OFFERED])


def _label(event: LegalEducationEvent) -> str:
    # Events of a series share their title.
    return f"{event.title}（{timezone.localtime(event.starts_at):%Y-%m-%d %H:%M}，{event.code}）"


def differs(event: LegalEducationEvent, titles: Titles) -> tuple[str, str] | None:
    """Code and message where a sheet's titles speak of another event than the one it goes to."""
    day = timezone.localtime(event.starts_at).date()
    other_day = titles.day is not None and not _is_on(event, titles)
    when = f"（{titles.day:%Y-%m-%d}）" if other_day else ""
    title = titles.values.get("名称")
    if title and same_name(title) != same_name(event.title):
        return (
            "event_title_differs",
            f"表上写的活动是“{title}”{when}，将导入到“{event.title}”，请确认没有选错活动。",
        )
    if other_day:
        return (
            "event_day_differs",
            f"表上写的日期是 {titles.day:%Y-%m-%d}，将导入到 {day:%Y-%m-%d} 的“{event.title}”，"
            "请确认没有选错活动。",
        )
    return None
