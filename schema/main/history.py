"""What happened to a record, in the main API: the lines of its page 历史."""

from datetime import datetime

import strawberry
from strawberry import relay
from strawberry.types import Info
from strawberry.utils.str_converters import to_camel_case

from backend.core.errors import RuleViolation
from backend.core.numbers import whole_number
from backend.core.record_history import LINES, PARTS, Line, Told, history_of, records_told
from schema.cursors import BAD_CURSOR
from schema.main.base import viewer
from schema.main.costs import FIXED_PRICES
from schema.main.versions import model_of

# Not by its lines: so many parts of the history may be opened for a page of them.
FIXED_PRICES["history"] = PARTS


@strawberry.type
class FieldChange:
    """One field that a change wrote; without values where they are personal, or no longer known."""

    name: str = strawberry.field(description="As the type of the record calls it, or its column.")
    label: str
    before: str | None = strawberry.field(description="In words; null: not told.")
    after: str | None = strawberry.field(description="In words; null: not told.")


@strawberry.type
class HistoryLine:
    """One thing that happened to a record."""

    at: datetime
    revision: int = strawberry.field(
        description="The record's since then: what `restoreVersion` takes to go back to it."
    )
    who: str = strawberry.field(description="Name and account, as staff read them.")
    door: str = strawberry.field(description="Code of the entrance: admin, graphql, api_key …")
    door_label: str
    verb: str = strawberry.field(description="Code of what was done.")
    verb_label: str
    reason: str
    changes: list[FieldChange]


@strawberry.type
class RecordHistory:
    """A page of a record's history, newest first."""

    lines: list[HistoryLine]
    older: str | None = strawberry.field(
        description="Sent as `after`: the next page; null at the end."
    )


@strawberry.type
class HistoryQuery:
    @strawberry.field(
        description="What happened to a record: when, who, by which door, why, and which fields; for "
        f"staff who work with it (null for others). At most {LINES} lines a page. Personal values are "
        "not told, nor what was erased."
    )
    def history(
        self, info: Info, id: relay.GlobalID, first: int = LINES, after: str | None = None
    ) -> RecordHistory | None:
        if not 0 < first <= LINES:
            raise RuleViolation("bad_page", f"一页最多 {LINES} 行，请减小 first。")
        before = None if after is None else whole_number(after)
        if after is not None and before is None:
            raise RuleViolation("bad_cursor", BAD_CURSOR)
        reader = viewer(info)
        rows = records_told(model_of(id, info), reader)
        record = rows.filter(pk=whole_number(id.node_id) or 0).first()
        if record is None:
            return None
        page = history_of(record, reader, before, first)
        return RecordHistory(
            lines=[_line(one) for one in page.lines],
            older=None if page.older is None else str(page.older),
        )


def _line(line: Line) -> HistoryLine:
    return HistoryLine(
        at=line.at,
        revision=line.revision,
        who=line.who,
        door=line.entrance,
        door_label=line.door,
        verb=line.verb,
        verb_label=line.what,
        reason=line.reason,
        changes=[_change(told) for told in line.fields],
    )


def _change(told: Told) -> FieldChange:
    return FieldChange(
        name=to_camel_case(told.name),
        label=told.label,
        before=told.before or None,
        after=told.after or None,
    )
