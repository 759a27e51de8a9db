"""Two rows of one person become one, and become two again when that was wrong.

Everything that points at the second row is pointed at the first, whatever table it stands in, in
one change set; taking back is the undo of that change set. The second row stays, met nowhere.
docs/decisions/0006-merging.md says why.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.db import transaction
from django.db.models import ForeignKey

from backend.core import gate
from backend.core.access import Actor, require
from backend.core.errors import ManyViolations, RuleViolation, not_found
from backend.core.facts import uniques
from backend.core.models import ChangePart, ChangeSet, Kept
from backend.core.undo import Undone, undo
from backend.people import rules
from backend.people.choices import PhoneKind
from backend.people.models import Household, Resident, ResidentPhone
from backend.people.queries import own_phones

VERB = "merge residents"
# What the row that stays lacks, it takes from the other; an address only as a whole.
_FILLED = ("gender", "birth_month", "remark")
_ADDRESS = ("building_id", "unit", "room", "address")


# What hangs on a row by no foreign key: (model, key that stays, key that goes, change set, actor).
Follower = Callable[[type[Kept], int, int, ChangeSet, Actor], None]
_FOLLOWERS: list[Follower] = []


def follows_merges(follower: Follower) -> Follower:
    """Registers who moves what hangs on a row, where no foreign key says so."""
    _FOLLOWERS.append(follower)
    return follower


def merge_residents(keep: Resident, drop: Resident, *, by: Actor, reason: str) -> ChangeSet:
    """The change set that made one of two: `keep` has everything, `drop` stays behind, unseen.

    Raises: merge_same, merge_two_accounts, merge_own_account, merge_moves_account,
        reason_required, person_erased, not_found (of another community, or merged already),
        not_allowed; what stands in the way of a row that must be moved.
    """
    require(by, "people.merge", keep.community_id)
    rules.reason_is_given(reason)
    if keep.community_id != drop.community_id:
        raise not_found("居民")
    with gate.change_set(VERB, by=by, community_id=keep.community_id, reason=reason) as changes:
        # The order of all locks: the community, then the people in the order of their keys.
        gate.hold(keep.community)
        rows = Resident.objects.select_for_update(no_key=True).filter(merged_into__isnull=True)
        found = {row.pk: row for row in rows.filter(pk__in=[keep.pk, drop.pk]).order_by("pk")}
        rules.may_merge(keep.pk, drop.pk, [keep.user_id, drop.user_id])
        if len(found) != 2:
            raise not_found("居民")
        keep, drop = found[keep.pk], found[drop.pk]
        users = [keep.user_id, drop.user_id]
        rules.is_not_erased(keep.erased or drop.erased)
        rules.may_merge(keep.pk, drop.pk, users)
        rules.merge_is_of_others(by.user.pk if by.user is not None else None, users)
        if drop.user_id is not None:
            rules.account_stays_with_its_person(
                (keep.name, drop.name), (own_phones(keep), own_phones(drop))
            )
        try:
            _merge(keep, drop, changes, _with_free_hand(by))
        except ManyViolations as refused:
            raise next(iter(refused.by_index.values())) from None
    return changes


def unmerge_residents(drop: Resident, *, by: Actor, reason: str = "") -> Undone:
    """What taking the merge back restored, and the rows left because they have changed since.

    Raises: not_merged, person_erased, unmerge_too_late, unmerge_blocked, already_undone, not_allowed.
    """
    require(by, "people.merge", drop.community_id)
    if drop.merged_into_id is None:
        raise RuleViolation("not_merged", "这条记录没有被合并，不用撤销。")
    rules.is_not_erased(drop.erased)
    parts = ChangePart.objects.filter(
        model=Resident._meta.label,
        first_pk__lte=drop.pk,
        last_pk__gte=drop.pk,
        change_set__verb=VERB,
    )
    part = parts.select_related("change_set").order_by("-pk").first()
    if part is None:
        raise RuleViolation("unmerge_too_late", "这次合并的变更记录已过保存期，不能再撤销。")
    with transaction.atomic():
        gate.hold(drop.community)
        done = undo(part.change_set, by=_with_free_hand(by), reason=reason, repointing=True)
        if Resident.objects.filter(pk=drop.pk, merged_into__isnull=False).exists():
            # All or nothing for the person; single rows may be left.
            raise RuleViolation(
                "unmerge_blocked",
                "合并之后保留的那条又改成了与被并入的一条相同的姓名和电话（或住址），"
                "不能恢复成两条；请先改正保留的那条，再撤销合并。",
            )
    return done


def merged_rows(keep: Resident) -> list[Resident]:
    """The rows that have been merged into this one, the latest first: each may be taken back."""
    return list(Resident.objects.filter(merged_into=keep).order_by("-updated_at", "-pk"))


def _with_free_hand(by: Actor) -> Actor:
    """The same actor by name: the right to merge is the right to move what hangs on the two."""
    return replace(by, system=True)


def _merge(keep: Resident, drop: Resident, changes: ChangeSet, by: Actor) -> None:
    led = list(Household.objects.filter(head=drop).order_by("pk"))
    for house in led:
        house.head = None
    gate.save_many(led, by=by, within=changes)
    _repoint(Resident, keep.pk, drop.pk, changes, by)
    _keep_phone(keep, drop, changes, by)
    user, household = drop.user_id, drop.household_id
    # Undone backwards: `keep` gives up what it took before `drop` has it again.
    drop.merged_into, drop.household_id, drop.user_id = keep, None, None
    gate.save(drop, by=by, within=changes)
    _fill(keep, drop, user)
    if keep.household_id is None and keep.door == drop.door:
        keep.household_id = household
    gate.save(keep, by=by, within=changes)
    for house in led:
        if house.pk == keep.household_id:
            house.head = keep
            gate.save(house, by=by, within=changes)


def _fill(keep: Resident, drop: Resident, user: int | None) -> None:
    for name in _FILLED:
        if not getattr(keep, name):
            setattr(keep, name, getattr(drop, name))
    if keep.building_id is None and not keep.address:
        for name in _ADDRESS:
            setattr(keep, name, getattr(drop, name))
    if not keep.phone and not keep.phones.filter(phone=drop.phone).exists():
        keep.phone = drop.phone
    if keep.user_id is None:
        keep.user_id = user


def _keep_phone(keep: Resident, drop: Resident, changes: ChangeSet, by: Actor) -> None:
    if not keep.phone or drop.phone in ("", keep.phone):
        return
    if not keep.phones.filter(phone=drop.phone).exists():
        row = ResidentPhone(community_id=keep.community_id, resident=keep, phone=drop.phone)
        # An own phone and the name open a row to its owner's claim: that of another name does not.
        row.kind = PhoneKind.OWN if keep.name == drop.name else PhoneKind.OTHER
        gate.save(row, by=by, within=changes)


# --- pointing rows elsewhere ---------------------------------------------------------------------


def pointers_to(target: type[Kept]) -> Iterator[tuple[type[Kept], "ForeignKey[Any]"]]:
    """Every foreign key to `target` in a table that the gate keeps."""
    for model in apps.get_models():
        if not issubclass(model, Kept):
            continue
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model is target:
                yield model, field


def _repoint(target: type[Kept], keep: int, drop: int, changes: ChangeSet, by: Actor) -> None:
    for follow in _FOLLOWERS:
        follow(target, keep, drop, changes, by)
    for model, field in pointers_to(target):
        # What had been merged into `drop` before stays with it: each merge is taken back by itself.
        if (model, field.name) != (Resident, "merged_into"):
            _repoint_rows(model, field, keep, drop, changes, by)


def _repoint_rows(
    model: type[Kept],
    field: "ForeignKey[Any]",
    keep: int,
    drop: int,
    changes: ChangeSet,
    by: Actor,
) -> None:
    rows: list[Any] = list(model._default_manager.filter(**{field.name: drop}).order_by("pk"))
    if not rows:
        return
    for row in rows:
        setattr(row, field.attname, keep)
    clashing = {
        index
        for index, violation in gate.check_many(rows, restoring=True, repointing=True).items()
        if _is_said_twice(model, rows[index], violation)
    }
    # First those that go, so that what they hang on is free for those that stay.
    for index in sorted(clashing):
        _drop_in_favour(model, rows[index], changes, by)
    rest = [row for index, row in enumerate(rows) if index not in clashing]
    gate.save_many(rest, by=by, within=changes, restoring=True, repointing=True)


def _is_said_twice(model: type[Kept], row: Any, violation: RuleViolation) -> bool:
    """Whether the row breaks a unique key, its own or (a phone) that of the person."""
    codes = {unique.constraint.violation_error_code for unique in uniques(model)}
    return violation.code in codes


def _standing(model: type[Kept], row: Any) -> Any:
    """The row that has the key which `row` would take."""
    for unique in uniques(model):
        key = unique.key(row)
        if key is None:
            continue
        rows = model._default_manager.exclude(pk=row.pk)
        if unique.constraint.condition is not None:
            rows = rows.filter(unique.constraint.condition)
        found = rows.filter(**dict(zip(unique.attnames, key, strict=True))).first()
        if found is not None:
            return found
    return None


def _drop_in_favour(model: type[Kept], row: Any, changes: ChangeSet, by: Actor) -> None:
    """One person at one event is one attendance: the second row goes, what it knew is kept."""
    stays = _standing(model, row)
    if stays is not None:
        _repoint(model, stays.pk, row.pk, changes, by)
        if _fill_blanks(model, stays, row):
            gate.save_many([stays], by=by, within=changes, restoring=True, repointing=True)
    gone = model._default_manager.get(pk=row.pk)
    gate.delete_many([gone], by=by, within=changes, action="edit", repointing=True)


def _fill_blanks(model: type[Kept], stays: Any, row: Any) -> bool:
    """Puts into `stays` what only `row` knows; answers whether that was anything."""
    state = model.machine.field if model.machine is not None else ""
    filled = False
    for field in model._meta.concrete_fields:
        if not field.editable or field.is_relation or field.name == state or field.unique:
            continue
        if getattr(stays, field.attname) in (None, "") and getattr(row, field.attname) not in (
            None,
            "",
        ):
            setattr(stays, field.attname, getattr(row, field.attname))
            filled = True
    return filled
