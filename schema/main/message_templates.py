"""How a community words what people are told, and what went out of the house: for staff."""

from datetime import datetime
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor, scope
from backend.core.words import in_chinese
from backend.messaging import actions, models
from backend.messaging.choices import Channel, DeliveryState
from backend.messaging.templates import TemplateKind, all_kinds
from backend.people.queries import community_of
from schema.main.base import (
    Connection,
    InputError,
    Seen,
    actor,
    answer,
    chosen,
    reread,
    viewer,
)
from schema.main.changes import SEEN
from schema.main.filters import of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.places import Community
from schema.main.setting_up_inputs import COMMUNITY, KEY
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs

strawberry.enum(DeliveryState, description="How far a message out of the house is.")
_KIND = "Code of the kind of message: one of `messageKinds`."


@strawberry.type(description="What a placeholder of a message stands for.")
class MessagePlaceholder:
    name: str = strawberry.field(description="Written {name} in title and body.")
    label: str
    needed: bool = strawberry.field(description="The body must keep it.")


@strawberry.type(description="通知种类: a kind of message, with the words that it comes with.")
class MessageKind:
    code: str
    label: str
    title: str
    body: str
    channels: list[Channel]
    placeholders: list[MessagePlaceholder]


@strawberry_django.filter_type(models.MessageTemplate)
class MessageTemplateFilter:
    """Filters of templates."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.MessageTemplate)
class MessageTemplateOrder:
    """Orders of templates."""

    kind: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.MessageTemplate,
    filters=MessageTemplateFilter,
    ordering=MessageTemplateOrder,
    description="通知模板: a community's own words for one kind of message.",
)
class MessageTemplate(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    kind: str = strawberry_django.field(description=_KIND)
    title: str
    body: str
    by_sms: bool
    by_email: bool
    by_wechat: bool
    updated_at: datetime
    community: Community


@strawberry_django.filter_type(models.Delivery)
class DeliveryFilter:
    """Filters of the log of what went out."""

    community = of_community()
    state = one_of(DeliveryState, "state", "In one of these states.")
    channel = one_of(Channel, "channel", "By one of these channels.")

    @strawberry_django.filter_field(
        description="Written at or after this moment; what became of it is in `state`."
    )
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return Q(**{f"{prefix}created_at__gte": value})


@strawberry_django.order_type(models.Delivery)
class DeliveryOrder:
    """Orders of the log."""

    created_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Delivery,
    filters=DeliveryFilter,
    ordering=DeliveryOrder,
    description="发送记录: one message to one person by one way out of the house, without its words.",
)
class Delivery(Seen, relay.Node):
    id: relay.NodeID[int]
    channel: Channel
    template: str = strawberry_django.field(description=_KIND)
    masked_to: str = strawberry_django.field(description="The address, masked.")
    state: DeliveryState
    tries: int
    next_try_at: datetime | None
    sent_at: datetime | None
    error_code: str = strawberry_django.field(
        description="Why it failed last; empty if it did not."
    )
    created_at: datetime
    community: Community | None

    state_label = in_words(DeliveryState, "state", "The state in words.")


@strawberry.type
class MessageTemplatesQuery:
    message_templates: Connection[MessageTemplate] = strawberry_django.connection(
        description="Words that communities have changed; for every other kind `messageKinds` has them."
    )
    deliveries: Connection[Delivery] = strawberry_django.connection(
        description="What went out of the house, the latest first; codes for signing in too."
    )

    @strawberry.field(
        description="The kinds of message that may be worded anew; empty for who sees no templates."
    )
    def message_kinds(self, info: Info) -> list[MessageKind]:
        if not scope(viewer(info), models.MessageTemplate.action("see")).anywhere:
            return []
        return [_kind(one) for one in all_kinds() if not one.secret]


@strawberry.input
class CreateMessageTemplateInput:
    """A community's own words for a kind of message that has none yet."""

    community: str = strawberry.field(description=COMMUNITY)
    kind: str = strawberry.field(description=_KIND)
    title: str
    body: str
    idempotency_key: str = strawberry.field(description=KEY)
    by_sms: bool = True
    by_email: bool = True
    by_wechat: bool = True


