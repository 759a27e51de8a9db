"""Named reads of stations."""

from typing import Any

from django.db.models import Prefetch, QuerySet

from backend.core.roles import Role
from backend.people.models import User
from backend.people.queries import accounts_in_roles, accounts_of_bodies
from backend.stations.choices import RefillStatus
from backend.stations.models import CoolStation, Refill, StationStock, SupplyEntry

LATEST = 10


def able_to_refill(refill: Refill) -> QuerySet[User]:
    """The accounts to whom a refill may be given."""
    body = refill.stock.station.organization_id
    office = accounts_in_roles(refill.community_id, Role.SECRETARY, Role.WORKER)
    contacts = [user.pk for user in accounts_of_bodies([body])] if body is not None else []
    return User.objects.filter(pk__in=[*office.values_list("pk", flat=True), *contacts]).order_by(
        "pk"
    )


def stocks_of(station: CoolStation, user: Any) -> list[StationStock]:
    """What a station has, each with its open refill (`open_refills`, those that `user` may see)."""
    rows: Any = StationStock.objects.filter(station=station)
    seen: Any = Refill.objects.visible_to(user)
    refills = seen.with_overdue().filter(status=RefillStatus.OPEN)
    return list(
        rows.with_threshold()
        .select_related("supply")
        .prefetch_related(Prefetch("refills", refills, to_attr="open_refills"))
        .order_by("supply__position", "pk")
    )


def latest_entries(station: CoolStation, user: Any) -> list[SupplyEntry]:
    """The last entries of a station that `user` may see."""
    rows = SupplyEntry.objects.visible_to(user).filter(stock__station=station)
    found = rows.select_related("stock__supply", "account").order_by("-occurred_at", "-pk")
    return list(found[:LATEST])
