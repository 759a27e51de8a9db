"""Verbs of opening a community: look at a workbook, confirm, undo, hand out the first sign-ins."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from backend.core import gate, undo
from backend.core.access import Actor, scope_of, subdistricts
from backend.core.errors import not_allowed
from backend.files.storing import drop_files
from backend.founding import planning, rules
from backend.founding.models import Founding
from backend.imports.actions import Upload
from backend.imports.reading import UnreadableFile
from backend.imports.rules import file_fits
from backend.people.models import CommunityRole, User
from backend.places.models import Subdistrict


def may_open(by: Actor, subdistrict_id: int, verb: str = "edit") -> bool:
    """Whether the actor may open communities in a subdistrict: its office, or the administrator."""
    action = Founding.action(verb)
    if scope_of(by, action).everywhere:
        return True
    return by.user is not None and subdistrict_id in subdistricts(by.user, action)


def _require(by: Actor, subdistrict_id: int, verb: str) -> Actor:
    if not may_open(by, subdistrict_id, verb):
        raise not_allowed()
    # What follows is allowed by being the office of that subdistrict, which has no community yet.
    return by.vouched_for()


def look_at(upload: Upload, subdistrict: Subdistrict, *, by: Actor) -> Founding:
    """An opening with its preview: READ if it can be confirmed, REFUSED while it has problems.

    Raises: file_too_large; file_broken and the other codes of unreadable files; not_allowed.
    """
    vouched = _require(by, subdistrict.pk, "edit")
    file_fits(upload.size, settings.IMPORT_MAX_BYTES)
    founding = Founding(subdistrict=subdistrict, uploaded_by=by.user)
    founding.upload.save(upload.name, upload.content, save=False)
    try:
        read = planning.read_workbook(Path(founding.upload.path), subdistrict)
        _show(founding, planning.preview(read, by=by))
        gate.save(founding, by=vouched)
        if founding.problems:
            founding = gate.move(founding, "refuse", by=vouched)
            _let_file_go(founding, vouched)
    except UnreadableFile as unreadable:
        founding.upload.delete(save=False)
        raise planning.as_violation(unreadable) from None
    except BaseException:
        founding.upload.delete(save=False)
        raise
    return founding


def _show(founding: Founding, opening: planning.Opening) -> None:
    founding.sheets = [told.as_dict() for told in opening.told]
    founding.digest = opening.digest
    founding.community_name = opening.community_name
    founding.create = sum(told.create for told in opening.told)
    founding.unchanged = sum(told.unchanged for told in opening.told)
    founding.problems = opening.wrong


def confirm(founding: Founding, *, by: Actor) -> Founding:
    """The community, made: exactly what the preview showed, or nothing.

    Raises: wrong_state; workbook_has_problems; founding_outdated; upload_gone; not_allowed.
    """
    vouched = _require(by, founding.subdistrict_id, "move")
    rules.workbook_is_kept(bool(founding.upload))
    try:
        read = planning.read_workbook(Path(founding.upload.path), founding.subdistrict)
    except UnreadableFile as unreadable:
        raise planning.as_violation(unreadable) from None
    with transaction.atomic():
        gate.hold(founding.subdistrict)
        # Moved first: it locks the row, so two clicks make it once.
        founding = gate.move(founding, "make", by=vouched)
        opening = planning.make(read, by=by)
        rules.everything_is_right(opening.wrong)
        rules.same_as_shown(founding.digest, opening.digest)
        founding.opened = opening.community
        founding.change_set = opening.change_set
        founding.accounts = opening.accounts
        founding.made_at = timezone.now()
        gate.save(founding, by=vouched)
        _let_file_go(founding, vouched)
    founding.refresh_from_db()
    return founding


@dataclass
class UndoneFounding:
    """The opening, and the rows left because others have worked on them since."""

    founding: Founding
    left: list[tuple[str, int, str]]


def take_back(founding: Founding, *, by: Actor, reason: str = "") -> UndoneFounding:
    """Takes an opening back: rows and appointments go, accounts that nobody used too.

    The community itself stays, empty: its history names it. Raises: wrong_state; already_undone;
    not_allowed.
    """
    vouched = _require(by, founding.subdistrict_id, "move")
    with transaction.atomic():
        gate.hold(founding.subdistrict)
        founding = gate.move(founding, "undo", by=vouched, reason=reason)
        assert founding.change_set is not None
        done = undo.undo(founding.change_set, by=vouched, reason=reason)
        _close_accounts(founding.accounts)
        founding.undone_at = timezone.now()
        founding.left = len(done.left)
        gate.save(founding, by=vouched)
    return UndoneFounding(founding, done.left)


def _close_accounts(pks: list[int]) -> None:
    """Those nobody has used go; who has signed in is named by history, and can come in no more."""
    without_post = User.objects.filter(pk__in=pks).exclude(
        pk__in=CommunityRole.objects.values("user")
    )
    unused = set(without_post.filter(last_login=None).values_list("pk", flat=True))
    unused -= gate.referenced(User, sorted(unused))
    gate.change_notes(without_post.exclude(pk__in=unused), is_active=False)
    gate.drop_notes(User.objects.filter(pk__in=unused))


def discard(founding: Founding, *, by: Actor) -> Founding:
    """The opening, given up before anything was written. Raises: wrong_state; not_allowed."""
    vouched = _require(by, founding.subdistrict_id, "move")
    with transaction.atomic():
        founding = gate.move(founding, "discard", by=vouched)
        _let_file_go(founding, vouched)
    return founding


def first_sign_ins(founding: Founding, *, by: Actor) -> list[Any]:
    """The accounts that wait for their owner, whose links are about to be shown: history says so.

    Raises: not_allowed.
    """
    vouched = _require(by, founding.subdistrict_id, "move")
    waiting = founding.open_accounts
    if waiting:
        reason = f"{len(waiting)} 个账号"
        with gate.change_set(
            "hand out first sign-ins",
            by=vouched,
            community_id=founding.opened_id,
            reason=reason,
        ):
            pass
    return list(waiting)


def _let_file_go(founding: Founding, by: Actor) -> None:
    """What staff wrote about themselves is not kept once it is made or given up."""
    name = str(founding.upload.name or "")
    if not name:
        return
    founding.upload = ""  # type: ignore[assignment]
    gate.save(founding, by=by)
    transaction.on_commit(partial(drop_files, [name]))
