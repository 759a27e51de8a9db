"""Who may do what: one readable table, role by action.

An action is "<area>.<verb>". Access, the admin and the docs read this table and nothing else.
"""

from typing import Final

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Role(TextChoices):
    """What somebody is in a community, an estate or a subdistrict, for a time."""

    SECRETARY = "secretary", _("社区书记")
    WORKER = "worker", _("社区工作者")
    STEWARD = "steward", _("网格员")
    MEDIATOR = "mediator", _("调解员")
    PARTNER = "partner", _("合伙人联系人")
    RESIDENT = "resident", _("居民")
    OFFICE = "office", _("街道")
    INSTALLATION = "installation", _("系统管理员")


_OFFICE_STAFF = {Role.SECRETARY, Role.WORKER, Role.INSTALLATION}
_STAFF = _OFFICE_STAFF | {Role.STEWARD, Role.MEDIATOR, Role.OFFICE}
_EVERYBODY = _STAFF | {Role.PARTNER, Role.RESIDENT}

GRANTS: Final[dict[str, frozenset[Role]]] = {
    action: frozenset(roles)
    for action, roles in {
        # Signed-in members of a community see its places and its published events.
        "places.see": _EVERYBODY,
        "places.edit": {Role.SECRETARY, Role.INSTALLATION},
        "places.delete": {Role.SECRETARY, Role.INSTALLATION},
        # The street office sees its communities' rosters (masked) and changes nothing in them.
        "people.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "people.edit": _OFFICE_STAFF,
        "people.delete": {Role.SECRETARY, Role.INSTALLATION},
        "people.export": _OFFICE_STAFF,
        "accounts.see": {Role.SECRETARY, Role.INSTALLATION},
        "accounts.edit": {Role.INSTALLATION},
        "accounts.delete": {Role.INSTALLATION},
        "education.see": _STAFF,
        "education.see_published": _EVERYBODY,
        "education.edit": _OFFICE_STAFF,
        "education.delete": {Role.SECRETARY, Role.INSTALLATION},
        "education.move": _OFFICE_STAFF,
        "education.export": _OFFICE_STAFF | {Role.OFFICE},
        # Sign-in lists: who came. Stewards see those of their own estate.
        "attendance.see": _OFFICE_STAFF | {Role.STEWARD, Role.OFFICE},
        "attendance.edit": _OFFICE_STAFF,
        "attendance.delete": _OFFICE_STAFF,
        "attendance.export": _OFFICE_STAFF,
        "imports.see": _OFFICE_STAFF,
        "imports.edit": _OFFICE_STAFF,
        "imports.move": _OFFICE_STAFF,
        "history.see": {Role.SECRETARY, Role.INSTALLATION},
    }.items()
}


def roles_granted(action: str) -> frozenset[Role]:
    """The roles that may do `action`. Raises KeyError for an action that the table lacks."""
    return GRANTS[action]
