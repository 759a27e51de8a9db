"""Erasing a person: every row about them loses its name, and nothing else keeps it.

One transaction for the database. Files are deleted after it, by a routine that may run again.
The end is a search for what is left, and what it finds is said.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from dataclasses import replace as replaced
from typing import Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.db import DatabaseError, connections, models, transaction
from django.utils import timezone

from backend.core import gate, history
from backend.core.access import Actor, require
from backend.core.errors import RuleViolation
from backend.core.gate_forget import (
    blank,
    clear_freed_pages,
    drop_cells,
    forget,
    replace_text,
    replace_whole,
    rewrite_history,
)
from backend.core.holdings import Holding, all_holdings
from backend.core.models import ChangePart, ChangeSet, IdempotencyKey, Kept
from backend.core.roles import Role
from backend.core.traces import (
    SESSIONS,
    TextColumn,
    Trace,
    cleaned,
    cleaner,
    session_content,
    stands_in,
    text_columns,
    traces_in_files,
    traces_of,
)
from backend.exports.forgetting import forget_in_exports
from backend.files.actions import erase_rows
from backend.files.queries import attachments_of
from backend.imports.forgetting import forget_in_imports
from backend.messaging.channels.file import forget_lines
from backend.people.models import CommunityRole, Resident, User
from backend.privacy import rules
from backend.privacy.choices import Identified, RequestKind, RequestStatus
from backend.privacy.models import Removal, SubjectRequest, is_nobody
from backend.privacy.subjects import Subject, accounts_of, subject_of

# Shorter names stand in other words too (和平 is a person, and 和平小区 is not).
_DISTINCT = 3
# Whose rows belong to an account and go with it.
_SIGN_IN = {"account", "socialaccount", "mfa", "usersessions", "headless", "accounts", "axes"}
_BY_NAME = {"actor_name", "username"}


@dataclass
class Erased:
    """What an erasure did: rows by holding, and the cells in which a name or phone still stands."""

    request: SubjectRequest
    counts: dict[str, int] = field(default_factory=dict)
    left: list[Trace] = field(default_factory=list)


def erase_resident(
    resident: Resident, *, by: Actor, reason: str = "", request: SubjectRequest | None = None
) -> Erased:
    """Makes every row about the resident anonymous, in the tables, in history, in what was imported.

    Counts stay. Answers what was done and what could not be taken out. The request to erase is
    then DONE; without one, one is made. Raises: not_allowed; already_erased; account_has_office;
    wrong_state.
    """
    require(by, "privacy.erase", resident.community_id)
    if request is not None and request.kind != RequestKind.ERASE:
        raise RuleViolation("wrong_state", "这不是删除请求，请先登记一条“删除”请求。")
    with gate.change_set("erase resident", by=by, community_id=resident.community_id) as changes:
        gate.hold(resident.community)
        gate.hold(resident)
        resident = Resident.objects.get(pk=resident.pk)
        rules.is_still_there(is_nobody(resident))
        subject = subject_of(resident)
        accounts = accounts_of(subject.pks)
        rules.holds_no_office(_offices(accounts))
        system = replaced(by, system=True)
        request = request or _request_of(resident, system, changes)
        # Found before anything is changed: what is cut no longer leads to the next.
        found = [(holding, list(holding.about(*subject.pks))) for holding in all_holdings()]
        counts = {}
        for holding, rows in found:
            if changed := forget(holding.model, rows, holding.anonymous, changes):
                counts[holding.code] = changed
        files = [
            name
            for holding, rows in found
            for name in erase_rows(
                list(attachments_of(holding.model._meta.label, [row.pk for row in rows])),
                by=system,
                within=changes,
            )
        ]
        forget(Resident, _roster(subject), lambda row: {"user": None}, changes)
        for user in accounts:
            _close_account(user)
        _forget_in_history(subject)
        files += forget_in_imports(subject.values, by=system, within=changes)
        files += forget_in_exports(subject.values)
        left = _clear_texts(subject, changes)
        forget_lines(subject.values)
        left += [t for t in traces_in_files(subject.values) if t.key not in files]
        gate.keep_notes([Removal(name=name) for name in [*files, ""]])
        request = _finished(request, counts, left, system, cleaner(subject.values)(reason), changes)
    # A disk that fails now does not undo what is done: the routine comes again.
    transaction.on_commit(finish_removals, robust=True)
    return Erased(request, counts, left)


def finish_removals() -> int:
    """Deletes the files that erasures have let go of, and overwrites freed pages; answers how many.

    May run at any time and again: what is done is crossed off afterwards.
    """
    done = 0
    for removal in Removal.objects.exclude(name="").order_by("pk"):
        if default_storage.exists(removal.name):
            default_storage.delete(removal.name)
        done += gate.drop_notes(Removal.objects.filter(pk=removal.pk))
    pages = list(Removal.objects.filter(name="").values_list("pk", flat=True))
    if pages:
        try:
            if clear_freed_pages():
                done += gate.drop_notes(Removal.objects.filter(pk__in=pages))
        except DatabaseError:
            # Somebody reads or writes just now: the routine comes again.
            return done
    return done


# --- the steps -----------------------------------------------------------------------------------


def _roster(subject: Subject) -> list[Resident]:
    return list(Resident._base_manager.filter(pk__in=subject.pks))


def _offices(accounts: list[User]) -> list[str]:
    today = CommunityRole.objects.valid_on(timezone.localdate())
    held = today.filter(user__in=accounts).exclude(role=Role.RESIDENT)
    return sorted({str(role.get_role_display()) for role in held})


def _request_of(resident: Resident, by: Actor, changes: ChangeSet) -> SubjectRequest:
    return gate.save(
        SubjectRequest(
            community_id=resident.community_id,
            kind=RequestKind.ERASE,
            resident=resident,
            identified=Identified.KNOWN,
        ),
        by=by,
        within=changes,
    )


def _finished(
    request: SubjectRequest,
    counts: dict[str, int],
    left: list[Trace],
    by: Actor,
    reason: str,
    changes: ChangeSet,
) -> SubjectRequest:
    # Read again: its own details have just been forgotten.
    request = SubjectRequest.objects.get(pk=request.pk)
    if request.status != RequestStatus.RECEIVED:
        raise RuleViolation("wrong_state", "这条请求已经办结，不能再次删除。")
    request = gate.move(request, "finish", by=by, reason=reason[:500], within=changes)
    request.counts = counts
    request.left = [
        {"table": t.column.table, "column": t.column.name, "key": str(t.key)[:80]} for t in left
    ]
    gate.save_many([request], by=by, within=changes)
    return request


def _close_account(user: User) -> None:
    """The account names nobody, lets nobody in, and has no session, key or device left."""
    old, new = user.username, f"closed-{user.pk}"
    for model in apps.get_models():
        if model._meta.app_label in _SIGN_IN and not issubclass(model, Kept):
            for name in _keys_to_users(model):
                gate.drop_notes(model._base_manager.filter(**{name: user}))
    gate.drop_notes(IdempotencyKey.objects.filter(user=user))
    sessions = [
        session.pk
        for session in Session.objects.order_by("pk")
        if session_content(session.session_data).get("_auth_user_id") == str(user.pk)
    ]
    gate.drop_notes(Session.objects.filter(pk__in=sessions))
    values: dict[str, Any] = {
        "username": new,
        "first_name": "",
        "last_name": "",
        "email": "",
        "is_active": False,
        "password": "!",
    }
    gate.note(User, {"pk": user.pk}, values)
    for column in _bookkeeping_columns():
        if column.name in _BY_NAME:
            replace_whole(column, old, new)


def _keys_to_users(model: type[models.Model]) -> list[str]:
    return [
        f.name
        for f in model._meta.concrete_fields
        if isinstance(f, models.ForeignKey) and f.related_model is User
    ]


def _forget_in_history(subject: Subject) -> None:
    """Takes the person out of every part: rows about them whole, mentions elsewhere by stars."""
    holdings = {h.model._meta.label: h for h in all_holdings()}
    needles = [value.encode() for value in subject.values]
    clean = cleaner(subject.values)

    def look_at(part: ChangePart) -> Callable[[int, history.Values], bool] | None:
        holding = holdings.get(part.model)
        mine = subject.rows[holding.code] if holding else set()
        mentioned = stands_in(part.payload, needles)
        if not mentioned and not any(part.first_pk <= pk <= part.last_pk for pk in mine):
            return None
        others = _rows_of_others(holding, subject, part) if holding and mentioned else set()

        def look(pk: int, values: history.Values) -> bool:
            if holding is not None and pk in mine:
                blank(values, subject.texts[holding.code])
            for name, value in values.items():
                # A namesake keeps their name, and who shares a phone the phone.
                if pk not in others or holding is None or name not in holding.identifying:
                    values[name] = cleaned(value, clean)
            return holding is not None and pk in mine

        return look

    rewrite_history(ChangePart.objects.all(), look_at)


def _rows_of_others(holding: Holding, subject: Subject, part: ChangePart) -> set[int]:
    """Rows that are there and are somebody else's: a namesake keeps their name."""
    rows = holding.model._base_manager.filter(pk__range=(part.first_pk, part.last_pk))
    mine = subject.rows[holding.code]
    return {pk for pk in rows.values_list("pk", flat=True) if pk not in mine}


