"""In a real Chromium: who has no rights types addresses, and sees a refusal and nobody's data.

All addresses are asked in tests/access/test_no_rights.py; here is what the screen says.
"""

import pytest
from django.urls import reverse

from backend.education.models import LegalEducationEvent
from backend.meetings.models import JointMeeting
from backend.people.models import Resident, User
from tests.walk.conftest import SignedIn

pytestmark = [pytest.mark.slow, pytest.mark.once, pytest.mark.django_db(databases="__all__")]


def _addresses() -> list[str]:
    event = LegalEducationEvent.objects.get(community__code="xinhe", code="pf-open")
    meeting = JointMeeting.objects.filter(community__code="xinhe").order_by("pk")[0]
    one, other = Resident.objects.filter(community__code="xinhe").order_by("pk")[:2]
    return [
        reverse("admin:education_attendance_import"),
        reverse("admin:education_attendance_export"),
        reverse("admin:education_event_door", args=[event.pk]),
        reverse("admin:education_event_door_list", args=[event.pk]),
        reverse("admin:education_legaleducationevent_change", args=[event.pk]),
        reverse("admin:education_legaleducationevent_history", args=[event.pk]),
        reverse("admin:meetings_meeting_room", args=[meeting.pk]),
        reverse("admin:people_resident_changelist"),
        reverse("admin:people_resident_compare", args=[one.pk, other.pk]),
        "/admin/",
    ]


@pytest.mark.parametrize("who", ["no-role", "resident", "partner"])
def test_typed_addresses_show_a_refusal_and_no_data(signed_in: SignedIn, who: str) -> None:
    if who == "no-role":
        User.objects.create_user("no-role", is_staff=True)
    secrets = ["pf-open", *JointMeeting.objects.values_list("title", flat=True)]
    secrets += Resident.objects.filter(community__code="xinhe").values_list("name", flat=True)[:20]
    page = signed_in(who, viewport={"width": 390, "height": 844}).new_page()
    for address in _addresses():
        answer = page.goto(address)
        assert answer is not None
        landed = page.url.partition("?")[0]
        refused = answer.status in (403, 404)
        sent_away = landed.endswith(("/login/", "/accounts/", "/admin/"))
        assert refused or sent_away, f"{address}: {answer.status} at {landed}"
        said = page.inner_text("body")
        assert not [word for word in secrets if word in said], address
