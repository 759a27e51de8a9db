"""What the mutations on public notices take."""

from datetime import date

import strawberry
from strawberry import relay

from backend.notices.choices import NoticeKind, NoticeStatus
from schema.main.changes import SEEN
from schema.main.setting_up_inputs import COMMUNITY, KEY

strawberry.enum(
    NoticeKind, name="PublicNoticeKind", description="What a notice asks of who reads it."
)
strawberry.enum(
    NoticeStatus,
    name="PublicNoticeStatus",
    description="The states of a notice; that its time is over is `current`, not a state.",
)
BODY = "Plain text, read by everybody: no neighbour's name, phone, door or identity number."
CONTACT = "An office and its landline, no mobile; must stand where OPEN_TO_OBJECTIONS is published."
UNTIL = "The last day on the board; objections are taken until then."
ESTATE = "Of whom alone it speaks; null for the whole community."


@strawberry.input
class CreatePublicNoticeInput:
    """A new notice; it begins as DRAFT."""

    community: str = strawberry.field(description=COMMUNITY)
    kind: NoticeKind
    title: str
    body: str = strawberry.field(description=BODY)
    until: date = strawberry.field(description=UNTIL)
    idempotency_key: str = strawberry.field(description=KEY)
    contact: str = strawberry.field(default="", description=CONTACT)
    estate_id: relay.GlobalID | None = strawberry.field(default=None, description=ESTATE)


@strawberry.input
class UpdatePublicNoticeInput:
    """What changes of a draft; a field left out stays."""

    notice_id: relay.GlobalID
    kind: NoticeKind | None = strawberry.UNSET
    title: str | None = strawberry.UNSET
    body: str | None = strawberry.field(default=strawberry.UNSET, description=BODY)
    until: date | None = strawberry.field(default=strawberry.UNSET, description=UNTIL)
    contact: str | None = strawberry.field(default=strawberry.UNSET, description=CONTACT)
    estate_id: relay.GlobalID | None = strawberry.field(
        default=strawberry.UNSET, description=ESTATE
    )
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class MovePublicNoticeInput:
    """A notice to move to its next state."""

    notice_id: relay.GlobalID
    reason: str = strawberry.field(default="", description="Must be given to withdraw it.")


@strawberry.input
class RemovePublicNoticeInput:
    """A draft that was never published."""

    notice_id: relay.GlobalID
