"""What the verbs take on what a community settles once: notices, terms, categories, levels."""

from datetime import date

import strawberry
from strawberry import relay

from schema.main.changes import SEEN
from schema.main.place_inputs import CODE
from schema.main.setting_up_inputs import COMMUNITY, KEY


@strawberry.input
class CreatePrivacyNoticeInput:
    """A new version of the notice on personal data."""

    community: str = strawberry.field(description=COMMUNITY)
    version: str = strawberry.field(description="As 2025-1.")
    text: str
    idempotency_key: str = strawberry.field(description=KEY)
    published_on: date | None = strawberry.field(
        default=None, description="From when residents see it; left out: a draft."
    )


@strawberry.input
class UpdatePrivacyNoticeInput:
    """What changes of a notice that nobody has agreed to; a field left out stays."""

    notice_id: relay.GlobalID
    version: str | None = strawberry.UNSET
    text: str | None = strawberry.UNSET
    published_on: date | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CreateRetentionRuleInput:
    """A community's own term for one kind of record."""

    community: str = strawberry.field(description=COMMUNITY)
    holding: str = strawberry.field(description="Code of the kind of record: attendance.")
    days: int
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input
class UpdateRetentionRuleInput:
    """What changes of a term; a field left out stays."""

    rule_id: relay.GlobalID
    days: int | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class CreateServiceCategoryInput:
    """A new kind of help."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    idempotency_key: str = strawberry.field(description=KEY)
    code: str = strawberry.field(default="", description=CODE)
    position: int = strawberry.field(default=0, description="The lowest stands first.")
    summary: str = ""


@strawberry.input
class UpdateServiceCategoryInput:
    """What changes of a category; a field left out stays."""

    category_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    position: int | None = strawberry.UNSET
    summary: str | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveServiceCategoryInput:
    """A category that has no items."""

    category_id: relay.GlobalID


@strawberry.input
class CreateHonourLevelInput:
    """A new level of honours."""

    community: str = strawberry.field(description=COMMUNITY)
    name: str
    minutes: int = strawberry.field(description="Verified minutes that lead to it.")
    idempotency_key: str = strawberry.field(description=KEY)
    active: bool = True


@strawberry.input
class SetUsualHonourLevelsInput:
    """A community that has no levels yet."""

    community: str = strawberry.field(description=COMMUNITY)


@strawberry.input
class UpdateHonourLevelInput:
    """What changes of a level; a field left out stays. Out of use: `active` false."""

    level_id: relay.GlobalID
    name: str | None = strawberry.UNSET
    minutes: int | None = strawberry.UNSET
    active: bool | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class RemoveHonourLevelInput:
    """A level that nobody was given."""

    level_id: relay.GlobalID
