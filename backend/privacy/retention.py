"""What becomes of records when their time is over: people leave them, the numbers stay.

Each chunk is a transaction of its own: the rows, their history and the count of them together. So
a killed worker leaves the rest to the next run, and two workers at once do nothing twice.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils import timezone

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.gate_forget import forget, forget_in_history
from backend.core.holdings import Expiring, Holding, all_expiring, all_holdings
from backend.core.models import Kept
from backend.files.actions import erase_rows
from backend.files.queries import attachments_of
from backend.files.storing import drop_files
from backend.places.models import Community
from backend.privacy.models import RetentionRule, RetentionRun

# Rows a transaction: others write in between.
CHUNK = 500


@dataclass(frozen=True)
class Term:
    """One kind of record in one community: how long it is kept, and what is due."""

    holding: Holding
    # None: rows that belong to no community.
    community: Community | None
    days: int
    own: bool

    def due(self, now: datetime) -> models.QuerySet[Any]:
        """Rows whose time is over and that still name somebody."""
        rows = self.holding.model._base_manager.filter(
            **{
                self.holding.community: self.community,
                f"{self.holding.since}__lt": now - timedelta(days=self.days),
            }
        )
        if self.holding.done is not None:
            rows = rows.exclude(self.holding.done())
        return rows.order_by("pk")


def terms(communities: models.QuerySet[Community]) -> Iterator[Term]:
    """Every kind of record that has a term, in each of the communities."""
    own = {(r.community_id, r.holding): r.days for r in RetentionRule.objects.all()}
    for community in communities.order_by("pk"):
        for holding in all_holdings():
            if holding.kept_days is not None:
                days = own.get((community.pk, holding.code))
                yield Term(holding, community, days or holding.kept_days, days is not None)


def _of_nowhere() -> Iterator[Term]:
    """Kinds of record that may lie in no community: by the default term."""
    for holding in all_holdings():
        if holding.kept_days is None or "__" in holding.community:
            continue
        if holding.model._meta.get_field(holding.community).null:
            yield Term(holding, None, holding.kept_days, False)


def let_go() -> int:
    """Makes anonymous what is due everywhere, and drops what expires; answers how many rows."""
    done = 0
    for term in [*terms(Community.objects.all()), *_of_nowhere()]:
        while count := _next_chunk(term):
            done += count
    for expiring in all_expiring():
        done += _expire(expiring)
    return done


def _next_chunk(term: Term) -> int:
    """One chunk; 0 when nothing is due."""
    now = timezone.now()
    by = SYSTEM.through("worker")
    model = term.holding.model
    community_id = term.community.pk if term.community is not None else None
    if not term.due(now).exists():
        return 0
    with gate.change_set(
        f"retention {term.holding.code}", by=by, community_id=community_id
    ) as changes:
        # Locked as they are chosen: a second worker waits, looks again, and finds them done.
        rows = list(term.due(now).select_for_update(of=("self",), no_key=True)[:CHUNK])
        anonymous = term.holding.anonymous
        names = {
            model._meta.get_field(name).attname for row in rows for name in anonymous(row)
        } | term.holding.texts
        forget(model, rows, anonymous, changes)
        if issubclass(model, Kept):
            pks = [row.pk for row in rows]
            forget_in_history(model, pks, names)
            files = erase_rows(list(attachments_of(model._meta.label, pks)), by=by, within=changes)
            # Those of a worker that is killed before are swept with other files without a row.
            transaction.on_commit(lambda: drop_files(files))
        if rows:
            _note(term.holding.code, community_id, len(rows))
    return len(rows)


def _expire(expiring: Expiring) -> int:
    if expiring.expire is None:
        return 0
    with transaction.atomic():
        count = expiring.expire(timezone.now() - timedelta(days=expiring.kept_days))
        if count:
            _note(expiring.code, None, count)
    return count


def _note(code: str, community_id: int | None, rows: int) -> None:
    gate.keep_notes([RetentionRun(holding=code, community_id=community_id, rows=rows)])
