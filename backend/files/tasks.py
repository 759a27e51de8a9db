"""What falls due by itself: removed attachments go for good, files without a row are swept."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.core.files.storage import default_storage
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django_tasks import task

from backend.core import gate
from backend.core.access import SYSTEM
from backend.core.routines import daily
from backend.files.actions import erase_attachments
from backend.files.models import FOLDER, Attachment
from backend.files.storing import drop_files
from backend.files.targets import targets

# As long as an upload of a sheet: time enough to notice that the wrong one was taken away.
REMOVED_KEPT = timedelta(days=30)
# A file older than this is no longer on its way to its row.
ON_ITS_WAY = timedelta(days=1)
_AT_ONCE = 200


@daily
@task()
def put_away_files() -> int:
    """Removes what hangs on no record, deletes what was removed 30 days ago, sweeps files without a
    row; answers how many files and rows it was."""
    now = timezone.now()
    return _let_go(now) + _delete_removed(now - REMOVED_KEPT) + _sweep(now - ON_ITS_WAY)


def _let_go(now: datetime) -> int:
    """Marks as removed what hangs on a record that was deleted."""
    hanging = Q(pk__in=[])
    for label, model in targets().items():
        there = model._default_manager.order_by().filter(pk=OuterRef("target_id"))
        hanging |= Q(Exists(there), target_model=label)
    known = Q(target_model__in=targets())
    gone = list(Attachment.objects.kept().filter(known).exclude(hanging))
    for attachment in gone:
        attachment.removed_at = now
    gate.save_many(gone, by=SYSTEM.through("worker"), reason="所属记录已删除")
    return len(gone)


def _delete_removed(before: datetime) -> int:
    removed = Attachment.objects.filter(removed_at__lt=before)
    done = 0
    while some := list(removed[:_AT_ONCE]):
        done += erase_attachments(some, by=SYSTEM.through("worker"), reason="移除期满")
    return done


def _sweep(before: datetime) -> int:
    """Deletes old files that no row names: a process may be killed between file and row."""
    dropped = 0
    for names in _in_portions(default_storage.listdir(FOLDER)[1] if _has_folder() else []):
        known = Attachment.objects.filter(Q(stored__among=names) | Q(thumbnail__among=names))
        kept = {name for pair in known.values_list("stored", "thumbnail") for name in pair}
        for name in names:
            if name not in kept and default_storage.get_modified_time(name) < before:
                drop_files([name])
                dropped += 1
    return dropped


def _has_folder() -> bool:
    return default_storage.exists(FOLDER)


def _in_portions(names: list[str]) -> Iterator[list[str]]:
    paths = [f"{FOLDER}/{name}" for name in names]
    for start in range(0, len(paths), _AT_ONCE):
        yield paths[start : start + _AT_ONCE]
