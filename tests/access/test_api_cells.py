"""Every role × every list and every verb of the main API: the table's word holds.

A cell is one test. A list or a verb that is new fails here until somebody says who may.
"""

from collections.abc import Callable
from itertools import product
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from graphql import GraphQLObjectType, get_named_type, is_non_null_type

from backend.core import gate
from backend.core.access import Scope
from backend.core.models import Disclosure
from backend.demands.models import Demand, DemandCategory, DemandSettings
from backend.education.choices import PUBLISHED
from backend.education.models import Attendance, CheckIn, LegalEducationEvent, Registration
from backend.festivals.choices import PUBLISHED as ANNOUNCED
from backend.festivals.models import NeighborFestival
from backend.imports.models import ImportBatch
from backend.indicators.models import HotlineCategory, HotlineMonthlyCount
from backend.jobs.models import Job
from backend.meetings.models import (
    ActionItem,
    AgendaItem,
    JointMeeting,
    MeetingSettings,
    Resolution,
)
from backend.messaging.models import Delivery, MessageTemplate
from backend.notices.models import PublicNotice
from backend.owner_votes.models import OwnedRoom, OwnerBallot, OwnerVote
from backend.partners.models import (
    CoBuildingAgreement,
    DutyShift,
    IncipientIssue,
    ProgressReport,
    RedPartner,
    StewardSelection,
    VanguardPost,
)
from backend.patrols.models import DailyDigest, Patrol, PatrolPoint
from backend.people.models import (
    CommunityRole,
    Household,
    Organization,
    PrivacyNotice,
    Resident,
    User,
)
from backend.places.models import (
    Building,
    Community,
    Estate,
    Grid,
    HolidayOverride,
    ResidentGroup,
    Subdistrict,
)
from backend.privacy.models import CommunityPrivacy, RetentionRule, SubjectRequest
from backend.services.models import (
    Closure,
    ServiceBooking,
    ServiceCategory,
    ServiceItem,
    Slot,
    SlotRule,
)
from backend.stations.models import CoolStation, Refill, Supply, SupplyEntry
from backend.volunteers.models import (
    Assignment,
    Certificate,
    Honour,
    HonourLevel,
    ServiceRecord,
    Volunteer,
    VolunteerTeam,
)
from schema.main.schema import schema as main_schema
from tests.access.desk_verbs import delivery
from tests.access.thinning import thinned
from tests.access.verbs import ASKED, REFUSED, codes, may
from tests.access.world import CALLERS, ELSEWHERE, HOME, NOBODY, client_of, granted
from tests.schema.asking import data, nodes

pytestmark = [
    pytest.mark.usefixtures("_demo_data"),
    pytest.mark.django_db(databases="__all__"),
]

SCHEMA = main_schema._schema


def connections() -> list[str]:
    """The root fields that are lists."""
    query = SCHEMA.query_type
    assert query is not None
    return sorted(
        name
        for name, field in query.fields.items()
        if "pageInfo" in getattr(get_named_type(field.type), "fields", {})
    )


def home_rows(model: Any) -> Any:
    """What of a model lies in the caller's community (the office's: in its subdistrict)."""
    return model.objects.filter(
        model.rows_in(Scope(communities=frozenset([Community.objects.get(code=HOME).pk])))
    )


def _all_of(model: Any, action: str) -> Callable[[str], int]:
    def count(role: str) -> int:
        if not granted(role, action):
            return 0
        if role in ("installation", "office"):
            return int(model.objects.count())
        return int(home_rows(model).count())

    return count


def _events(role: str) -> int:
    if granted(role, "education.see"):
        return _all_of(LegalEducationEvent, "education.see")(role)
    if granted(role, "education.see_published"):
        return int(home_rows(LegalEducationEvent).filter(status__in=PUBLISHED).count())
    return 0


def _festivals(role: str) -> int:
    if granted(role, "festivals.see"):
        return _all_of(NeighborFestival, "festivals.see")(role)
    if granted(role, "festivals.see_published"):
        return int(home_rows(NeighborFestival).filter(status__in=ANNOUNCED).count())
    return 0


def _board(role: str) -> int:
    if granted(role, "notices.see"):
        return _all_of(PublicNotice, "notices.see")(role)
    if granted(role, "notices.see_published"):
        return int(home_rows(PublicNotice).filter(status="published").count())
    return 0


def _disclosures(role: str) -> int:
    """One line of the log at home, made here: the demo has none."""
    home = Community.objects.get(code=HOME)
    line = Disclosure(community=home, actor_name="worker", kind="read", model="x", rows=1, door="x")
    gate.keep_notes([line])
    return int(granted(role, "privacy.see"))


