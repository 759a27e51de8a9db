"""How the gate notes that rows are gone, in the transaction in which they go."""

from collections.abc import Collection, Mapping

from django.db import models
from django.utils import timezone

from backend.core.tombstones import Gone, Tombstone, told

# Rows a statement; SQLite takes 32 766 parameters.
CHUNK = 2_000


def remember_gone(
    model: type[models.Model],
    pks: Collection[int],
    kind: Gone,
    into: Mapping[int, int] | None = None,
) -> None:
    """Notes that rows are gone. Before they are deleted: it is looked up where they lie."""
    if not pks or model not in told():
        return
    now, known = timezone.now(), sorted(pks)
    paths = [getattr(model, "estate_path", None), getattr(model, "own_path", None)]
    for start in range(0, len(known), CHUNK):
        some = known[start : start + CHUNK]
        rows = model._base_manager.filter(pk__among=frozenset(some)).order_by("pk")
        wanted = [path for path in paths if path is not None]
        Tombstone.objects.bulk_create(
            Tombstone(
                model=model._meta.label,
                object_id=pk,
                kind=kind,
                into_id=(into or {}).get(pk),
                updated_at=now,
                community_id=community,
                estate_id=places[0] if paths[0] is not None else None,
                organization_id=places[-1] if paths[1] is not None else None,
            )
            for pk, community, *places in rows.values_list("pk", "community_id", *wanted)
        )
