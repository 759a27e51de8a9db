"""A user for every role, in the demo's 新河, and rows of both communities to try them on."""

import datetime
from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.test import Client
from django.utils import timezone

from backend.accounts.models import ApiKey
from backend.core import gate
from backend.core.access import SYSTEM, Scope
from backend.core.admin import RegisterAdmin
from backend.core.models import Kept
from backend.core.roles import GRANTS, Role
from backend.education import actions
from backend.education.models import CheckIn, LegalEducationEvent, Registration, Venue
from backend.founding.models import Founding
from backend.imports.models import ImportBatch, MappingProfile
from backend.messaging.models import MessageTemplate
from backend.people.models import CommunityRole, Resident, User
from backend.places.models import Community, HolidayOverride, Subdistrict
from backend.privacy.models import CommunityPrivacy, RetentionRule, SubjectRequest

HOME, ELSEWHERE = "xinhe", "dongfang"
SINCE = datetime.date(2025, 1, 1)
NOBODY = "nobody"
CALLERS = (*(str(role) for role in Role), NOBODY)


def user_with(role: str) -> User | None:
    """Somebody who holds this role and no other in 新河 (the street office: in its subdistrict).

    On the staff whatever the role is, so that it is the role that is asked and not the flag.
    """
    if role == NOBODY:
        return None
    user = User.objects.create_user(f"cell-{role}", is_staff=True)
    if role == Role.INSTALLATION:
        user.is_superuser = True
        user.save()
        return user
    held = CommunityRole(user=user, role=role, valid_from=SINCE)
    if role == Role.OFFICE:
        held.subdistrict = Subdistrict.objects.get()
    else:
        held.community = Community.objects.get(code=HOME)
    gate.save(held, by=SYSTEM)
    return user


def client_of(role: str) -> Client:
    """A client signed in as somebody with this role."""
    client = Client(raise_request_exception=True)
    user = user_with(role)
    if user is not None:
        client.force_login(user)
    return client


def granted(role: str, action: str) -> bool:
    """What the table says of a cell."""
    return role in GRANTS[action]


def register_admins() -> list[RegisterAdmin]:
    """Every register's page, by label."""
    found = [a for a in admin.site._registry.values() if isinstance(a, RegisterAdmin)]
    return sorted(found, key=lambda a: a.model._meta.label)


def _registration_event(place: Community) -> LegalEducationEvent:
    return LegalEducationEvent.objects.filter(community=place).order_by("-pk")[0]


def _registration(place: Community) -> Registration:
    start = timezone.now() + datetime.timedelta(days=2)
    event = LegalEducationEvent(
        community=place,
        venue=Venue.objects.filter(community=place, kind="all_age_classroom")[0],
        title="普法课",
        starts_at=start,
        ends_at=start + datetime.timedelta(hours=1),
    )
    event = actions.open_event(gate.save(event, by=SYSTEM), by=SYSTEM)
    return Registration(community=place, event=event, name="外来的人")


# Rows that the demo has none of: what a new one needs.
MISSING: dict[str, Callable[[Community], Kept]] = {
    "education.Registration": lambda place: _registration(place),
    "education.CheckIn": lambda place: CheckIn(
        community=place,
        event=_registration_event(place),
        name="路过的人",
        idempotency_key="cell",
        occurred_at=timezone.now(),
        success=True,
    ),
    "imports.ImportBatch": lambda place: ImportBatch(
        community=place, register="attendance", file_name="签到表.xlsx"
    ),
    "founding.Founding": lambda place: Founding(
        subdistrict=place.subdistrict, opened=place, community_name=place.name
    ),
    "imports.MappingProfile": lambda place: MappingProfile(
        community=place, register="attendance", fingerprint="0" * 64, headings=["大名", "号头"]
    ),
    "accounts.ApiKey": lambda place: ApiKey(
        name="社区大屏",
        owner=CommunityRole.objects.filter(community=place)[0].user,
        prefix=place.code[:8],
        digest="0" * 64,
        scopes=["places.see"],
        expires_at=timezone.now() + datetime.timedelta(days=7),
    ),
    "messaging.MessageTemplate": lambda place: MessageTemplate(
        community=place, kind="event_cancelled", title="活动取消", body="“{event_title}”取消了。"
    ),
    "privacy.SubjectRequest": lambda place: SubjectRequest(
        community=place,
        kind="correct",
        resident=Resident.objects.filter(community=place)[0],
        identified="document",
        details="电话换了",
    ),
    "privacy.RetentionRule": lambda place: RetentionRule(
        community=place, holding="attendance", days=400
    ),
    "places.HolidayOverride": lambda place: HolidayOverride(
        community=place, day=SINCE, works=True, note="值班"
    ),
    "privacy.CommunityPrivacy": lambda place: CommunityPrivacy(community=place),
}


def row_of(model: Any, community: str) -> Kept | None:
    """A row of the model in a community: the demo's, or one made for the test."""
    place = Community.objects.get(code=community)
    where = Scope(communities=frozenset([place.pk]))
    found: Kept | None = model._default_manager.filter(model.rows_in(where)).first()
    if found is None and model._meta.label in MISSING:
        return gate.save(MISSING[model._meta.label](place), by=SYSTEM)
    return found


def address(model: Any, name: str, *args: Any) -> str:
    """The address of an admin page."""
    head = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
    return head + "".join(f"{arg}/" for arg in args) + (f"{name}/" if name else "")