def _notices(role: str) -> int:
    if granted(role, "privacy.see"):
        return _all_of(PrivacyNotice, "privacy.see")(role)
    if granted(role, "people.see") or granted(role, "people.consent"):
        out = home_rows(PrivacyNotice).filter(published_on__lte=timezone.localdate())
        return int(out.count())
    return 0


def _deliveries(role: str) -> int:
    """One message at home and one elsewhere, made here: whoever runs before may leave others."""
    delivery()
    delivery(community=Community.objects.get(code=ELSEWHERE))
    if not granted(role, "messaging.see"):
        return 0
    rows = Delivery.objects.all()
    return int((rows if role == "installation" else rows.filter(community__code=HOME)).count())


def _appointments(role: str) -> int:
    """Those of the community, the caller's own among them; the administrator, who holds none, sees
    all.
    """
    if not granted(role, "accounts.see"):
        return 0
    if role == "installation":
        return int(CommunityRole.objects.count())
    return int(CommunityRole.objects.filter(community__code=HOME).count()) + 1


# List -> how many rows a role counts in it.
LISTS: dict[str, Callable[[str], int]] = {
    "communities": _all_of(Community, "places.see"),
    "subdistricts": _all_of(Subdistrict, "places.see"),
    "estates": _all_of(Estate, "places.see"),
    "buildings": _all_of(Building, "places.see"),
    "grids": _all_of(Grid, "places.see"),
    "residentGroups": _all_of(ResidentGroup, "places.see"),
    "holidayOverrides": _all_of(HolidayOverride, "calendar.see"),
    "privacyNotices": _notices,
    "retentionRules": _all_of(RetentionRule, "privacy.see"),
    "serviceCategories": _all_of(ServiceCategory, "services.see"),
    "legalEducationEvents": _events,
    "residents": _all_of(Resident, "people.see"),
    "households": _all_of(Household, "people.see"),
    # A contact who speaks for no organization sees none: tests/people/test_organizations.py.
    "organizations": _all_of(Organization, "organizations.see"),
    "redPartners": _all_of(RedPartner, "partners.see"),
    "coBuildingAgreements": _all_of(CoBuildingAgreement, "partners.see"),
    "vanguardPosts": _all_of(VanguardPost, "partners.see"),
    "dutyShifts": _all_of(DutyShift, "duties.see"),
    "progressReports": _all_of(ProgressReport, "progress.see"),
    "stewardSelections": _all_of(StewardSelection, "selections.see"),
    "incipientIssues": _all_of(IncipientIssue, "incipient.see"),
    "publicNotices": _board,
    "patrols": _all_of(Patrol, "patrols.see"),
    "patrolPoints": _all_of(PatrolPoint, "patrols.see"),
    "dailyDigests": _all_of(DailyDigest, "digests.see"),
    # A handler sees the own body's, a reporter the own ones: tests/demands/test_verbs.py.
    "demands": _all_of(Demand, "demands.see"),
    "demandCategories": _all_of(DemandCategory, "demand_categories.see"),
    "demandSettings": _all_of(DemandSettings, "demand_rules.see"),
    "jointMeetings": _all_of(JointMeeting, "meetings.see"),
    "resolutions": _all_of(Resolution, "meetings.see"),
    "agendaItems": _all_of(AgendaItem, "meetings.see"),
    # A contact sees those of the own body: tests/meetings/test_meeting.py.
    "actionItems": _all_of(ActionItem, "action_items.see"),
    # A contact sees those of the own body: tests/owner_votes/test_votes.py.
    "ownerVotes": _all_of(OwnerVote, "owner_votes.see"),
    "ownedRooms": _all_of(OwnedRoom, "owner_register.see"),
    "ownerBallots": _all_of(OwnerBallot, "owner_ballots.see"),
    "attendances": _all_of(Attendance, "attendance.see"),
    "registrations": _all_of(Registration, "registrations.see"),
    "checkIns": _all_of(CheckIn, "checkins.see"),
    "serviceItems": _all_of(ServiceItem, "services.see"),
    "slots": _all_of(Slot, "services.see"),
    "slotRules": _all_of(SlotRule, "services.see"),
    "closures": _all_of(Closure, "services.see"),
    "serviceBookings": _all_of(ServiceBooking, "bookings.see"),
    # Everybody sees the own ones: these are no volunteers.
    "volunteers": _all_of(Volunteer, "volunteers.see"),
    "volunteerTeams": _all_of(VolunteerTeam, "volunteer_teams.see"),
    "assignments": _all_of(Assignment, "assignments.see"),
    "serviceRecords": _all_of(ServiceRecord, "service_hours.see"),
    "certificates": _all_of(Certificate, "certificates.see"),
    "honours": _all_of(Honour, "honours.see"),
    "honourLevels": _all_of(HonourLevel, "honour_levels.see"),
    "neighborFestivals": _festivals,
    "supplies": _all_of(Supply, "stations.see"),
    "coolStations": _all_of(CoolStation, "stations.see"),
    # A contact sees those of the own body's stations: tests/stations/test_ledger.py.
    "supplyEntries": _all_of(SupplyEntry, "supplies.see"),
    "refills": _all_of(Refill, "refills.see"),
    "hotlineMonthlyCounts": _all_of(HotlineMonthlyCount, "hotline.see"),
    "hotlineCategories": _all_of(HotlineCategory, "hotline.see"),
    # Of the caller's own: these have booked nothing.
    "myBookings": lambda role: 0,
    # Of the caller's own: these have registered for nothing.
    "myRegistrations": lambda role: 0,
    "importBatches": _all_of(ImportBatch, "imports.see"),
    "jobs": _all_of(Job, "jobs.see"),
    # Of the caller's own: these have made none.
    "myApiKeys": lambda role: 0,
    # One's own alone, whatever the role: tests/schema/test_messages.py fills an inbox.
    "myMessages": lambda role: 0,
    "disclosures": _disclosures,
    "messageTemplates": _all_of(MessageTemplate, "messaging.see"),
    "meetingSettings": _all_of(MeetingSettings, "meeting_rules.see"),
    "communityPrivacies": _all_of(CommunityPrivacy, "privacy.see"),
    "deliveries": _deliveries,
    "roleAppointments": _appointments,
    "subjectRequests": _all_of(SubjectRequest, "requests.see"),
    # What is gone, by the same roles: tests/schema/test_copies.py deletes some.
    "tombstones": lambda role: 0,
}


