"""Access: a named actor, and the communities and estates in which they may do an action."""

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, Self

from django.apps import apps
from django.db.models import Q
from django.utils import timezone

from backend.core.errors import not_allowed
from backend.core.roles import GRANTS, Role, roles_granted


class UserLike(Protocol):
    """What access needs of a user: Django's, or the anonymous one."""

    pk: Any
    is_authenticated: bool
    is_active: bool
    is_superuser: bool


@dataclass(frozen=True)
class Actor:
    """Who acts, and through which door: every write names one."""

    user: Any = None
    name: str = "system"
    door: str = "system"
    system: bool = False

    @classmethod
    def of(cls, user: Any, door: str) -> Self:
        """The actor for a signed-in user. Raises: not_allowed for an anonymous one."""
        if not user.is_authenticated or not user.is_active:
            raise not_allowed("请先登录。")
        # A key's program is told apart in the history, whichever door it knocks at.
        program = getattr(user, "limited_to", None) is not None
        return cls(user=user, name=user.get_username(), door="api_key" if program else door)

    def through(self, door: str) -> Self:
        """The same actor at another door."""
        return replace(self, door=door)

    def vouched_for(self) -> Self:
        """The same actor, for what a verb has allowed by a rule of its own.

        A resident may register herself, though not edit registrations: the verb looks, and the gate
        takes its word. History names the actor as ever.
        """
        return replace(self, system=True)


SYSTEM = Actor(system=True)
COMMAND_LINE = SYSTEM.through("command_line")


@dataclass(frozen=True)
class Scope:
    """Where an action is allowed: everywhere, in whole communities, or in single estates."""

    everywhere: bool = False
    communities: frozenset[int] = frozenset()
    estates: frozenset[int] = field(default_factory=frozenset)
    estate_communities: frozenset[int] = field(default_factory=frozenset)

    @property
    def anywhere(self) -> bool:
        """True if there is any place at all in the scope."""
        return self.everywhere or bool(self.communities or self.estates)

    def covers(self, community_id: int | None) -> bool:
        """True if the whole community is in the scope."""
        return self.everywhere or (community_id is not None and community_id in self.communities)

    def beyond(self, other: "Scope") -> "Scope":
        """What of this scope the other one does not hold as whole communities.

        Rows of both are then found by one condition, which an index in order can answer.
        """
        if other.everywhere:
            return NOWHERE
        if self.everywhere:
            return self
        by_estate = bool(self.estate_communities - other.communities)
        return Scope(
            communities=self.communities - other.communities,
            estates=self.estates if by_estate else frozenset(),
            estate_communities=self.estate_communities if by_estate else frozenset(),
        )

    def rows(self, community: str = "community", estate: str | None = None) -> Q:
        """The rows of the scope; `estate` is the path to the row's estate, if it has one."""
        if self.everywhere:
            # True, and not an empty Q: that one would vanish where it is or-ed with another.
            return ~Q(pk__in=[])
        rows = Q(**{f"{community}__in": self.communities})
        if estate is not None and self.estates:
            rows |= Q(**{f"{estate}__in": self.estates})
        return rows


NOWHERE = Scope()
EVERYWHERE = Scope(everywhere=True)


def _assignments(user: Any) -> list[Any]:
    """The user's roles of today, read once for the life of this user object (one request)."""
    cached = getattr(user, "_linli_roles", None)
    if cached is None:
        model = apps.get_model("people", "CommunityRole")
        cached = list(model.objects.valid_on(timezone.localdate()).filter(user_id=user.pk))
        user._linli_roles = cached
    return cached


def scope(user: Any, action: str) -> Scope:
    """Where `user` may do `action`; nowhere for nobody, everywhere for the installation's admin."""
    granted = roles_granted(action)
    if user is None or not user.is_authenticated or not user.is_active:
        return NOWHERE
    limits = getattr(user, "limited_to", None)
    if limits is not None and action not in limits:
        # Who comes by an API key may do what its owner may, and of that only what the key names.
        return NOWHERE
    return _where(user, granted)


def subdistricts(user: Any, action: str) -> frozenset[int]:
    """The subdistricts for which `user` may do `action`, though they have no community yet."""
    if not reaches_own(user, action):
        return frozenset()
    granted = roles_granted(action)
    held = (role.subdistrict_id for role in _assignments(user) if role.role in granted)
    return frozenset(held) - {None}


