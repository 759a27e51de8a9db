"""What a community settles once, in the main API: notices, terms, categories, levels of honours."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.people.models import PrivacyNotice as NoticeRecord
from backend.people.queries import community_of
from backend.privacy import models as privacy
from backend.services.models import ServiceCategory as CategoryRecord
from backend.volunteers.honouring import set_usual_levels
from backend.volunteers.models import HonourLevel as LevelRecord
from schema.main import settings_inputs as inputs
from schema.main.base import Connection, InputError, Seen, actor, answer, reread_all
from schema.main.certificate_types import HonourLevel
from schema.main.filters import of_community, updated_since
from schema.main.people_types import PrivacyNotice
from schema.main.places import Community
from schema.main.service_types import ServiceCategory
from schema.main.verb_shapes import changed, removed
from schema.main.verbs import Verbs


@strawberry_django.filter_type(privacy.RetentionRule)
class RetentionRuleFilter:
    """Filters of terms."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(privacy.RetentionRule)
class RetentionRuleOrder:
    """Orders of terms."""

    days: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    privacy.RetentionRule,
    filters=RetentionRuleFilter,
    ordering=RetentionRuleOrder,
    description="保存期限: how long a community keeps one kind of record under people's names.",
)
class RetentionRule(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    holding: str = strawberry_django.field(description="Code of the kind of record.")
    days: int = strawberry_django.field(description="Then names and the like are taken out.")
    updated_at: datetime
    community: Community


@strawberry.type
class SettingsQuery:
    retention_rules: Connection[RetentionRule] = strawberry_django.connection(
        description="The community's own terms; what stands in none of them is kept as usual."
    )
    service_categories: Connection[ServiceCategory] = strawberry_django.connection(
        description="Kinds of help, in the community's order unless ordered."
    )


@strawberry.type
class PrivacyNoticeAnswer:
    """The notice as it now stands, or what was wrong."""

    errors: list[InputError]
    notice: PrivacyNotice | None = None


@strawberry.type
class RetentionRuleAnswer:
    """The term as it now stands, or what was wrong."""

    errors: list[InputError]
    rule: RetentionRule | None = None


@strawberry.type
class ServiceCategoryAnswer:
    """The category as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    category: ServiceCategory | None = None


@strawberry.type
class HonourLevelAnswer:
    """The level as it now stands (null once removed), or what was wrong."""

    errors: list[InputError]
    level: HonourLevel | None = None


@strawberry.type
class HonourLevelsAnswer:
    """The levels that were set, the lowest first, or what was wrong."""

    errors: list[InputError]
    levels: list[HonourLevel] = strawberry.field(default_factory=list)


NOTICES = Verbs(NoticeRecord, PrivacyNoticeAnswer, "notice")
TERMS = Verbs(privacy.RetentionRule, RetentionRuleAnswer, "rule")
CATEGORIES = Verbs(CategoryRecord, ServiceCategoryAnswer, "category")
LEVELS = Verbs(LevelRecord, HonourLevelAnswer, "level")


@strawberry.type
class SettingsMutation:
    @strawberry.mutation(
        description="A new version of the notice on personal data: a draft, or out from a day on."
    )
    def create_privacy_notice(
        self, info: Info, input: inputs.CreatePrivacyNoticeInput
    ) -> PrivacyNoticeAnswer:
        def make(by: Actor) -> NoticeRecord:
            row = NoticeRecord(
                community=community_of(by.user, input.community),
                version=input.version,
                text=input.text,
                published_on=input.published_on,
            )
            return gate.save(row, by=by)

        return NOTICES.made(info, input, "createPrivacyNotice", make)

    @strawberry.mutation(
        description="Changes a notice. Once somebody has agreed to it, it stays word for word."
    )
    def update_privacy_notice(
        self, info: Info, input: inputs.UpdatePrivacyNoticeInput
    ) -> PrivacyNoticeAnswer:
        names = ("version", "text", "published_on")
        return changed(NOTICES, info, input.notice_id, input, names)

    @strawberry.mutation(
        description="How long the community keeps one kind of record under people's names."
    )
    def create_retention_rule(
        self, info: Info, input: inputs.CreateRetentionRuleInput
    ) -> RetentionRuleAnswer:
        def make(by: Actor) -> privacy.RetentionRule:
            row = privacy.RetentionRule(
                community=community_of(by.user, input.community),
                holding=input.holding,
                days=input.days,
            )
            return gate.save(row, by=by)

        return TERMS.made(info, input, "createRetentionRule", make)

    @strawberry.mutation(description="Changes a term; what is over by then goes in the next night.")
    def update_retention_rule(
        self, info: Info, input: inputs.UpdateRetentionRuleInput
    ) -> RetentionRuleAnswer:
        return changed(TERMS, info, input.rule_id, input, ("days",))

    @strawberry.mutation(description="A new kind of help.")
    def create_service_category(
        self, info: Info, input: inputs.CreateServiceCategoryInput
    ) -> ServiceCategoryAnswer:
        def make(by: Actor) -> CategoryRecord:
            row = CategoryRecord(
                community=community_of(by.user, input.community),
                code=input.code,
                name=input.name,
                position=input.position,
                summary=input.summary,
            )
            return gate.save(row, by=by)

        return CATEGORIES.made(info, input, "createServiceCategory", make)

    @strawberry.mutation(description="Changes a kind of help.")
    def update_service_category(
        self, info: Info, input: inputs.UpdateServiceCategoryInput
    ) -> ServiceCategoryAnswer:
        names = ("name", "position", "summary")
        return changed(CATEGORIES, info, input.category_id, input, names)

    @strawberry.mutation(description="Takes away a kind of help that has no items.")
    def remove_service_category(
        self, info: Info, input: inputs.RemoveServiceCategoryInput
    ) -> ServiceCategoryAnswer:
        return removed(CATEGORIES, info, input.category_id)

    @strawberry.mutation(description="A new level of honours.")
    def create_honour_level(
        self, info: Info, input: inputs.CreateHonourLevelInput
    ) -> HonourLevelAnswer:
        def make(by: Actor) -> LevelRecord:
            row = LevelRecord(
                community=community_of(by.user, input.community),
                name=input.name,
                minutes=input.minutes,
                active=input.active,
            )
            return gate.save(row, by=by)

        return LEVELS.made(info, input, "createHonourLevel", make)

    @strawberry.mutation(
        description="The usual five levels, for a community that has none (levels_there)."
    )
    def set_usual_honour_levels(
        self, info: Info, input: inputs.SetUsualHonourLevelsInput
    ) -> HonourLevelsAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            made = set_usual_levels(community_of(by.user, input.community).pk, by=by)
            keys = [row.pk for row in made]
            return {"levels": reread_all(keys, LevelRecord, info, "levels")}

        return answer(HonourLevelsAnswer, do)

    @strawberry.mutation(description="Changes a level; honours already given keep their hours.")
    def update_honour_level(
        self, info: Info, input: inputs.UpdateHonourLevelInput
    ) -> HonourLevelAnswer:
        names = ("name", "minutes", "active")
        return changed(LEVELS, info, input.level_id, input, names)

    @strawberry.mutation(description="Takes away a level that nobody was given.")
    def remove_honour_level(
        self, info: Info, input: inputs.RemoveHonourLevelInput
    ) -> HonourLevelAnswer:
        return removed(LEVELS, info, input.level_id)
