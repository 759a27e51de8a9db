"""The subscriptions: each is the query of the same name, answered again when it may have changed.

Which writes concern a query is told here; how it is read, what the caller may see of it, and what it
may cost, is the query's own.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass

import strawberry
from strawberry import relay

from schema.main.education import LegalEducationEvent
from schema.main.imports import ImportReport
from schema.main.jobs import Job
from schema.main.service_types import Slot
from schema.main.work import MyWork


@dataclass(frozen=True)
class Follows:
    """What makes a query answer anew: rows of these models are written, or so many seconds pass."""

    models: frozenset[str] = frozenset()
    # For what the gate does not write: how far a job is, messages.
    every_seconds: float | None = None


FOLLOWS = {
    "legalEducationEvent": Follows(
        frozenset(
            {
                "education.LegalEducationEvent",
                "education.Attendance",
                "education.CheckIn",
                "education.HeadcountEntry",
                "education.Registration",
            }
        )
    ),
    "slot": Follows(
        frozenset({"services.Slot", "services.ServiceItem", "services.ServiceBooking"})
    ),
    "importReport": Follows(frozenset({"imports.ImportBatch"}), every_seconds=1),
    "job": Follows(every_seconds=1),
    "myWork": Follows(
        frozenset({"meetings.ActionItem", "demands.Demand", "services.ServiceBooking"}),
        every_seconds=5,
    ),
}


@strawberry.type(
    description="Each is the query of the same name, answered now and whenever it has changed."
)
class Subscription:
    @strawberry.subscription(description="An event: who signs in, registers, is counted.")
    async def legal_education_event(self, code: str) -> AsyncGenerator[LegalEducationEvent | None]:
        raise _answered_by_the_query()
        yield

    @strawberry.subscription(description="A slot: how many places are left.")
    async def slot(self, code: str) -> AsyncGenerator[Slot | None]:
        raise _answered_by_the_query()
        yield

    @strawberry.subscription(description="An import: its state, and how far it is.")
    async def import_report(self, code: str) -> AsyncGenerator[ImportReport | None]:
        raise _answered_by_the_query()
        yield

    @strawberry.subscription(description="A job: how far it is, about once a second.")
    async def job(self, id: relay.GlobalID) -> AsyncGenerator[Job | None]:
        raise _answered_by_the_query()
        yield

    @strawberry.subscription(description="What waits for the caller.")
    async def my_work(self) -> AsyncGenerator[MyWork | None]:
        raise _answered_by_the_query()
        yield


def _answered_by_the_query() -> NotImplementedError:
    return NotImplementedError("a subscription is answered by the query of its name")