def home(user: Any) -> Scope:
    """Where `user` belongs today by any role; a key changes nothing of where its owner lives."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOWHERE
    return _where(user, roles_granted("places.see"))


def held_roles(user: Any) -> dict[str, frozenset[int]]:
    """The roles that `user` holds today, each with the communities in which; none for a key."""
    if user is None or not user.is_authenticated or not user.is_active or user.is_superuser:
        return {}
    if getattr(user, "limited_to", None) is not None:
        return {}
    found: dict[str, frozenset[int]] = {}
    for role in {held.role for held in _assignments(user)}:
        where = _where(user, {role})
        found[role] = where.communities | where.estate_communities
    return found


def _communities_of(user: Any, subdistricts: frozenset[int]) -> set[int]:
    """Their communities, read once for the life of this user object: a page asks for many scopes."""
    known: dict[frozenset[int], set[int]] = user.__dict__.setdefault("_linli_communities", {})
    if subdistricts not in known:
        model = apps.get_model("places", "Community")
        found = model.objects.filter(subdistrict__in=subdistricts).values_list("pk", flat=True)
        known[subdistricts] = set(found)
    return known[subdistricts]


def _where(user: Any, granted: Collection[str]) -> Scope:
    """The places of the roles that the user holds among those `granted`."""
    if user.is_superuser:
        return EVERYWHERE if Role.INSTALLATION in granted else NOWHERE
    held = [role for role in _assignments(user) if role.role in granted]
    if not held:
        return NOWHERE
    subdistricts = [r.subdistrict_id for r in held if r.subdistrict_id]
    communities = {
        r.community_id for r in held if r.community_id and not r.estate_id and not r.subdistrict_id
    }
    if subdistricts:
        communities |= _communities_of(user, frozenset(subdistricts))
    estates = {r.estate_id: r.community_id for r in held if r.estate_id}
    return Scope(
        communities=frozenset(communities),
        estates=frozenset(estates),
        estate_communities=frozenset(estates.values()),
    )


def own_organizations(user: Any) -> frozenset[int]:
    """The organizations for which `user` speaks today, read once for the life of this user object.

    A representative whose term has not begun or is over speaks for nobody, nor does anybody for a
    body that has ended.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return frozenset()
    cached: frozenset[int] | None = getattr(user, "_linli_organizations", None)
    if cached is None:
        today = timezone.localdate()
        spoken_for = apps.get_model("people", "Representative").objects.held_by(user)
        rows = apps.get_model("people", "Organization").objects.active_on(today)
        found = rows.filter(pk__in=spoken_for.values("organization")).order_by()
        cached = user._linli_organizations = frozenset(found.values_list("pk", flat=True))
    return cached


def standing(user: Any, *, own: bool = True) -> Hashable:
    """All that decides where `user` may do what, as it is today: who is alike in it sees the same.

    Without `own`: but for what is the user's by an organization, which takes a statement to know.
    """
    # Of the installation's admin no role is looked at.
    held = () if user.is_superuser else _assignments(user)
    subdistricts = {role.subdistrict_id for role in held} - {None}
    limits = getattr(user, "limited_to", None)
    return (
        tuple(getattr(user, one.attname) for one in user._meta.concrete_fields),
        limits if limits is None else frozenset(limits),
        frozenset((r.role, r.community_id, r.estate_id, r.subdistrict_id) for r in held),
        frozenset((one, *sorted(_communities_of(user, frozenset({one})))) for one in subdistricts),
        own_organizations(user) if own and _may_speak(user) else None,
    )


def _may_speak(user: Any) -> bool:
    """Whether anything is granted to the user on the work of an own organization alone."""
    return any(scope(user, action).anywhere for action in GRANTS if action.endswith("_own"))


def reaches_own(user: Any, action: str) -> bool:
    """Whether the caller may read what is the user's own (inbox, registrations …).

    In person always; a program with an API key only if the key names `action`.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return False
    limits = getattr(user, "limited_to", None)
    return limits is None or action in limits


def scope_of(actor: Actor, action: str) -> Scope:
    """As `scope`, for an actor: SYSTEM may do everything."""
    return EVERYWHERE if actor.system else scope(actor.user, action)


def may(actor: Actor, action: str, community_id: int | None) -> bool:
    """True if the actor may do `action` in the whole of the community."""
    return scope_of(actor, action).covers(community_id)


def may_within(actor: Actor, action: str, community_id: int | None) -> bool:
    """True if the actor may do `action` in the community or in one of its estates.

    For what belongs to no estate (an event): whoever serves an estate there may take part.
    """
    where = scope_of(actor, action)
    return where.covers(community_id) or community_id in where.estate_communities


def require(actor: Actor, action: str, community_id: int | None) -> None:
    """Raises: not_allowed unless the actor may do `action` in the community."""
    if not may(actor, action, community_id):
        raise not_allowed()