def test_every_list_of_the_schema_is_tried() -> None:
    assert set(connections()) == set(LISTS)


@pytest.mark.parametrize(
    ("name", "role"),
    # How many rows a role counts is asked of the database: here, all roles are alike.
    thinned(product(sorted(LISTS), CALLERS), 1, lambda name, role: role == NOBODY),
)
def test_a_list_holds_what_the_table_grants(name: str, role: str) -> None:
    expected = 0 if role == NOBODY else LISTS[name](role)
    listed = data(
        client_of(role), f"{{ {name}(first: 100) {{ totalCount edges {{ node {{ id }} }} }} }}"
    )[name]
    assert listed["totalCount"] == expected
    assert len(nodes(listed)) == min(expected, 100)


def mutations() -> list[str]:
    """The verbs of the schema."""
    assert isinstance(SCHEMA.mutation_type, GraphQLObjectType)
    return sorted(SCHEMA.mutation_type.fields)


def test_every_verb_of_the_schema_is_tried() -> None:
    assert set(mutations()) == set(ASKED)


def test_a_verb_takes_one_input_and_answers_errors() -> None:
    """contracts.md, the main API's shape."""
    assert SCHEMA.mutation_type is not None
    for name, field in SCHEMA.mutation_type.fields.items():
        assert set(field.args) == {"input"}, name
        assert is_non_null_type(field.type), name
        answer = get_named_type(field.type)
        assert isinstance(answer, GraphQLObjectType)
        error = get_named_type(answer.fields["errors"].type)
        assert {"field", "code", "message"} <= set(getattr(error, "fields", {})), name


@pytest.mark.once
@pytest.mark.parametrize(
    ("verb", "role"),
    thinned(product(sorted(ASKED), CALLERS), 1, lambda verb, role: may(ASKED[verb], role), of=4),
)
def test_a_verb_is_for_those_whom_the_table_grants_it(verb: str, role: str) -> None:
    asked = ASKED[verb]
    said = codes(client_of(role), verb, asked.given())
    assert bool(said & REFUSED) != may(asked, role), said


@pytest.mark.parametrize("verb", sorted(v for v in ASKED if ASKED[v].action is not None))
def test_a_verb_is_not_for_the_neighbours(verb: str) -> None:
    asked = ASKED[verb]
    client = Client()
    client.force_login(User.objects.get(username="dongfang-worker"))
    assert codes(client, verb, asked.given()) & REFUSED