def _bookkeeping_columns() -> list[TextColumn]:
    """Columns of tables that the gate does not keep, the accounts' own and history left out."""
    kept = {m._meta.db_table for m in apps.get_models() if issubclass(m, Kept)}
    apart = kept | {User._meta.db_table, ChangePart._meta.db_table}
    return [c for database in connections for c in text_columns(database) if c.table not in apart]


def _clear_texts(subject: Subject, changes: ChangeSet) -> list[Trace]:
    """Puts stars for what stands in texts elsewhere; answers where something is left."""
    kept = {m._meta.db_table: m for m in apps.get_models() if issubclass(m, Kept)}
    apart = {User._meta.db_table, ChangePart._meta.db_table}
    for column, traces in _by_column(traces_of(subject.values)).items():
        if column.table == SESSIONS:
            drop_cells(column.table, column.key, [t.key for t in traces], column.database)
        elif column.table in kept:
            _clear_kept(kept[column.table], column.name, traces, subject, changes)
        elif column.table not in apart and column.kind != "binary":
            replace_text(column, subject.values)
    return [t for t in traces_of(subject.values) if not _is_of_others(t, kept, subject)]


def _by_column(traces: list[Trace]) -> dict[TextColumn, list[Trace]]:
    found: dict[TextColumn, list[Trace]] = {}
    for trace in traces:
        found.setdefault(trace.column, []).append(trace)
    return found


