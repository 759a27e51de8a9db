"""Certificates and honours as the main API shows them."""

from datetime import date, datetime

import strawberry
import strawberry_django
from django.db.models import CharField, Q, Value
from django.db.models.functions import Concat
from strawberry import relay
from strawberry.types import Info

from backend.core.personal import masked
from backend.volunteers import models
from backend.volunteers.certificate_choices import CertificateStatus, HonourStatus
from schema.main.base import AvailableAction, Seen, moves_of
from schema.main.filters import code_of, of_community, one_of, updated_since
from schema.main.labels import in_words
from schema.main.personal import in_full
from schema.main.places import Community
from schema.main.volunteer_types import Volunteer

strawberry.enum(CertificateStatus, description="The states of a certificate.")
strawberry.enum(HonourStatus, description="The states of an honour.")
_MINUTES = "Minutes; as verified on that day."


def _file(kind: str) -> Concat:
    head, tail = Value("/certificates/"), Value(f"/certificate.{kind}")
    return Concat(head, "number", tail, output_field=CharField())


@strawberry_django.filter_type(models.Certificate)
class CertificateFilter:
    """Filters of certificates."""

    status = one_of(CertificateStatus, "status", "In one of these states.")
    community = of_community()
    volunteer = code_of("volunteer", "Of the volunteer with this code.")

    @strawberry_django.filter_field(description="Numbered in this year.")
    def year(self, value: int, prefix: str) -> Q:
        return Q(**{f"{prefix}year": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.Certificate)
class CertificateOrder:
    """Orders of certificates."""

    issued_on: strawberry.auto
    year: strawberry.auto
    sequence: strawberry.auto
    minutes: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Certificate,
    filters=CertificateFilter,
    ordering=CertificateOrder,
    description="志愿服务证明: the hours verified of one volunteer in some days; it never changes.",
)
class Certificate(Seen, relay.Node):
    id: relay.NodeID[int]
    number: str = strawberry_django.field(description="Public: anybody may check it.")
    year: int
    sequence: int = strawberry_django.field(description="Without a gap in its community and year.")
    starts_on: date
    ends_on: date = strawberry_django.field(description="The last day; part of it.")
    minutes: int = strawberry_django.field(description=_MINUTES)
    services: int = strawberry_django.field(description="How many records it counts.")
    issuer: str
    issued_on: date
    status: CertificateStatus
    voided_on: date | None
    updated_at: datetime
    community: Community
    volunteer: Volunteer
    volunteer_name: str = strawberry_django.field(
        annotate=masked("name", "volunteer__resident__name"), description="Masked: 张*"
    )
    void_reason_in_full = in_full(models.Certificate, "void_reason")
    pdf_path: str = strawberry_django.field(
        annotate=_file("pdf"),
        description="The paper, with the name in full: for whom it is about, and for those who may "
        "see names in full. Of a void one there is none.",
    )
    word_path: str = strawberry_django.field(
        annotate=_file("docx"), description="The same as Word."
    )

    status_label = in_words(CertificateStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"], description="What the caller may do with it now."
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]


@strawberry_django.filter_type(models.HonourLevel)
class HonourLevelFilter:
    """Filters of levels."""

    community = of_community()

    @strawberry_django.filter_field(description="In use, or (false) not any more.")
    def active(self, value: bool, prefix: str) -> Q:
        return Q(**{f"{prefix}active": value})

    updated_since = updated_since()


@strawberry_django.order_type(models.HonourLevel)
class HonourLevelOrder:
    """Orders of levels."""

    minutes: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.HonourLevel,
    filters=HonourLevelFilter,
    ordering=HonourLevelOrder,
    description="荣誉等级: a community's own, and what it takes.",
)
class HonourLevel(Seen, relay.Node):
    id: relay.NodeID[int]
    revision: int
    name: str
    minutes: int = strawberry_django.field(description="Verified minutes that lead to it.")
    active: bool
    updated_at: datetime
    community: Community


@strawberry_django.filter_type(models.Honour)
class HonourFilter:
    """Filters of honours."""

    status = one_of(HonourStatus, "status", "In one of these states.")
    community = of_community()
    volunteer = code_of("volunteer", "Of the volunteer with this code.")
    updated_since = updated_since()


@strawberry_django.order_type(models.Honour)
class HonourOrder:
    """Orders of honours."""

    granted_on: strawberry.auto
    minutes: strawberry.auto
    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    models.Honour,
    filters=HonourFilter,
    ordering=HonourOrder,
    description="荣誉: that a volunteer was given a level.",
)
class Honour(Seen, relay.Node):
    id: relay.NodeID[int]
    minutes: int = strawberry_django.field(description=_MINUTES)
    granted_on: date
    status: HonourStatus
    updated_at: datetime
    level: HonourLevel
    volunteer: Volunteer
    volunteer_name: str = strawberry_django.field(
        annotate=masked("name", "volunteer__resident__name"), description="Masked: 张*"
    )

    status_label = in_words(HonourStatus, "status", "The state in words.")

    @strawberry_django.field(
        only=["status", "community_id"], description="What the caller may do with it now."
    )
    def available_actions(self, info: Info) -> list[AvailableAction]:
        return moves_of(self, info)  # type: ignore[no-any-return]
