"""What stands under a resident's and a household's form."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backend.core.access import scope
from backend.core.disclosures import reading_of
from backend.core.door import DOOR
from backend.core.models import Kept
from backend.core.panels import Panel, panel
from backend.core.personal import mask
from backend.people.merging import merged_rows
from backend.people.models import Household, Resident
from backend.people.queries import latest_consents, members_of, possible_duplicates_of


def page_of(resident: Resident, name: str = "change", *more: Any) -> str:
    """The address of one of a resident's pages."""
    return reverse(f"admin:people_resident_{name}", args=[resident.pk, *more])


def shown(resident: Resident) -> dict[str, Any]:
    """A resident in a list beside others: masked."""
    return {
        "name": mask("name", resident.name),
        "phone": mask("phone", resident.phone),
        "building": resident.building or "",
        "residence": resident.residence.label,
        "url": page_of(resident),
        "merge_url": "",
        "is_head": False,
    }


def _shown_to(request: HttpRequest, resident: Resident) -> dict[str, Any]:
    """A resident under another record: in full while a task is open, which the page then logs."""
    reading = reading_of(request, DOOR)
    if not reading.shows(resident):
        return shown(resident)
    reading.note(resident)
    return shown(resident) | {"name": resident.name, "phone": resident.phone}


def _people(
    request: HttpRequest, rows: list[Resident], title: Any, head: int | None = None
) -> Panel | None:
    if not rows:
        return None
    people = [_shown_to(request, row) | {"is_head": row.pk == head} for row in rows]
    return Panel("people/people_panel.html", {"title": title, "people": people})


@panel
def household_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """The people of a household, on its page and on each member's."""
    house = record if isinstance(record, Household) else getattr(record, "household", None)
    if not isinstance(record, Household | Resident) or house is None:
        return None
    return _people(request, members_of(house), _("同一住户的人"), house.head_id)


@panel
def duplicates_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """Who may be this person once more, each with a way to merge."""
    if not isinstance(record, Resident) or not may_merge(request, record):
        return None
    # The page holds the record masked: the stored one is compared.
    stored = Resident.objects.get(pk=record.pk)
    if stored.erased:
        return None
    made = _people(request, possible_duplicates_of(stored, request.user), _("可能是同一个人"))
    if made is not None:
        for person in made.context["people"]:
            other = person["url"].rstrip("/").split("/")[-2]
            person["merge_url"] = page_of(record, "compare", other)
    return made


@panel
def merged_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """What has been merged into this row, each with a way back."""
    if not isinstance(record, Resident) or record.erased or not may_merge(request, record):
        return None
    rows = [
        _shown_to(request, row) | {"merge_url": page_of(record, "unmerge", row.pk), "url": ""}
        for row in merged_rows(record)
    ]
    if not rows:
        return None
    return Panel("people/merged_panel.html", {"people": rows})


@panel
def consent_panel(request: HttpRequest, record: Kept) -> Panel | None:
    """What the person agrees to now."""
    if not isinstance(record, Resident):
        return None
    add = f"{reverse('admin:people_consent_add')}?resident={record.pk}"
    may_add = not record.erased and scope(request.user, "people.edit").covers(record.community_id)
    context = {"consents": latest_consents(record), "add_url": add if may_add else ""}
    return Panel("people/consent_panel.html", context)


def may_merge(request: HttpRequest, resident: Resident) -> bool:
    """Whether the user may merge this row."""
    return scope(request.user, "people.merge").covers(resident.community_id)