def _clear_kept(
    model: type[Kept], column: str, traces: list[Trace], subject: Subject, changes: ChangeSet
) -> None:
    """Free text of other rows: a phone, and a name that stands for nobody and nothing else."""
    field_ = next(f for f in model._meta.concrete_fields if f.column == column)
    if not isinstance(field_, models.CharField | models.TextField | models.JSONField):
        return
    if model.personal.get(field_.name) in ("name", "phone") or isinstance(field_, models.SlugField):
        return
    taken = [phone for phone in subject.phones if not _has_others(subject, phone=phone)]
    taken += [
        name
        for name in subject.names
        if len(name) >= _DISTINCT and not _has_others(subject, name__contains=name)
    ]
    clean = cleaner(taken)
    rows = model._base_manager.filter(pk__in=[trace.key for trace in traces])
    forget(
        model,
        list(rows),
        lambda row: {field_.name: cleaned(getattr(row, field_.attname), clean)},
        changes,
    )


def _has_others(subject: Subject, **called: str) -> bool:
    return Resident.objects.filter(**called).exclude(pk__in=subject.pks).exists()


def _is_of_others(trace: Trace, kept: dict[str, type[Kept]], subject: Subject) -> bool:
    """Whether a cell tells of somebody else who has the same name or phone."""
    model = kept.get(trace.column.table)
    if model is None:
        # History of a namesake's row, or of nothing else: the rows themselves were looked at.
        return trace.column.table == ChangePart._meta.db_table and any(
            _has_others(subject, **{key: value})
            for key, values in (("name", subject.names), ("phone", subject.phones))
            for value in values
        )
    holding = next((h for h in all_holdings() if h.model is model), None)
    if holding is None or holding.link is None or trace.key in subject.rows[holding.code]:
        return False
    links = model._base_manager.filter(pk=trace.key).values_list(holding.link, flat=True)
    return trace.column.name in holding.identifying and any(link is not None for link in links)
