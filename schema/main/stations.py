"""Cool stations in the main API: roots, and the verbs of stations, stock and refills."""

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core.access import Actor
from backend.core.errors import RuleViolation
from backend.stations import ledger, models
from backend.stations.actions import STATION_VERBS
from backend.stations.choices import EntryKind as Kind
from backend.stations.queries import able_to_refill
from backend.stations.refilling import REFILL_VERBS, save_refill
from schema.main.base import Connection, InputError, chosen, one_row, visible
from schema.main.changes import SEEN, put
from schema.main.festival_enums import EntryKind
from schema.main.station_types import CoolStation, Refill, SupplyEntry
from schema.main.verbs import Verbs

KEY = "The same key twice: the first result."


@strawberry.type
class StationsQuery:
    cool_stations: Connection[CoolStation] = strawberry_django.connection(
        description="Where one may rest in summer, and whether it is open now."
    )
    supply_entries: Connection[SupplyEntry] = strawberry_django.connection(
        description="The ledger of stock, the latest first unless ordered; for staff, and for the "
        "body that runs the station."
    )
    refills: Connection[Refill] = strawberry_django.connection(
        description="What is to be refilled, the most urgent first unless ordered."
    )

    @strawberry_django.field(description="One station by its code; null if not the caller's.")
    @one_row()
    def cool_station(self, info: Info, code: str) -> CoolStation | None:
        rows = visible(models.CoolStation, info).filter(code=code)
        return rows  # type: ignore[return-value]


@strawberry.input
class CoolStationInput:
    """A station, and why."""

    station_id: relay.GlobalID
    reason: str = ""


@strawberry.input
class RecordSupplyInput:
    """So much came in, or was given out."""

    stock_id: relay.GlobalID
    kind: EntryKind = strawberry.field(description="IN or OUT.")
    quantity: int = strawberry.field(description="Whole units, 1 or more.")
    idempotency_key: str = strawberry.field(description=KEY)
    reason: str = strawberry.field(default="", description="Names nobody.")
    occurred_at: datetime | None = strawberry.field(default=None, description="Now if left out.")


@strawberry.input
class CountStockInput:
    """So much was found at a stock-taking; the difference is entered."""

    stock_id: relay.GlobalID
    counted: int
    reason: str
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class CorrectSupplyEntryInput:
    """What an entry should have said (0: it never happened), and why."""

    entry_id: relay.GlobalID
    quantity: int
    reason: str
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class AssignRefillInput:
    """Who refills it, and until when; a field left out stays."""

    refill_id: relay.GlobalID
    username: str | None = strawberry.field(
        default=strawberry.UNSET,
        description="An account of the body that runs the station, or of the office; null: nobody.",
    )
    due_on: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RefillInput:
    """A refill, and why."""

    refill_id: relay.GlobalID
    reason: str = ""


@strawberry.type
class CoolStationAnswer:
    """The station as it now stands, or what was wrong."""

    errors: list[InputError]
    station: CoolStation | None = None


@strawberry.type
class SupplyEntryAnswer:
    """The entry, or what was wrong."""

    errors: list[InputError]
    entry: SupplyEntry | None = None


@strawberry.type
class RefillAnswer:
    """The refill as it now stands, or what was wrong."""

    errors: list[InputError]
    refill: Refill | None = None


STATIONS = Verbs(models.CoolStation, CoolStationAnswer, "station")
ENTRIES = Verbs(models.SupplyEntry, SupplyEntryAnswer, "entry")
REFILLS = Verbs(models.Refill, RefillAnswer, "refill")


@strawberry.type
class StationsMutation:
    @strawberry.mutation(description="Shut for the time being; needs a reason.")
    def pause_cool_station(self, info: Info, input: CoolStationInput) -> CoolStationAnswer:
        return _move(info, input, "pause")

    @strawberry.mutation(description="Open again after a pause.")
    def resume_cool_station(self, info: Info, input: CoolStationInput) -> CoolStationAnswer:
        return _move(info, input, "resume")

    @strawberry.mutation(description="Shut for good, or until the next summer; needs a reason.")
    def close_cool_station(self, info: Info, input: CoolStationInput) -> CoolStationAnswer:
        return _move(info, input, "close")

    @strawberry.mutation(description="Open once more.")
    def reopen_cool_station(self, info: Info, input: CoolStationInput) -> CoolStationAnswer:
        return _move(info, input, "reopen")

    @strawberry.mutation(
        description="So much in, or out; stock_short says how much is left where it is too little."
    )
    def record_supply(self, info: Info, input: RecordSupplyInput) -> SupplyEntryAnswer:
        def make(by: Actor) -> models.SupplyEntry:
            if input.kind == Kind.CORRECTION:
                raise RuleViolation(
                    "quantity_invalid",
                    "更正请用 countStock 或 correctSupplyEntry。",
                    field="kind",
                )
            stock = chosen(models.StationStock, input.stock_id, info)
            verb = ledger.put_in if input.kind == Kind.IN else ledger.take_out
            return verb(
                stock, input.quantity, by=by, reason=input.reason, occurred_at=input.occurred_at
            )

        return ENTRIES.made(info, input, "recordSupply", make)

    @strawberry.mutation(description="What was counted is what there is; needs a reason.")
    def count_stock(self, info: Info, input: CountStockInput) -> SupplyEntryAnswer:
        def make(by: Actor) -> models.SupplyEntry:
            stock = chosen(models.StationStock, input.stock_id, info)
            return ledger.count_stock(stock, input.counted, by=by, reason=input.reason)

        return ENTRIES.made(info, input, "countStock", make)

    @strawberry.mutation(description="Puts an entry right, by another entry; needs a reason.")
    def correct_supply_entry(self, info: Info, input: CorrectSupplyEntryInput) -> SupplyEntryAnswer:
        def make(by: Actor) -> models.SupplyEntry:
            entry = chosen(models.SupplyEntry, input.entry_id, info)
            return ledger.correct_entry(entry, input.quantity, by=by, reason=input.reason)

        return ENTRIES.made(info, input, "correctSupplyEntry", make)

    @strawberry.mutation(description="Gives a refill to somebody, or another day.")
    def assign_refill(self, info: Info, input: AssignRefillInput) -> RefillAnswer:
        def change(row: models.Refill, by: Actor) -> None:
            if input.username is not strawberry.UNSET:
                row.assignee = _account(row, input.username)
            put(row, input, ("due_on",))
            save_refill(row, by=by)

        return REFILLS.on(info, input.refill_id, change)

    @strawberry.mutation(description="Nobody will refill it; needs a reason.")
    def drop_refill(self, info: Info, input: RefillInput) -> RefillAnswer:
        return REFILLS.move(info, input.refill_id, REFILL_VERBS["drop"], input.reason)


def _account(refill: models.Refill, username: str | None) -> Any:
    """Whom a refill is given to: only of those to whom it may be, so that no account is guessed."""
    if username is None:
        return None
    found = able_to_refill(refill).filter(username=username).first()
    if found is None:
        raise RuleViolation(
            "assignee_unsuitable",
            "负责人应是管理单位的联系人，或社区书记、社区工作者，请重选。",
            field="username",
        )
    return found


def _move(info: Info, given: CoolStationInput, verb: str) -> CoolStationAnswer:
    return STATIONS.move(info, given.station_id, STATION_VERBS[verb], given.reason)
