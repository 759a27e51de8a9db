"""Named reads of personal data."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Max, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone

from backend.core.holdings import all_expiring, all_holdings
from backend.core.traces import FILES
from backend.imports.forgetting import batches_that_mention
from backend.people.models import Resident
from backend.places.models import Community
from backend.privacy.models import RetentionRun, SubjectRequest
from backend.privacy.retention import terms
from backend.privacy.rules import longest_days
from backend.privacy.subjects import accounts_of, subject_of


@dataclass(frozen=True)
class Erasure:
    """What erasing somebody would touch: shown before it is confirmed."""

    tables: list[tuple[str, int]]
    imports: int
    accounts: int


def erasure_preview(resident: Resident) -> Erasure:
    """How many rows of which tables, how many imports, how many accounts."""
    subject = subject_of(resident)
    tables = [(h.label, count) for h in all_holdings() if (count := h.about(*subject.pks).count())]
    return Erasure(
        tables=tables,
        imports=len(batches_that_mention(subject.values)),
        accounts=len(accounts_of(subject.pks)),
    )


@dataclass(frozen=True)
class KeptFor:
    """One line of the overview: a kind of record, its term, what is due, what was last done."""

    label: str
    community: str
    days: int
    own: bool
    longest: int | None
    due: int
    last: datetime | None


def retention_overview(communities: Any) -> list[KeptFor]:
    """Everything that goes by itself, with the terms that hold in these communities."""
    now = timezone.now()
    runs = RetentionRun.objects.filter(Q(community__in=communities) | Q(community=None))
    last: dict[tuple[str, int | None], datetime] = {
        (code, community): ran_at
        for code, community, ran_at in runs.order_by()
        .values_list("holding", "community")
        .annotate(Max("ran_at"))
    }
    found = list(terms(Community.objects.filter(pk__in=communities)))
    due = _counts([term.due(now) for term in found])
    lines = [
        KeptFor(
            label=term.holding.label,
            community=str(term.community),
            days=term.days,
            own=term.own,
            longest=longest_days(term.holding.kept_days or 0),
            due=due[at],
            last=last.get((term.holding.code, term.community.pk if term.community else None)),
        )
        for at, term in enumerate(found)
    ]
    lines += [
        KeptFor(
            label=expiring.label,
            community="",
            days=settings.UPLOADS_KEPT_DAYS if expiring.code == "uploads" else expiring.kept_days,
            own=False,
            longest=None,
            due=0,
            last=last.get((expiring.code, None)),
        )
        for expiring in all_expiring()
    ]
    return lines


def _counts(querysets: list[QuerySet[Any]]) -> list[int]:
    """How many rows each has, in one statement."""
    counting = [
        rows.order_by().annotate(at=Value(at)).values_list("at").annotate(rows=Count("pk"))
        for at, rows in enumerate(querysets)
    ]
    if not counting:
        return []
    found = dict(counting[0].union(*counting[1:], all=True))
    return [found.get(at, 0) for at in range(len(querysets))]


def places_left(request: SubjectRequest) -> list[dict[str, Any]]:
    """Where an erasure could not take something out: what kind of record, and its page if any."""
    models = {m._meta.db_table: m for m in apps.get_models()}
    found = []
    for place in request.left:
        if place["table"] == FILES:
            found.append({"what": "上传的文件", "column": "内容", "key": place["key"], "url": ""})
            continue
        model = models.get(place["table"])
        name = str(model._meta.verbose_name) if model is not None else place["table"]
        field = (
            next((f for f in model._meta.concrete_fields if f.column == place["column"]), None)
            if model is not None
            else None
        )
        label = str(field.verbose_name) if field is not None else place["column"]
        url = ""
        if model is not None and model in admin.site._registry:
            opts = model._meta
            url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[place["key"]])
        found.append({"what": name, "column": label, "key": place["key"], "url": url})
    return found
