"""Further lines of 账号与安全: pages for people who are no staff, of registers that stand above."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HomeLink:
    """A page by the name of its address, what it is called, what for, and who has a use for it."""

    address: str
    label: Any
    hint: Any
    wanted: Callable[[Any], bool]


_LINKS: dict[str, HomeLink] = {}


def home_link(link: HomeLink) -> None:
    """Registers a line."""
    _LINKS[link.address] = link


def links_for(user: Any) -> list[HomeLink]:
    """The lines that this user has a use for, as registered."""
    return [link for link in _LINKS.values() if link.wanted(user)]
