"""People in the main API. Personal fields come masked."""

import strawberry
import strawberry_django
from strawberry import relay
from strawberry.types import Info

from backend.core.access import UserLike
from backend.core.personal import masked
from backend.people import models
from schema.main.base import Seen, viewer
from schema.main.personal import in_full


@strawberry_django.type(
    models.Resident, description="居民: a person of the roster; every personal field is masked."
)
class Resident(Seen, relay.Node):
    id: relay.NodeID[int]

    @strawberry_django.field(
        annotate={"masked_name": masked("name", "name")}, description="Masked: 张*"
    )
    def name(self) -> str:
        return self.masked_name  # type: ignore[attr-defined]

    @strawberry_django.field(
        annotate={"masked_phone": masked("phone", "phone")},
        description="Masked: 138****5678; empty if unknown.",
    )
    def phone(self) -> str:
        return self.masked_phone  # type: ignore[attr-defined]

    name_in_full = in_full(models.Resident, "name")
    phone_in_full = in_full(models.Resident, "phone")


@strawberry.type(description="Who is signed in.")
class Me:
    username: str
    roles: list[str] = strawberry.field(description="Role names held today.")


@strawberry.type
class PeopleQuery:
    @strawberry.field(description="The signed-in user, null for an anonymous caller.")
    def me(self, info: Info) -> Me | None:
        user: UserLike = viewer(info)
        if not user.is_authenticated:
            return None
        held = models.CommunityRole.objects.held_by(user)
        return Me(username=user.get_username(), roles=sorted({role.role for role in held}))  # type: ignore[attr-defined]


@strawberry.type
class PeopleMutation:
    """Verbs on people; none yet."""
