"""Where a matter comes from: records of any register that may be put before a meeting.

An app names its own in origins.py; the meeting knows the registers by this hook alone, so a register
that comes later changes nothing there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from backend.core.models import CodedRecord
from backend.core.words import in_chinese


def no_text(record: Any) -> str:
    """For registers whose title says it all."""
    return ""


@dataclass(frozen=True)
class Origin:
    """One register whose records may be put before a meeting."""

    # Stored with what comes of it: never changed. Letters and underscores.
    kind: str
    model: type[CodedRecord]
    # The records that wait to be talked about, the most urgent first, with what title and text need.
    waiting: Callable[[], QuerySet[Any]]
    # The matter in a line, and what there is to know of it: neither names a person.
    title: Callable[[Any], str]
    text: Callable[[Any], str] = no_text
    # Who reports on it, where that is known.
    presenter: Callable[[Any], str] = no_text
    # Fields (paths) in which staff look for one; a leading "=" for the whole value.
    searched: tuple[str, ...] = ("=code",)

    @property
    def label(self) -> str:
        """What staff call the register."""
        return in_chinese(self.model._meta.verbose_name)

    def candidates(self, user: Any, community_id: int, search: str = "") -> QuerySet[Any]:
        """What waits in a community and `user` may see; `user` None is the system, which sees all."""
        rows = self.waiting().filter(community=community_id)
        if user is not None:
            rows = rows.filter(self.model.visible(user))
        wanted = search.strip()
        if not wanted:
            return rows
        found = Q()
        for path in self.searched:
            exact = path.startswith("=")
            found |= Q(**{path.lstrip("=") + ("" if exact else "__icontains"): wanted})
        return rows.filter(found)


_ORIGINS: dict[str, Origin] = {}


def origin(made: Origin) -> Origin:
    """Registers an origin."""
    known = _ORIGINS.get(made.kind)
    if known is not None and known.model is not made.model:
        raise LookupError(f"two origins are called {made.kind}")
    _ORIGINS[made.kind] = made
    return made


def all_origins() -> list[Origin]:
    """Every one, by kind."""
    return [_ORIGINS[kind] for kind in sorted(_ORIGINS)]


def origin_called(kind: str) -> Origin | None:
    """The origin of that kind, None if there is no such register."""
    return _ORIGINS.get(kind)


def origin_of(model: type[Any]) -> Origin | None:
    """The origin whose records these are, None for a register that puts nothing before a meeting."""
    return next((one for one in _ORIGINS.values() if one.model is model), None)
