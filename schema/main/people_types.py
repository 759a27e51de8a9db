"""People in the main API: what is shown of them. Personal fields come masked."""

from datetime import date, datetime
from typing import Annotated

import strawberry
import strawberry_django
from django.db.models import Q
from strawberry import relay

from backend.core.masking import ANONYMOUS
from backend.core.personal import masked
from backend.people import models
from schema.main.base import Language, Seen, label_of
from schema.main.filters import code_of, of_community, updated_since
from schema.main.people_enums import ConsentMeans, ConsentPurpose, PhoneKind, Residence
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.twins import nested_list


@strawberry_django.filter_type(models.PrivacyNotice)
class PrivacyNoticeFilter:
    """Filters of notices."""

    community = of_community()
    updated_since = updated_since()


@strawberry_django.order_type(models.PrivacyNotice)
class PrivacyNoticeOrder:
    """Orders of notices."""

    published_on: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.PrivacyNotice,
    filters=PrivacyNoticeFilter,
    ordering=PrivacyNoticeOrder,
    description="告知书: what a community tells people about the use of their data.",
)
class PrivacyNotice(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    version: str
    text: str
    published_on: date | None = strawberry_django.field(description="Null: a draft.")
    updated_at: datetime
    community: Community


@strawberry_django.type(
    models.Consent, description="同意记录: one purpose agreed to, under one version of the notice."
)
class Consent(Seen, relay.Node):
    id: relay.NodeID[int]
    purpose: ConsentPurpose
    means: ConsentMeans
    given_on: date
    withdrawn_on: date | None = strawberry_django.field(description="Null while it stands.")
    notice: PrivacyNotice


@strawberry_django.type(
    models.ResidentPhone, description="其他电话: a further telephone of a resident; masked."
)
class ResidentPhone(Seen, relay.Node):
    id: relay.NodeID[int]
    kind: PhoneKind

    @strawberry_django.field(
        annotate={"masked_phone": masked("phone", "phone")}, description="Masked: 138****5678"
    )
    def phone(self) -> str:
        return self.masked_phone  # type: ignore[attr-defined]


@strawberry_django.filter_type(models.Resident)
class ResidentFilter:
    """Filters of residents; nothing personal can be asked for."""

    @strawberry_django.filter_field(description="Who live here, have moved out, or have died.")
    def residence(self, value: list[Residence], prefix: str) -> Q:
        gone = {f"{prefix}died_on__isnull": False}
        left = {f"{prefix}moved_out_on__isnull": False, f"{prefix}died_on__isnull": True}
        here = {f"{prefix}moved_out_on__isnull": True, f"{prefix}died_on__isnull": True}
        rows = Q(pk__in=[])
        for wanted, row in zip(Residence, (here, left, gone), strict=True):
            if wanted in value:
                rows |= Q(**row)
        # Who was erased lives nowhere: the row only counts.
        return rows & ~Q(**{f"{prefix}name__startswith": ANONYMOUS})

    community = of_community()
    estate = code_of("building__estate", "In the estate with this code.")
    updated_since = updated_since()


@strawberry_django.order_type(models.Resident)
class ResidentOrder:
    """Orders of residents; by nothing personal."""

    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Resident,
    filters=ResidentFilter,
    ordering=ResidentOrder,
    description="居民: a person of the roster; every personal field is masked.",
)
class Resident(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    community: Community
    created_at: datetime
    updated_at: datetime
    moved_out_on: date | None
    died_on: date | None
    phones: list[ResidentPhone] = strawberry_django.field(
        description="Further phones; the first one is `phone`."
    )
    household: Annotated["Household", strawberry.lazy("schema.main.people_types")] | None

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

    @strawberry_django.field(
        only=["moved_out_on", "died_on"], description="Whether they live here."
    )
    def residence(self) -> Residence:
        return self.residence

    @strawberry_django.field(only=["moved_out_on", "died_on"], description="The same in words.")
    def residence_label(self, lang: Language = Language.ZH) -> str:
        return label_of(Residence, self.residence, lang)


@strawberry_django.filter_type(models.Household)
class HouseholdFilter:
    """Filters of households."""

    @strawberry_django.filter_field(description="Lived in, or empty.")
    def occupied(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}occupied": value})

    community = of_community()
    estate = code_of("building__estate", "In the estate with this code.")
    updated_since = updated_since()


@strawberry_django.order_type(models.Household)
class HouseholdOrder:
    """Orders of households."""

    created_at: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Household,
    filters=HouseholdFilter,
    ordering=HouseholdOrder,
    description="住户: one door and those who live behind it; the door itself is masked.",
)
class Household(Seen, relay.Node):
    id: relay.NodeID[int]
    community: Community
    occupied: bool
    created_at: datetime
    updated_at: datetime
    head: Resident | None = strawberry_django.field(description="户主")
    members: list[Resident] = nested_list(description="Who live here, masked.")

    @strawberry_django.field(
        select_related=["building"], only=["building__name"], description="楼号, without the door."
    )
    def building(self) -> str:
        return str(self.building.name)
