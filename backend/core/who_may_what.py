"""谁能做什么: the access table as staff read it, on a page and in docs/roles.md."""

from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext

from backend.core.role_words import AREAS, VERBS
from backend.core.roles import GRANTS, Role
from backend.core.words import in_chinese


@dataclass(frozen=True)
class Line:
    """One action, and for each role, in the order of `Role`, whether it may."""

    action: str
    verb: str
    cells: tuple[bool, ...]


@dataclass(frozen=True)
class Block:
    """The actions of one area."""

    area: str
    title: str
    lines: tuple[Line, ...]


def table() -> list[Block]:
    """The whole table, area by area, in the order in which roles.py tells it."""
    found: dict[str, list[Line]] = {area: [] for area in AREAS}
    for action, granted in GRANTS.items():
        area, verb = action.split(".")
        found[area].append(Line(action, VERBS[verb], tuple(role in granted for role in Role)))
    return [Block(area, AREAS[area], tuple(lines)) for area, lines in found.items()]


def as_markdown() -> str:
    """The table for docs/roles.md."""
    roles = [in_chinese(role.label) for role in Role]
    lines = [
        "# 谁能做什么 / Who may do what",
        "",
        "Made from `backend/core/roles.py` by `manage.py export_roles`; do not edit by hand. A role "
        "holds in one community, one estate of it or, for 街道, in all communities of a "
        "subdistrict, from a day until, perhaps, another. ✓ never reaches beyond that place.",
        "",
        f"| 操作 | action | {' | '.join(roles)} |",
        f"|---|---|{':-:|' * len(roles)}",
    ]
    for block in table():
        for line in block.lines:
            cells = " | ".join("✓" if cell else "" for cell in line.cells)
            lines.append(f"| {block.title}：{line.verb} | `{line.action}` | {cells} |")
    return "\n".join(lines) + "\n"


def _held_by(user: Any) -> list[Any]:
    roles = apps.get_model("people", "CommunityRole").objects.held_by(user)
    return list(roles.select_related("community", "subdistrict", "estate"))


def who_may_what(request: HttpRequest) -> HttpResponse:
    """The table as a page; the reader's own roles are marked."""
    held = _held_by(request.user)
    mine = {role.role for role in held}
    if getattr(request.user, "is_superuser", False):
        mine.add(Role.INSTALLATION)
    own = [
        {
            "role": role.get_role_display(),
            "place": role.estate or role.community or role.subdistrict,
            "from": role.valid_from,
            "to": role.valid_to,
        }
        for role in held
    ]
    context = admin.site.each_context(request) | {
        "title": gettext("谁能做什么"),
        "roles": [{"label": role.label, "mine": role in mine} for role in Role],
        "blocks": [
            {
                "title": gettext(block.title),
                "lines": [
                    {
                        "verb": gettext(line.verb),
                        "cells": [
                            {"may": cell, "mine": role in mine, "role": role.label}
                            for cell, role in zip(line.cells, Role, strict=True)
                        ],
                    }
                    for line in block.lines
                ],
            }
            for block in table()
        ],
        "own": own,
        "everywhere": getattr(request.user, "is_superuser", False),
        "today": timezone.localdate(),
    }
    return render(request, "linli/who_may_what.html", context)
