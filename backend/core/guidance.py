"""What each page is for, and the next step: one registry, filled by each app's own guidance.py."""

from dataclasses import dataclass
from typing import Any

# A page of the staff guide that the repository has besides those in its folder.
FIRST_CHAPTER = "staff-guide"


@dataclass(frozen=True)
class Guidance:
    """The help of one page. `about` is a model's label, or the name of another page's address.

    `page` and `section` name a chapter of the staff guide and a heading in it.
    """

    about: str
    told: Any
    step: Any
    page: str
    section: str
    # The label of the model whose register is where rows of this one come from; "" where they are
    # made here.
    begins_at: str = ""


_KNOWN: dict[str, Guidance] = {}


def guide(
    about: str, told: Any, step: Any, page: str, section: str, begins_at: str = ""
) -> Guidance:
    """Registers the help of a page."""
    _KNOWN[about] = Guidance(about, told, step, page, section, begins_at)
    return _KNOWN[about]


def guidance_for(*about: str) -> Guidance | None:
    """The help of the first of these that has any."""
    return next((_KNOWN[one] for one in about if one in _KNOWN), None)


def all_guidance() -> list[Guidance]:
    """Every one, by what it is about."""
    return [_KNOWN[about] for about in sorted(_KNOWN)]
