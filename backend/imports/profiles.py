"""What staff have said of the columns of a sheet, remembered for sheets with the same headings."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef

from backend.core import gate
from backend.core.access import SYSTEM, Actor
from backend.core.models import ChangeSet
from backend.imports.assigning import Source
from backend.imports.blocks import keys_of
from backend.imports.headers import Profiles
from backend.imports.models import ImportBatch, MappingProfile
from backend.imports.sheet import Sheet

# Unused for so long, a profile is forgotten.
KEPT_DAYS = 2 * 365


def recalled_by(community: Any, sheet: Sheet) -> Callable[[set[str]], Profiles]:
    """What a community remembers of sheets, by fingerprint: for `find_header` to ask."""

    def recall(fingerprints: set[str]) -> Profiles:
        found = MappingProfile.objects.filter(
            community=community, register=sheet.register, fingerprint__in=fingerprints
        )
        return {profile.fingerprint: profile.columns for profile in found}

    return recall


def profile_of(batch: ImportBatch) -> MappingProfile | None:
    """The profile for sheets with a batch's headings, if there is one."""
    if not batch.fingerprint:
        return None
    return MappingProfile.objects.filter(
        community=batch.community_id, register=batch.register, fingerprint=batch.fingerprint
    ).first()


def remember(batch: ImportBatch, sheet: Sheet, *, by: Actor, within: ChangeSet) -> None:
    """Keeps what was said of a planned batch's columns, where it is more than their names say."""
    columns = _said(batch, sheet)
    if not columns or not batch.fingerprint:
        return
    # One at a time: two clerks may settle the same kind of sheet together.
    gate.hold(batch.community)
    profile = profile_of(batch) or MappingProfile(
        community=batch.community, register=batch.register, fingerprint=batch.fingerprint
    )
    if profile.pk is not None and profile.columns == columns:
        return
    profile.headings = [heading["heading"] for heading in batch.headings]
    profile.columns = columns
    profile.said_by = by.user
    gate.save_many([profile], by=by, within=within)


def _said(batch: ImportBatch, sheet: Sheet) -> Mapping[str, str]:
    keys = keys_of({h["index"]: h["heading"] for h in batch.headings})
    by_attribute = {column.attribute: column for column in sheet.columns_for(batch.community)}
    said = {}
    for heading in batch.headings:
        use = heading["attribute"] or "-"
        column = by_attribute.get(use)
        certain = column is not None and column.is_called(heading["heading"])
        if heading["source"] in (Source.STAFF, Source.PROFILE) and not certain:
            said[keys[heading["index"]]] = use
    return said


def drop_unused(before: datetime) -> int:
    """Forgets the profiles that no sheet has met since; answers how many."""
    met = ImportBatch.objects.filter(
        community=OuterRef("community"),
        register=OuterRef("register"),
        fingerprint=OuterRef("fingerprint"),
        created_at__gte=before,
    )
    old = list(MappingProfile.objects.filter(~Exists(met), updated_at__lt=before))
    gate.delete_many(old, by=SYSTEM.through("worker"), reason="列对应很久没有用到")
    return len(old)
