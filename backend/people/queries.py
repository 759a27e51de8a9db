"""Named reads of people."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from backend.core import history
from backend.core.access import Scope
from backend.core.errors import not_allowed, not_found
from backend.people.choices import ConsentPurpose, PhoneKind
from backend.people.models import (
    CommunityRole,
    Consent,
    Household,
    PrivacyNotice,
    Representative,
    Resident,
    User,
)
from backend.places.models import Community

_LONGEST = 4
_HAN = re.compile("[㐀-鿿]{2,}")
# 买买提·艾力: a name of several parts; what stands before and after it runs into it.
_DOTTED = re.compile("([㐀-鿿]{1,8})((?:[·•・][㐀-鿿]+)*[·•・])([㐀-鿿]{1,8})")


def possible_duplicates(rows: QuerySet[Resident]) -> QuerySet[Resident]:
    """Those of `rows` whom another row of their community may be once more.

    The same name at the same door; or a phone with the same last digits and a name that begins
    with the same letters.
    """
    return rows.filter(
        Exists(_at_the_same_door()) | Exists(_of_the_same_address()) | Exists(_sounding_alike())
    )


def possible_duplicates_of(resident: Resident, user: Any) -> list[Resident]:
    """The rows that may be this person once more, among those whom `user` may see."""
    seen = Resident.objects.visible_to(user).filter(community=resident.community_id)
    seen = seen.named().exclude(pk=resident.pk)
    rows = Q(pk__in=[])
    if resident.building_id is not None:
        door = Q(building=resident.building_id, unit=resident.unit, room=resident.room)
        rows |= Q(name=resident.name) & door
    elif resident.address:
        rows |= Q(name=resident.name, building=None, address=resident.address)
    if resident.phone_tail and resident.initials:
        rows |= Q(phone_tail=resident.phone_tail, initials=resident.initials)
    return list(seen.filter(rows).order_by("pk")[:20])


def accounts_in_roles(community_id: int, *roles: str) -> QuerySet[User]:
    """The accounts that hold one of these roles in a whole community today."""
    held = CommunityRole.objects.valid_on(timezone.localdate()).filter(
        community=community_id, estate__isnull=True, role__in=roles
    )
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def accounts_of_bodies(organizations: Iterable[int]) -> list[User]:
    """The accounts that speak for these bodies today."""
    rows = Representative.objects.valid_on(timezone.localdate()).filter(
        organization__in=frozenset(organizations), user__isnull=False
    )
    return list(User.objects.filter(pk__in=rows.values("user")).order_by("pk"))


def _others() -> QuerySet[Resident]:
    return (
        Resident.objects.filter(community=OuterRef("community"), merged_into__isnull=True)
        .exclude(pk=OuterRef("pk"))
        .order_by()
    )


def _at_the_same_door() -> QuerySet[Resident]:
    return _others().filter(
        name=OuterRef("name"),
        building=OuterRef("building"),
        unit=OuterRef("unit"),
        room=OuterRef("room"),
    )


def _of_the_same_address() -> QuerySet[Resident]:
    return _others().filter(name=OuterRef("name"), address=OuterRef("address")).exclude(address="")


def _sounding_alike() -> QuerySet[Resident]:
    return (
        _others()
        .filter(phone_tail=OuterRef("phone_tail"), initials=OuterRef("initials"))
        .exclude(phone_tail="")
        .exclude(initials="")
    )


def latest_consents(resident: Resident) -> list[Consent]:
    """For each purpose that was ever agreed to: the latest consent, with its notice."""
    rows = Consent.objects.filter(resident=resident).select_related("notice")
    latest: dict[str, Consent] = {}
    for consent in rows.order_by("given_on", "pk"):
        before = latest.get(consent.purpose)
        # A standing one counts more than a withdrawn one of the same or a later day.
        if before is None or consent.stands or not before.stands:
            latest[consent.purpose] = consent
    return [latest[purpose] for purpose in ConsentPurpose.values if purpose in latest]


def current_notice(community: Community) -> PrivacyNotice | None:
    """The notice that holds today in a community; None if none is published."""
    return (
        PrivacyNotice.objects.filter(community=community, published_on__lte=timezone.localdate())
        .order_by("-published_on", "-pk")
        .first()
    )


def members_of(household: Household) -> list[Resident]:
    """Who lives in a household, its head first."""
    rows = Resident.objects.named().filter(household=household, merged_into__isnull=True)
    return sorted(rows.order_by("pk"), key=lambda person: person.pk != household.head_id)


def occupied_households(communities: Iterable[int]) -> QuerySet[Household]:
    """The households that somebody lives in: what coverage is measured against."""
    return Household.objects.filter(community__in=communities, occupied=True)


def accounts_in(where: Scope, *, or_nobodys: bool = False) -> QuerySet[User]:
    """The accounts that are somebody in `where`: hold a role, stand in the roster, represent.

    With `or_nobodys` those too that are nobody anywhere yet, so that one may make them somebody.
    """
    everybody = User.objects.all()
    if where.everywhere:
        return everybody
    ties = [model.objects.exclude(user=None) for model in (CommunityRole, Resident, Representative)]
    here = [Q(pk__in=rows.filter(community__in=where.communities).values("user")) for rows in ties]
    known = here[0] | here[1] | here[2]
    if or_nobodys:
        tied = [Q(pk__in=rows.values("user")) for rows in ties]
        known |= Q(is_superuser=False) & ~(tied[0] | tied[1] | tied[2])
    return everybody.filter(known)


def account_to_tie(where: Scope, username: str) -> User:
    """The account of that name, among those that one may make somebody of.

    Raises: not_found; not_allowed for who may make nobody anything: names are not told by trying.
    """
    if not where.anywhere:
        raise not_allowed()
    found = accounts_in(where, or_nobodys=True).filter(username=username).first()
    if found is None:
        raise not_found("账号")
    return found


def own_phones(resident: Resident) -> frozenset[str]:
    """The numbers under which the person themselves is reached."""
    further = resident.phones.filter(kind=PhoneKind.OWN).values_list("phone", flat=True)
    return frozenset({resident.phone, *further} - {""})


def own_resident(user: Any) -> Resident:
    """The roster's row of an account. Raises: not_found."""
    rows = Resident.objects.filter(user=user.pk, merged_into__isnull=True)
    found: Resident | None = rows.first() if user.pk else None
    if found is None:
        raise not_found("与您的账号对应的居民")
    return found


