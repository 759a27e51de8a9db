"""Agenda items made of records: what waits in the registers, and putting it on the agenda."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from backend.core import gate
from backend.core.access import Actor
from backend.core.errors import not_found
from backend.core.origins import Origin, all_origins, origin_called
from backend.meetings import rules
from backend.meetings.choices import ItemKind
from backend.meetings.convening import left_over
from backend.meetings.holding import holding
from backend.meetings.models import ActionItem, AgendaItem, JointMeeting

# So many of one register are shown; whether there are more is said, and searching finds them.
MOST = 50
# So many are shown unfolded: a register of months would push the others off the page.
FIRST = 5
_LONGEST_TITLE, _LONGEST_TEXT, _LONGEST_PRESENTER = 200, 2000, 80


@dataclass(frozen=True)
class Candidate:
    """A record that may be put on the agenda."""

    kind: str
    code: str
    title: str
    text: str
    # The items that were made of it, the latest meeting first.
    listed: list[AgendaItem] = field(default_factory=list)


@dataclass(frozen=True)
class Candidates:
    """What waits in one register."""

    kind: str
    label: str
    found: list[Candidate]
    more: bool

    @property
    def others(self) -> int:
        """How many stand folded under the first ones."""
        return max(len(self.found) - FIRST, 0)


def listed_as(origin: Origin, codes: Iterable[str], community_id: int) -> QuerySet[AgendaItem]:
    """The agenda items that were made of these records, the latest meeting first."""
    rows = AgendaItem.objects.filter(
        community=community_id, origin_kind=origin.kind, origin_code__in=list(codes)
    )
    return rows.select_related("meeting").order_by("-meeting__starts_at", "-pk")


def candidates_for(
    meeting: JointMeeting, user: Any, *, kind: str = "", search: str = ""
) -> list[Candidates]:
    """What `user` sees waiting in each register, but for what stands on the agenda already.

    Two statements a register, however many rows wait.
    """
    here = set(meeting.items.exclude(origin_kind="").values_list("origin_kind", "origin_code"))
    found = []
    for origin in all_origins():
        if kind and origin.kind != kind:
            continue
        on_it = [code for its, code in here if its == origin.kind]
        rows = origin.candidates(user, meeting.community_id, search).exclude(code__in=on_it)
        records = list(rows[: MOST + 1])
        more, records = len(records) > MOST, records[:MOST]
        listed: dict[str, list[AgendaItem]] = {}
        made = listed_as(origin, (record.code for record in records), meeting.community_id)
        for item in made if records else ():
            listed.setdefault(item.origin_code, []).append(item)
        found.append(
            Candidates(
                origin.kind,
                origin.label,
                [
                    Candidate(
                        origin.kind,
                        record.code,
                        origin.title(record),
                        origin.text(record),
                        listed.get(record.code, []),
                    )
                    for record in records
                ],
                more,
            )
        )
    return found


def add_items_from(
    meeting: JointMeeting,
    chosen: Sequence[tuple[str, str]],
    *,
    by: Actor,
    kind: str = ItemKind.DELIBERATION,
) -> list[AgendaItem]:
    """Items behind the others, made of records (the register's kind, the record's code), all or none.

    What an earlier meeting left undone of the same matter is carried on by it.
    Raises: not_found for what does not wait, or the actor may not see; origin_on_agenda;
        meeting_is_fixed; not_allowed.
    """
    with holding(meeting, "add items of records", by=by) as (fresh, changes):
        rules.meeting_takes_changes(fresh.status)
        last = fresh.items.order_by("-position").values_list("position", flat=True).first() or 0
        left = {item.matter: item for item in left_over(fresh)[0]}
        rows: list[AgendaItem] = []
        for origin_kind, code in dict.fromkeys(chosen):
            origin, record = _waiting(origin_kind, code, fresh, by)
            row = _item_of(origin, record, fresh, kind)
            row.carried_from = left.get(row.matter)
            row.position = last + len(rows) + 1
            rows.append(row)
        gate.save_many(rows, by=by, within=changes)
    return rows


def _waiting(kind: str, code: str, meeting: JointMeeting, by: Actor) -> tuple[Origin, Any]:
    origin = origin_called(kind)
    if origin is None:
        raise not_found("来源")
    record = origin.candidates(by.user, meeting.community_id).filter(code=code).first()
    if record is None:
        raise not_found(origin.label)
    listed = meeting.items.filter(origin_kind=kind, origin_code=code)
    rules.origin_is_not_listed(listed.exists())
    return origin, record


def _item_of(origin: Origin, record: Any, meeting: JointMeeting, kind: str) -> AgendaItem:
    return AgendaItem(
        community_id=meeting.community_id,
        meeting=meeting,
        title=origin.title(record)[:_LONGEST_TITLE],
        kind=kind,
        presenter=origin.presenter(record)[:_LONGEST_PRESENTER],
        origin_kind=origin.kind,
        origin_label=origin.label[:30],
        origin_code=record.code,
        background=origin.text(record)[:_LONGEST_TEXT],
        about_action=record if isinstance(record, ActionItem) else None,
    )