@strawberry.input
class UpdateMessageTemplateInput:
    """What changes of the words; a field left out stays."""

    template_id: relay.GlobalID
    title: str | None = strawberry.UNSET
    body: str | None = strawberry.UNSET
    by_sms: bool | None = strawberry.UNSET
    by_email: bool | None = strawberry.UNSET
    by_wechat: bool | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.input
class ResetMessageTemplateInput:
    """A community's own words, which are to go."""

    template_id: relay.GlobalID


@strawberry.input
class TryMessageTemplateInput:
    """Words to be tried, saved or not; only the caller gets them."""

    community: str = strawberry.field(description=COMMUNITY)
    kind: str = strawberry.field(description=_KIND)
    title: str
    body: str
    by_sms: bool = True
    by_email: bool = True
    by_wechat: bool = True


@strawberry.input
class RetryDeliveryInput:
    """A message that failed or was given up."""

    delivery_id: relay.GlobalID


@strawberry.type
class MessageTemplateAnswer:
    """The words as they now stand (null once reset), or what was wrong."""

    errors: list[InputError]
    template: MessageTemplate | None = None


@strawberry.type
class TryMessageTemplateAnswer:
    """By which channels the trial went, or what was wrong."""

    errors: list[InputError]
    channels: list[Channel] | None = None


@strawberry.type
class DeliveryAnswer:
    """The message as it now stands, or what was wrong."""

    errors: list[InputError]
    delivery: Delivery | None = None


TEMPLATES = Verbs(models.MessageTemplate, MessageTemplateAnswer, "template")
_WORDS = ("title", "body", "by_sms", "by_email", "by_wechat")


@strawberry.type
class MessageTemplatesMutation:
    @strawberry.mutation(description="Words a kind of message anew in one community.")
    def create_message_template(
        self, info: Info, input: CreateMessageTemplateInput
    ) -> MessageTemplateAnswer:
        def make(by: Actor) -> models.MessageTemplate:
            return gate.save(_worded(input, by), by=by)

        return TEMPLATES.made(info, input, "createMessageTemplate", make)

    @strawberry.mutation(description="Changes a community's words for a kind of message.")
    def update_message_template(
        self, info: Info, input: UpdateMessageTemplateInput
    ) -> MessageTemplateAnswer:
        return changed(TEMPLATES, info, input.template_id, input, _WORDS)

    @strawberry.mutation(
        description="Takes a community's words back: the kind's own hold again, for what is sent from now on."
    )
    def reset_message_template(
        self, info: Info, input: ResetMessageTemplateInput
    ) -> MessageTemplateAnswer:
        return TEMPLATES.on(
            info, input.template_id, lambda row, by: actions.reset_wording(row, by=by)
        )

    @strawberry.mutation(
        description="Sends the words to the caller alone, with samples for the placeholders; nothing is saved."
    )
    def try_message_template(
        self, info: Info, input: TryMessageTemplateInput
    ) -> TryMessageTemplateAnswer:
        def do() -> dict[str, Any]:
            by = actor(info)
            went = actions.try_out(_worded(input, by), by=by)
            return {"channels": [Channel(one) for one in went]}

        return answer(TryMessageTemplateAnswer, do)

    @strawberry.mutation(
        description="Sends a failed message once more, to the address that is known now."
    )
    def retry_delivery(self, info: Info, input: RetryDeliveryInput) -> DeliveryAnswer:
        def do() -> dict[str, Any]:
            row: Any = chosen(models.Delivery, input.delivery_id, info)  # type: ignore[arg-type]
            actions.retry(row, by=actor(info))
            return {"delivery": reread(row, info, "delivery")}

        return answer(DeliveryAnswer, do)


def _worded(given: Any, by: Actor) -> models.MessageTemplate:
    """The words of an input, not saved. Raises: not_found."""
    return models.MessageTemplate(
        community=community_of(by.user, given.community),
        kind=given.kind,
        **{name: getattr(given, name) for name in _WORDS},
    )


def _kind(kind: TemplateKind) -> MessageKind:
    return MessageKind(
        code=kind.code,
        label=in_chinese(kind.label or kind.code),
        title=kind.title,
        body=kind.body,
        channels=[Channel(one) for one in kind.channels],
        placeholders=[
            MessagePlaceholder(name=name, label=in_chinese(label), needed=name in kind.needed)
            for name, label in kind.placeholders.items()
        ],
    )