def community_of(user: Any, code: str) -> Community:
    """A community by its code, among those of `user`. Raises: not_found."""
    found: Community | None = Community.objects.visible_to(user).filter(code=code).first()
    if found is None:
        raise not_found("社区")
    return found


def names_in(community_id: int, texts: Iterable[str]) -> frozenset[str]:
    """The names of the community's residents that occur in the texts: one query for all of them.

    The pieces of the texts that may be names are looked up; the roster is not gone through.
    """
    pieces: set[str] = set()
    for text in texts:
        for run in _HAN.findall(text):
            for length in range(2, _LONGEST + 1):
                pieces |= {run[at : at + length] for at in range(len(run) - length + 1)}
        for head, middle, tail in _DOTTED.findall(text):
            pieces |= {
                head[at:] + middle + tail[:end]
                for at in range(len(head))
                for end in range(1, len(tail) + 1)
            }
    if not pieces:
        return frozenset()
    known = Resident.objects.filter(community_id=community_id, name__among=pieces).order_by()
    return frozenset(known.values_list("name", flat=True).distinct())


def phone_was_written_at_a_door(resident: Resident) -> bool:
    """Whether the phone of somebody who was known before came in by a sheet other than the roster.

    Whoever held the pen at an event wrote it: enough to be rung by, not to be taken for the person.
    """
    for changes, change in history.of_record(resident):
        told = change.after or {}
        if told.get("phone") == resident.phone:
            by_sheet = changes.verb.startswith("import ") and changes.verb != "import residents"
            return by_sheet and change.kind == history.UPDATE
    return False
