"""The template of a register, for a community or one of its events."""

from collections.abc import Sequence
from typing import Any

from backend.core.access import Actor, require, scope_of
from backend.core.errors import RuleViolation, not_found
from backend.imports.identity import Identity, Place, seen_target
from backend.imports.sheet import Sheet, UnknownTarget, sheet_of
from backend.imports.templates_out.choices import choices_of
from backend.imports.templates_out.workbook import Template, workbook_of
from backend.places.models import Community


def template_place(register: str, *, event: str, community: str, by: Actor) -> Place:
    """For what a template is asked.

    Raises: register_unknown; not_found for an event or community that `by` does not see;
        community_missing if `by` has several and names none; not_allowed.
    """
    try:
        sheet = sheet_of(register)
    except KeyError:
        raise RuleViolation("register_unknown", "没有这个登记簿，请核对。") from None
    target = None
    if event:
        try:
            target = seen_target(sheet, event, by)
        except UnknownTarget:
            raise not_found("这场活动") from None
        where = sheet.community_of(target)
    else:
        where = _community(sheet, community, by)
    require(by, "imports.edit", where.pk)
    require(by, sheet.action, where.pk)
    return Place(sheet, where, target)


def _community(sheet: Sheet, code: str, by: Actor) -> Community:
    rows = Community.objects.all() if by.system else Community.objects.visible_to(by.user)
    if code:
        found: Community | None = rows.filter(code=code).first()
        if found is None:
            raise not_found("社区")
        return found
    own = list(rows.filter(scope_of(by, sheet.action).rows(community="pk"))[:2])
    if len(own) == 1:
        return own[0]
    if not own:
        raise RuleViolation("not_allowed", "您没有这项操作的权限，请联系社区管理员。")
    raise RuleViolation("community_missing", "请指明社区（community）。", field="community")


def template_for(place: Place, *, by: Actor, rows: Sequence[dict[str, Any]] = ()) -> bytes:
    """The template as an .xlsx, with `rows` (by attribute) filled in already."""
    sheet, community, target = place.sheet, place.community, place.target
    columns = [
        c for c in sheet.columns if target is None or c.attribute not in sheet.told_by_target
    ]
    choices = {c.attribute: choices_of(c, sheet, community, by.user) for c in columns}
    return workbook_of(
        Template(
            identity=Identity(sheet.register, target.code if target else "", community.code),
            sheet_name=sheet.title,
            heading=f"{community.name} {sheet.title}",
            columns=columns,
            titles=sheet.title_rows(target) if target is not None else (),
            choices={name: found for name, found in choices.items() if found is not None},
            rows=rows,
        )
    )


def template_name(place: Place) -> str:
    """What the file is called."""
    about = place.target or place.community
    return f"{place.sheet.title}模板-{about}-{about.code}.xlsx"
