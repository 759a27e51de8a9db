"""公示公告 in the main API: what hangs on the community's board, and the verbs that put it there."""

from datetime import date, datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.notices import models
from backend.notices.actions import NOTICE_VERBS
from backend.notices.choices import NoticeKind, NoticeStatus
from backend.people.queries import community_of
from backend.places.models import Estate as EstateRecord
from schema.main import notice_inputs as inputs
from schema.main.base import (
    AvailableAction,
    Connection,
    InputError,
    Seen,
    chosen,
    moves_of,
    one_row,
    visible,
)
from schema.main.files import HasAttachments
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.place_types import Estate
from schema.main.places import Community
from schema.main.verb_shapes import changed, removed, said
from schema.main.verbs import Verbs


@strawberry_django.filter_type(models.PublicNotice)
class PublicNoticeFilter:
    """Filters of notices."""

    status = one_of(NoticeStatus, "status", "In one of these states.")
    kind = one_of(NoticeKind, "kind", "Of one of these kinds.")

    @strawberry_django.filter_field(description="On the board today, or (false) not.")
    def current(self, value: bool, prefix: str) -> Q:
        found = models.current(prefix)
        return found if value else ~found

    estate = code_of("estate", "Of the estate with this code alone.")
    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.PublicNotice)
class PublicNoticeOrder:
    """Orders of notices."""

    published_on: strawberry.auto
    until: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.PublicNotice,
    filters=PublicNoticeFilter,
    ordering=PublicNoticeOrder,
    description="公示公告: one notice on the community's board; it names no neighbour.",
)
class PublicNotice(HasAttachments, Seen, relay.Node):
    id: relay.NodeID[int]
    code: str
    revision: int
    kind: NoticeKind
    title: str
    body: str = strawberry_django.field(description="Plain text.")
    contact: str = strawberry_django.field(description="Where to ask, or to object.")
    published_on: date | None = strawberry_django.field(
        description="The day on which it last went up; a draft has none."
    )
    until: date = strawberry_django.field(description=inputs.UNTIL)
    current: bool = strawberry_django.field(
        annotate=lambda info: models.is_current(),
        description="Whether it hangs on the board today: published, and its last day not over.",
    )
    withdrawn_because: str = strawberry_django.field(
        description="Why it was taken down; empty once it is published again."
    )
    status: NoticeStatus
    created_at: datetime
    updated_at: datetime
    community: Community
    estate: Estate | None = strawberry_django.field(description=inputs.ESTATE)

    kind_label = in_words(NoticeKind, "kind", "The kind in words.")
    status_label = in_words(NoticeStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id", "kind", "title", "body", "contact", "until"],
        description="What the caller may do with the notice now.",
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        found: Any = moves_of(self, info)
        return found  # type: ignore[no-any-return]


@strawberry.type
class NoticesQuery:
    public_notices: Connection[PublicNotice] = strawberry_django.connection(
        description="Notices, what hangs the longest first unless ordered. Residents see what is "
        "published."
    )

    @strawberry_django.field(description="One notice by its code; null if not the caller's.")
    @one_row(is_single=True)
    def public_notice(self, info: Info, code: str) -> PublicNotice | None:
        return visible(models.PublicNotice, info).filter(code=code)  # type: ignore[return-value]


@strawberry.type
class PublicNoticeAnswer:
    """The notice as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    notice: PublicNotice | None = None


NOTICES = Verbs(models.PublicNotice, PublicNoticeAnswer, "notice")
_WRITTEN = ("kind", "title", "body", "contact", "until")


def _move(info: Info, given: inputs.MovePublicNoticeInput, verb: str) -> PublicNoticeAnswer:
    return NOTICES.move(info, given.notice_id, NOTICE_VERBS[verb], given.reason)


@strawberry.type
class NoticesMutation:
    @strawberry.mutation(description="A new notice, as a draft.")
    def create_public_notice(
        self, info: Info, input: inputs.CreatePublicNoticeInput
    ) -> PublicNoticeAnswer:
        def make(by: Actor) -> models.PublicNotice:
            key = input.estate_id
            row = models.PublicNotice(
                community=community_of(by.user, input.community),
                estate=chosen(EstateRecord, key, info) if key is not None else None,
                **said(input, _WRITTEN),
            )
            return gate.save(row, by=by)

        return NOTICES.made(info, input, "createPublicNotice", make)

    @strawberry.mutation(
        description="Changes a draft. What was published does not change: it is withdrawn, revised, "
        "and published again."
    )
    def update_public_notice(
        self, info: Info, input: inputs.UpdatePublicNoticeInput
    ) -> PublicNoticeAnswer:
        links: Any = {"estate_id": EstateRecord}
        return changed(NOTICES, info, input.notice_id, input, _WRITTEN, links)

    @strawberry.mutation(description="Puts it up, for everybody to read from today on.")
    def publish_public_notice(
        self, info: Info, input: inputs.MovePublicNoticeInput
    ) -> PublicNoticeAnswer:
        return _move(info, input, "publish")

    @strawberry.mutation(description="Takes it down, over or not; needs a reason.")
    def withdraw_public_notice(
        self, info: Info, input: inputs.MovePublicNoticeInput
    ) -> PublicNoticeAnswer:
        return _move(info, input, "withdraw")

    @strawberry.mutation(description="Makes a draft of what was withdrawn, to be put right.")
    def revise_public_notice(
        self, info: Info, input: inputs.MovePublicNoticeInput
    ) -> PublicNoticeAnswer:
        return _move(info, input, "revise")

    @strawberry.mutation(description="Takes away a draft that was never published.")
    def remove_public_notice(
        self, info: Info, input: inputs.RemovePublicNoticeInput
    ) -> PublicNoticeAnswer:
        return removed(NOTICES, info, input.notice_id)
