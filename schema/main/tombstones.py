"""For programs that keep a copy: what is gone, what is out of sight, and where to go on."""

import hashlib
from collections import defaultdict
from datetime import datetime
from functools import cache
from typing import Any

import strawberry
import strawberry_django
from django.db.models import Q
from django.utils import timezone
from graphql import is_object_type
from strawberry import relay
from strawberry.types import Info

from backend.core.access import own_organizations, scope
from backend.core.errors import RuleViolation
from backend.core.horizon import settled_until
from backend.core.numbers import whole_number
from backend.core.roles import GRANTS
from backend.core.tombstones import Gone
from backend.core.tombstones import Tombstone as Row
from schema.main.base import Connection, Seen, refuse_anonymous, since, viewer

strawberry.enum(Gone, name="GoneReason", description="What became of an object.")
MOST_IDS = 500


@cache
def _types(schema: Any) -> dict[str, str]:
    """The types of nodes that the API has, and of which model each is."""
    found = {}
    for name, kind in schema._schema.type_map.items():
        if is_object_type(kind) and any(one.name == "Node" for one in kind.interfaces):
            declared = schema.get_type_by_name(name)
            known = getattr(declared.origin, "__strawberry_django_definition__", None)
            if known is not None:
                found[name] = known.model._meta.label
    return found


@cache
def _names(schema: Any) -> dict[str, str]:
    """The name of a model's type: the first, for none has two that are listed."""
    names: dict[str, str] = {}
    for name, label in _types(schema).items():
        names.setdefault(label, name)
    return names


@strawberry_django.filter_type(Row, name="TombstoneFilter")
class TombstoneFilter:
    """Filters of what is gone."""

    @strawberry_django.filter_field(
        description="Of these types: `LegalEducationEvent`, `Slot` … Unknown ones: unknown_type."
    )
    def types(self, info: Info, value: list[str], prefix: str) -> Q:
        known = _types(info.schema)
        unknown = sorted(set(value) - set(known))
        if unknown:
            raise RuleViolation(
                "unknown_type",
                f"没有这些类型：{'、'.join(unknown)[:100]}；请写接口里的类型名。",
                field="types",
            )
        return Q(**{f"{prefix}model__in": [known[name] for name in value]})

    @strawberry_django.filter_field(description="Gone at or after this moment.")
    def updated_since(self, value: datetime, prefix: str) -> Q:
        return since(value, prefix)


@strawberry_django.order_type(Row, name="TombstoneOrder")
class TombstoneOrder:
    """Orders of what is gone."""

    updated_at: strawberry.auto
    id: strawberry.auto


@strawberry_django.type(
    Row,
    name="Tombstone",
    filters=TombstoneFilter,
    ordering=TombstoneOrder,
    description="An object that is gone: what it was is not told, only which one.",
)
class Tombstone(Seen, relay.Node):
    id: relay.NodeID[int]
    updated_at: datetime = strawberry_django.field(description="When it went.")

    @classmethod
    def get_queryset(cls, queryset: Any, info: Info, **kwargs: Any) -> Any:
        seen = super().get_queryset(queryset, info, **kwargs)
        return seen.filter(model__in=sorted(_names(info.schema))).order_by("pk")

    @strawberry_django.field(only=["kind"], description="Why.")
    def reason(self) -> Gone:
        return Gone(self.kind)  # type: ignore[attr-defined]

    @strawberry_django.field(only=["model"], description="`LegalEducationEvent`, `Slot` …")
    def type_name(self, info: Info) -> str:
        return _names(info.schema)[self.model]  # type: ignore[attr-defined]

    @strawberry_django.field(
        only=["model", "object_id"], description="The id that the object had: drop it."
    )
    def object_id(self, info: Info) -> relay.GlobalID:
        row: Any = self
        return relay.GlobalID(_names(info.schema)[row.model], str(row.__dict__["object_id"]))

    @strawberry_django.field(
        only=["model", "into_id"],
        description="MERGED: the object that has everything now. Null for the other reasons.",
    )
    def into_id(self, info: Info) -> relay.GlobalID | None:
        row: Any = self
        into = row.__dict__["into_id"]
        return into and relay.GlobalID(_names(info.schema)[row.model], str(into))


@strawberry.type(description="Where a program that keeps a copy goes on next time.")
class SyncPoint:
    since: datetime = strawberry.field(
        description="Ask for this first; it is the `updatedSince` of the next run."
    )
    sight: str = strawberry.field(
        description="Another one than last time: the caller may see other rows than then. Read everything anew."
    )


@strawberry.type
class TombstonesQuery:
    tombstones: Connection[Tombstone] = strawberry_django.connection(
        description="Objects that the caller's roles could see and that are gone, the oldest first."
    )

    @strawberry.field(
        description="Where to go on next time, and whether the rights are as they were."
    )
    def sync_point(self, info: Info) -> SyncPoint:
        refuse_anonymous(info)
        return SyncPoint(since=settled_until(timezone.now()), sight=_sight(viewer(info)))

    @strawberry.field(
        description=f"Those of these ids (at most {MOST_IDS}) that the caller cannot see (any more)."
    )
    def out_of_sight(self, info: Info, ids: list[relay.GlobalID]) -> list[relay.GlobalID]:
        refuse_anonymous(info)
        if len(ids) > MOST_IDS:
            raise RuleViolation("too_many", f"一次最多问 {MOST_IDS} 个 id，请分几次。", field="ids")
        asked: dict[str, set[int]] = defaultdict(set)
        for one in ids:
            asked[one.type_name].add(whole_number(one.node_id) or 0)
        seen = set()
        for name, keys in asked.items():
            if name in _types(info.schema):
                kind: Any = info.schema.get_type_by_name(name)
                origin: Any = kind.origin
                model = origin.__strawberry_django_definition__.model
                # As `node` reads it: by the same row rule.
                rows = origin.get_queryset(model._default_manager.all(), info)
                found = rows.filter(pk__in=keys).order_by().values_list("pk", flat=True)
                seen |= {(name, str(pk)) for pk in found}
        return [one for one in ids if (one.type_name, one.node_id) not in seen]


def _sight(user: Any) -> str:
    """A name for what the caller's roles let them see: equal as long as that is equal."""
    where = sorted(
        (action, repr(_parts(scope(user, action)))) for action in GRANTS if ".see" in action
    )
    told = repr((user.pk, where, sorted(own_organizations(user))))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _parts(where: Any) -> tuple[Any, ...]:
    return (
        where.everywhere,
        *(sorted(part) for part in (where.communities, where.estates, where.estate_communities)),
    )
