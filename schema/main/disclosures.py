"""Seeing personal data in full: with a reason, logged."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core import reveals
from backend.core.errors import not_found
from backend.core.models import Disclosure as DisclosureRecord
from backend.core.models import DisclosureKind, RevealTask
from backend.places.models import Community as CommunityRecord
from schema.main.base import Connection, InputError, Seen, actor, answer, viewer, visible
from schema.main.filters import code_of, one_of
from schema.main.personal import reading
from schema.main.places import Community


@strawberry.type(description="A task for which the caller sees personal data in full.")
class Reveal:
    area: str = strawberry.field(description="people, attendance, registrations …")
    community: Community
    reason: str
    opened_at: datetime
    expires_at: datetime = strawberry.field(description="It closes by itself at this moment.")


def _reveal(task: RevealTask) -> Any:
    return Reveal(
        area=task.area,
        community=task.community,  # type: ignore[arg-type]
        reason=task.reason,
        opened_at=task.opened_at,
        expires_at=task.expires_at,
    )


@strawberry_django.filter_type(DisclosureRecord)
class DisclosureFilter:
    """Filters of the log."""

    kind = one_of(DisclosureKind, "kind", "Of one of these kinds.")

    @strawberry_django.filter_field(description="By the account with this name.")
    def actor_name(self, value: str, prefix: str) -> Q:
        return Q(**{f"{prefix}actor_name": value})

    community = code_of("community", "In the community with this code.")

    @strawberry_django.filter_field(description="Before this moment.")
    def before(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}at__lt": value})

    @strawberry_django.filter_field(description="At or after this moment: a row never changes.")
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}at__gte": value})


@strawberry_django.order_type(DisclosureRecord)
class DisclosureOrder:
    """Orders of the log."""

    at: strawberry.auto
    rows: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    DisclosureRecord,
    filters=DisclosureFilter,
    ordering=DisclosureOrder,
    description="查阅记录: personal data was seen in full, exported or imported.",
)
class Disclosure(Seen, relay.Node):
    id: relay.NodeID[int]
    at: datetime
    actor_name: str = strawberry_django.field(description="The account that did it.")
    kind: DisclosureKind
    model: str = strawberry_django.field(description="Of which table: people.Resident …")
    rows: int = strawberry_django.field(description="How many records.")
    whole: bool = strawberry_django.field(description="In full; false for a masked export.")
    reason: str
    details: str = strawberry_django.field(description="An export's format and filters.")
    door: str
    community: Community | None


@strawberry.input
class OpenRevealInput:
    community: str = strawberry.field(description="Code of the community.")
    area: str = strawberry.field(description="people, attendance, registrations …")
    reason: str = strawberry.field(description="Why, once a task; no phone, no identity number.")


@strawberry.input
class CloseRevealInput:
    community: str = strawberry.field(description="Code of the community.")
    area: str


@strawberry.type
class OpenRevealAnswer:
    """The open task, or what was wrong."""

    errors: list[InputError]
    reveal: Reveal | None = None


@strawberry.type
class CloseRevealAnswer:
    """Whether there was one to close, or what was wrong."""

    errors: list[InputError]
    closed: bool = False


@strawberry.type
class DisclosuresQuery:
    disclosures: Connection[Disclosure] = strawberry_django.connection(
        description="Who saw, exported and imported personal data; for supervisors, newest first."
    )

    @strawberry.field(description="The caller's open reveals.")
    def reveals(self, info: Info) -> list[Reveal]:
        tasks = reveals.open_tasks(viewer(info)).select_related("community")
        tasks = tasks.filter(community__in=visible(CommunityRecord, info))
        return [_reveal(task) for task in tasks]


@strawberry.type
class DisclosuresMutation:
    @strawberry.mutation(
        description="Shows one area's personal data in full for half an hour; an earlier reveal there ends."
    )
    def open_reveal(self, info: Info, input: OpenRevealInput) -> OpenRevealAnswer:
        def do() -> dict[str, object]:
            by = actor(info)
            community = _community(input.community, info)
            task = reveals.open_reveal(
                input.area, community_id=community.pk, reason=input.reason, by=by
            )
            reading(info).forget_tasks()
            return {"reveal": _reveal(task)}

        return answer(OpenRevealAnswer, do)

    @strawberry.mutation(description="Ends the caller's reveal at once.")
    def close_reveal(self, info: Info, input: CloseRevealInput) -> CloseRevealAnswer:
        def do() -> dict[str, object]:
            community = _community(input.community, info)
            closed = reveals.close_reveals(input.area, community_id=community.pk, by=actor(info))
            reading(info).forget_tasks()
            return {"closed": closed > 0}

        return answer(CloseRevealAnswer, do)


def _community(code: str, info: Info) -> CommunityRecord:
    found: CommunityRecord | None = visible(CommunityRecord, info).filter(code=code).first()
    if found is None:
        raise not_found("社区")
    return found
