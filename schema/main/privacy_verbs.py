"""What the desk does for people's own data, and which sensitive columns a community keeps."""

from datetime import datetime

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core import gate
from backend.core.access import Actor
from backend.people.models import Resident
from backend.people.queries import community_of
from backend.privacy import actions, models
from backend.privacy.choices import Identified, RequestKind
from schema.main.base import Connection, InputError, Seen, chosen
from schema.main.changes import SEEN
from schema.main.filters import of_community, updated_since
from schema.main.places import Community
from schema.main.privacy import SubjectRequestAnswer
from schema.main.setting_up_inputs import COMMUNITY, KEY
from schema.main.verb_shapes import changed
from schema.main.verbs import Verbs

strawberry.enum(
    Identified,
    name="HowIdentified",
    description="How it was made sure that it is they who ask. ACCOUNT: they were signed in.",
)


@strawberry_django.filter_type(models.CommunityPrivacy)
class CommunityPrivacyFilter:
    """Filters of what communities have turned on."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.CommunityPrivacy)
class CommunityPrivacyOrder:
    """Orders of what communities have turned on."""

    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.CommunityPrivacy,
    filters=CommunityPrivacyFilter,
    ordering=CommunityPrivacyOrder,
    description="个人信息设置: which sensitive columns a community keeps; none unless it says so.",
)
class CommunityPrivacy(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    identity_numbers_on: bool = strawberry_django.field(
        description="身份证号 are kept, encrypted; the numbers themselves never pass the API."
    )
    party_membership_on: bool = strawberry_django.field(description="政治面貌 of volunteers.")
    updated_at: datetime
    community: Community


@strawberry.type
class CommunityPrivacyQuery:
    community_privacies: Connection[CommunityPrivacy] = strawberry_django.connection(
        description="What communities have turned on; one that stands here with nothing keeps none."
    )


@strawberry.input
class RecordSubjectRequestInput:
    """What somebody asks at the desk of their own data."""

    resident_id: relay.GlobalID
    kind: RequestKind
    identified: Identified = strawberry.field(
        description="How the desk made sure of the person; never ACCOUNT (identified_otherwise)."
    )
    idempotency_key: str = strawberry.field(description=KEY)
    details: str = strawberry.field(
        default="", description="CORRECT: which item is wrong, and what it should be."
    )


@strawberry.input
class FinishSubjectRequestInput:
    """A request that is done."""

    request_id: relay.GlobalID
    reason: str = strawberry.field(default="", description="Told to the person.")


@strawberry.input
class RefuseSubjectRequestInput:
    """A request that is refused, and why."""

    request_id: relay.GlobalID
    reason: str = strawberry.field(description="Told to the person.")


@strawberry.input
class CreateCommunityPrivacyInput:
    """Which sensitive columns a community keeps, said for the first time."""

    community: str = strawberry.field(description=COMMUNITY)
    idempotency_key: str = strawberry.field(description=KEY)
    identity_numbers_on: bool = False
    party_membership_on: bool = False


@strawberry.input
class UpdateCommunityPrivacyInput:
    """What is turned on or off; a field left out stays."""

    privacy_id: relay.GlobalID
    identity_numbers_on: bool | None = strawberry.UNSET
    party_membership_on: bool | None = strawberry.UNSET
    expected_revision: int | None = strawberry.field(default=None, description=SEEN)


@strawberry.type
class CommunityPrivacyAnswer:
    """What is turned on now, or what was wrong."""

    errors: list[InputError]
    privacy: CommunityPrivacy | None = None


REQUESTS = Verbs(models.SubjectRequest, SubjectRequestAnswer, "request")
PRIVACIES = Verbs(models.CommunityPrivacy, CommunityPrivacyAnswer, "privacy")


@strawberry.type
class PrivacyVerbsMutation:
    @strawberry.mutation(
        description="Takes down what somebody asks at the desk; for oneself: requestMyData and its like."
    )
    def record_subject_request(
        self, info: Info, input: RecordSubjectRequestInput
    ) -> SubjectRequestAnswer:
        def make(by: Actor) -> models.SubjectRequest:
            return actions.ask(
                input.kind,
                chosen(Resident, input.resident_id, info),
                by=by,
                details=input.details,
                identified=input.identified,
            )

        return REQUESTS.made(info, input, "recordSubjectRequest", make)

    @strawberry.mutation(
        description="The request is done; its person is told. Erasing is confirmed on its page "
        "(erase_needs_confirmation)."
    )
    def finish_subject_request(
        self, info: Info, input: FinishSubjectRequestInput
    ) -> SubjectRequestAnswer:
        return REQUESTS.move(info, input.request_id, actions.finish_request, input.reason)

    @strawberry.mutation(description="Refuses a request for a reason; its person is told.")
    def refuse_subject_request(
        self, info: Info, input: RefuseSubjectRequestInput
    ) -> SubjectRequestAnswer:
        return REQUESTS.move(info, input.request_id, actions.refuse_request, input.reason)

    @strawberry.mutation(
        description="Says for the first time which sensitive columns a community keeps."
    )
    def create_community_privacy(
        self, info: Info, input: CreateCommunityPrivacyInput
    ) -> CommunityPrivacyAnswer:
        def make(by: Actor) -> models.CommunityPrivacy:
            row = models.CommunityPrivacy(
                community=community_of(by.user, input.community),
                identity_numbers_on=input.identity_numbers_on,
                party_membership_on=input.party_membership_on,
            )
            return gate.save(row, by=by)

        return PRIVACIES.made(info, input, "createCommunityPrivacy", make)

    @strawberry.mutation(
        description="Turns sensitive columns on or off; what is stored already stays."
    )
    def update_community_privacy(
        self, info: Info, input: UpdateCommunityPrivacyInput
    ) -> CommunityPrivacyAnswer:
        names = ("identity_numbers_on", "party_membership_on")
        return changed(PRIVACIES, info, input.privacy_id, input, names)
