"""What a template says of itself, and whether the place where it was dropped is the one it is for."""

from dataclasses import dataclass
from typing import Any

from backend.core.access import Actor
from backend.imports.plan import Plan, Problem
from backend.imports.problems import Level
from backend.imports.sheet import Sheet, UnknownTarget, sheet_of
from backend.places.models import Community

# Raise it when a template of before can no longer be taken as one of today.
VERSION = 1
_KIND = "linli-template"
OTHER, UNKNOWN, SET_ASIDE = "template_of_other", "template_unknown", "template_set_aside"


@dataclass(frozen=True)
class Identity:
    """For which register, event (code, or "") and community (code, or "") a template was made."""

    register: str
    target: str = ""
    community: str = ""
    version: int = VERSION

    def as_mark(self) -> str:
        """As it is written into a workbook."""
        return f"{_KIND};{self.version};{self.register};{self.target};{self.community}"


def identity_in(mark: str) -> Identity | None:
    """What a mark says; None for no mark, and for a register that there is not."""
    kind, *rest = mark.split(";")
    if kind != _KIND or len(rest) != 4 or not rest[0].isdecimal():
        return None
    try:
        sheet_of(rest[1])
    except KeyError:
        return None
    return Identity(rest[1], rest[2], rest[3], int(rest[0]))


@dataclass(frozen=True)
class Place:
    """Where a sheet goes: a register of a community, and there perhaps an event."""

    sheet: Sheet
    community: Any
    target: Any = None

    def in_words(self) -> str:
        """“签到表”·民法典进小区（2026-04-01，pf-1）, for a message."""
        about = f"·{self.sheet.target_label(self.target)}" if self.target is not None else ""
        return f"“{self.sheet.title}”{about}"


def seen_target(sheet: Sheet, code: str, by: Actor) -> Any:
    """The target with that code. Raises: UnknownTarget if there is none, or `by` sees it not."""
    if not sheet.target_name:
        raise UnknownTarget(code)
    target = sheet.find_target(code)
    rows = type(target)._default_manager
    if not by.system and not rows.visible_to(by.user).filter(pk=target.pk).exists():
        raise UnknownTarget(code)
    return target


def place_of(identity: Identity, by: Actor) -> Place | None:
    """Where a template belongs; None if that is not there, or not for `by` to know."""
    sheet = sheet_of(identity.register)
    if identity.target:
        try:
            target = seen_target(sheet, identity.target, by)
        except UnknownTarget:
            return None
        return Place(sheet, sheet.community_of(target), target)
    rows = Community.objects.all() if by.system else Community.objects.visible_to(by.user)
    community = rows.filter(code=identity.community).first()
    return Place(sheet, community) if community is not None else None


def addressed(plan: Plan, identity: Identity, chosen: Place, *, by: Actor) -> Any:
    """The target into which a template goes; the plan is refused if the place is another one.

    What was chosen stands where the template leaves it open, and the other way round.
    """
    place = place_of(identity, by)
    if place is None:
        plan.refuse(
            UNKNOWN,
            "这是系统里下载的模板，但模板里写的活动或社区找不到。请重新下载模板，把内容粘贴过去再上传。",
        )
        return None
    if (
        place.sheet.register != chosen.sheet.register
        or place.community.pk != chosen.community.pk
        or (None not in (place.target, chosen.target) and place.target.pk != chosen.target.pk)
    ):
        plan.refuse(OTHER, _told(place, chosen))
        return None
    return chosen.target if chosen.target is not None else place.target


def _told(place: Place, chosen: Place) -> str:
    if place.sheet.register == chosen.sheet.register and place.target is None:
        return (
            f"这是“{place.community.name}”的模板，您选的是“{chosen.community.name}”。"
            "请选对社区，或重新下载模板，把内容粘贴过去。"
        )
    return (
        f"这是{place.in_words()}的模板，您要导入的是{chosen.in_words()}。"
        "没有拿错，就按模板写的地方导入；拿错了，就重新下载模板，把内容粘贴过去。"
    )


def set_aside() -> Problem:
    """The note that a template's own words were put aside, because somebody said so."""
    message = "这份表原来是别处的模板，已按您的选择导入。"
    return Problem(None, None, SET_ASIDE, Level.NOTE, message)
