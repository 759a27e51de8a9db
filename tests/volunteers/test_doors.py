"""Volunteers through the main API, open data and the staff pages."""

import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from strawberry.relay import to_base64

from backend.core import gate
from backend.core.access import SYSTEM
from backend.people.models import Resident, User
from backend.places.models import Community
from backend.privacy.models import CommunityPrivacy
from backend.services.models import Slot
from backend.volunteers.models import (
    Assignment,
    Availability,
    ServiceRecord,
    TeamMember,
    Volunteer,
    VolunteerTeam,
)
from tests.growing import statements_of
from tests.schema.asking import MAIN, OPEN, caller, data, nodes
from tests.volunteers.team import hours_ago, new_record, new_volunteer

pytestmark = pytest.mark.django_db


def user_of(volunteer: Volunteer) -> User:
    """The volunteer's account."""
    assert volunteer.resident is not None
    found: Any = volunteer.resident.user
    return found


def did(user: User, verb: str, answer: str, **given: Any) -> tuple[Any, list[str]]:
    """What a mutation answers, and its codes."""
    kind = f"{verb[0].upper()}{verb[1:]}Input"
    kind = {
        "verifyServiceRecord": "ServiceRecordInput",
        "rejectServiceRecord": "ServiceRecordInput",
        "acceptAssignment": "AssignmentInput",
    }.get(verb, kind)
    query = f"""mutation ($input: {kind}!) {{ {verb}(input: $input) {{
        {answer} errors {{ code }} }} }}"""
    found = data(caller(user), query, input=given)[verb]
    codes = [error["code"] for error in found.pop("errors")]
    return next(iter(found.values())), codes


def test_everybody_sees_oneself_and_nobody_else(
    community: Community, volunteer: Volunteer, resident_user: User, worker: User
) -> None:
    other = new_volunteer(community, "周别人")
    query = """query ($code: String!) { volunteer(code: $code) { code }
        myVolunteer { code name } volunteers { totalCount } }"""
    mine = data(caller(user_of(volunteer)), query, code=other.code)
    assert mine == {
        "volunteer": None,
        "myVolunteer": {"code": volunteer.code, "name": "钱*"},
        "volunteers": {"totalCount": 1},
    }
    none = data(caller(resident_user), query, code=other.code)
    assert (none["volunteer"], none["volunteers"]["totalCount"]) == (None, 0)
    staff = data(caller(worker), query, code=other.code)
    assert (staff["volunteer"]["code"], staff["volunteers"]["totalCount"]) == (other.code, 2)


def test_a_filter_finds_who_is_free_and_good_at_it(
    community: Community, volunteer: Volunteer, worker: User
) -> None:
    new_volunteer(community, "周别人", skills="唱歌")
    volunteer.skills = "理发、书法"
    gate.save(volunteer, by=SYSTEM)
    free = Availability(community=community, volunteer=volunteer, weekday=5, part="morning")
    gate.save(free, by=SYSTEM)
    wanted = '{skill: "理发", freeOn: {weekday: SATURDAY, part: MORNING}, status: [ACTIVE]}'
    query = "{ volunteers(filters: %s) { edges { node { code freeTimes { weekday part } } } } }"
    found = nodes(data(caller(worker), query % wanted)["volunteers"])
    assert found == [
        {"code": volunteer.code, "freeTimes": [{"weekday": "SATURDAY", "part": "MORNING"}]}
    ]
    wanted = wanted.replace("SATURDAY", "SUNDAY")
    assert nodes(data(caller(worker), query % wanted)["volunteers"]) == []


def test_the_same_key_asks_a_volunteer_once(volunteer: Volunteer, slot: Slot, worker: User) -> None:
    given = {
        "volunteerId": to_base64("Volunteer", volunteer.pk),
        "slotId": to_base64("Slot", slot.pk),
        "task": "引导",
        "idempotencyKey": "once",
    }
    asked = "assignment { id code availableActions { name } }"
    first, codes = did(worker, "assignVolunteer", asked, **given)
    assert codes == []
    assert did(worker, "assignVolunteer", asked, **given) == (first, [])
    _, codes = did(worker, "assignVolunteer", asked, **given | {"idempotencyKey": "again"})
    assert codes == ["assignment_overlaps"]
    said, codes = did(
        user_of(volunteer),
        "acceptAssignment",
        "assignment { status availableActions { name } }",
        assignmentId=first["id"],
    )
    assert (said, codes) == ({"status": "ACCEPTED", "availableActions": [{"name": "decline"}]}, [])


def test_nobody_verifies_the_own_hours_through_any_door(
    community: Community, volunteer: Volunteer, worker: User
) -> None:
    mine = new_volunteer(community, "吴社工", account=False)
    person = Resident.objects.get(pk=mine.resident_id)
    person.user = worker
    gate.save(person, by=SYSTEM)
    own, others = new_record(mine, 4, 2), new_record(volunteer, 4, 2)
    page = Client()
    page.force_login(worker)
    key = {"recordId": to_base64("ServiceRecord", own.pk), "reason": "核对"}
    assert did(worker, "verifyServiceRecord", "serviceRecord { code }", **key)[1] == ["own_hours"]
    assert did(worker, "rejectServiceRecord", "serviceRecord { code }", **key)[1] == ["own_hours"]
    head = "/admin/volunteers/servicerecord/"
    said = page.post(f"{head}{own.pk}/move/verify/", {})
    assert "自己的服务时长要由别人核实" in said.content.decode()
    # Many at once: the others' are, and the page says how many were not, and why.
    chosen = {"_selected_action": [own.pk, others.pk], "sure": "1"}
    said = page.post(f"{head}bulk/verify/", chosen, follow=True)
    assert (said.context["count"], said.context["stayed"]) == (1, 1)
    assert "自己的服务时长要由别人核实" in said.context["refused"][0]["why"]
    both = [to_base64("ServiceRecord", row.pk) for row in (own, others)]
    found, codes = did(worker, "verifyServiceRecords", "serviceRecords { code }", recordIds=both)
    assert (found, sorted(codes)) == ([], ["own_hours", "wrong_state"])
    states = dict(ServiceRecord.objects.values_list("pk", "status"))
    assert states == {own.pk: "submitted", others.pk: "verified"}
    query = '{ serviceRecord(code: "%s") { availableActions { name allowed reason } } }'
    shown = data(caller(worker), query % own.code)["serviceRecord"]["availableActions"]
    refused = {row["name"] for row in shown if not row["allowed"]}
    assert refused == {"verify", "reject"}


def test_political_status_is_on_no_page_unless_turned_on(
    volunteer: Volunteer, worker: User
) -> None:
    page = Client()
    page.force_login(worker)
    address = f"/admin/volunteers/volunteer/{volunteer.pk}/change/"
    assert "political_status" not in page.get(address).content.decode()
    gate.save(
        CommunityPrivacy(community_id=volunteer.community_id, party_membership_on=True), by=SYSTEM
    )
    volunteer.political_status = "party_member"
    gate.save(volunteer, by=SYSTEM)
    shown = page.get(address)
    form = shown.context["adminform"].form
    # Masked, and a mask that comes back says nothing new.
    assert form.initial["political_status"] == "＊＊＊"
    given = {name: value for name, value in form.initial.items() if value is not None} | {
        "skills": "修伞"
    }
    for prefix in ("availabilities", "memberships"):
        given |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    sent = page.post(address, given)
    assert sent.status_code == 302, sent.context["errors"]
    fresh = Volunteer.objects.get(pk=volunteer.pk)
    assert (fresh.political_status, fresh.skills) == ("party_member", "修伞")
    query = "query ($code: String!) { volunteer(code: $code) { politicalStatusInFull } }"
    assert data(caller(worker), query, code=volunteer.code)["volunteer"] == {
        "politicalStatusInFull": None
    }


def test_open_data_has_no_small_number(community: Community, worker: User) -> None:
    query = '{ volunteerSummary(community: "xinhe") { volunteers teams verifiedHours } }'
    people = [new_volunteer(community, f"钱{n}", account=False) for n in range(4)]
    for one in people:
        gate.move(new_record(one, 4, 2), "verify", by=SYSTEM)
    few = data(caller(), query, OPEN)["volunteerSummary"]
    assert few == {"volunteers": None, "teams": 0, "verifiedHours": None}
    people.append(new_volunteer(community, "钱五", account=False))
    gate.move(new_record(people[-1], 4, 2), "verify", by=SYSTEM)
    enough = data(caller(), query, OPEN)["volunteerSummary"]
    assert enough == {"volunteers": 5, "teams": 0, "verifiedHours": 10}


PAGES = {
    "volunteers": "/admin/volunteers/volunteer/",
    "teams": "/admin/volunteers/volunteerteam/",
    "assignments": "/admin/volunteers/assignment/",
    "hours": "/admin/volunteers/servicerecord/",
}
QUERIES = {
    "volunteers": (
        MAIN,
        """{ volunteers(first: 100) { totalCount edges { node { code name verifiedMinutes
        teams { name } freeTimes { weekday } availableActions { name } resident { name }
        assignments(first: 5) { edges { node { task } } }
        serviceRecords(first: 5) { edges { node { minutes } } } } } } }""",
    ),
    "teams": (MAIN, "{ volunteerTeams { edges { node { name volunteersCount leaderName } } } }"),
    "assignments": (
        MAIN,
        """{ assignments(first: 100) { totalCount edges { node { code task volunteerName
        volunteer { code } slot { code } availableActions { name } } } } }""",
    ),
    "hours": (
        MAIN,
        """{ serviceRecords(first: 100) { totalCount edges { node { code minutes volunteerName
        volunteer { code } assignment { code } availableActions { name } } } } }""",
    ),
    "summary": (OPEN, '{ volunteerSummary(community: "xinhe") { volunteers teams } }'),
}


def grow(community: Community, slot: Slot, count: int) -> None:
    """So many volunteers more, each in a team, free, asked, and with hours."""
    first = Volunteer.objects.count()
    residents = [
        Resident(community=community, name=f"志愿{n}", phone=f"1390003{n:04d}")
        for n in range(first, first + count)
    ]
    gate.save_many(residents, by=SYSTEM)
    people = [Volunteer(community=community, resident=person) for person in residents]
    gate.save_many(people, by=SYSTEM)
    gate.move_many(people, "approve", by=SYSTEM)
    team = VolunteerTeam(community=community, name=f"服务队{first}", leader=None)
    gate.save(team, by=SYSTEM)
    own = {"community": community}
    gate.save_many([TeamMember(**own, team=team, volunteer=one) for one in people], by=SYSTEM)
    gate.save_many(
        [Availability(**own, volunteer=one, weekday=1, part="morning") for one in people],
        by=SYSTEM,
    )
    gate.save_many(
        [Assignment(**own, volunteer=one, slot=slot, task="引导") for one in people], by=SYSTEM
    )
    end = timezone.now() - datetime.timedelta(hours=1)
    gate.save_many(
        [
            ServiceRecord(**own, volunteer=one, content="巡逻", starts_at=hours_ago(3), ends_at=end)
            for one in people
        ],
        by=SYSTEM,
    )


@pytest.mark.slow
def test_ten_times_the_rows_take_no_more_statements(
    community: Community, slot: Slot, worker: User
) -> None:
    grow(community, slot, 2)
    few = statements_of(worker, PAGES, QUERIES)
    grow(community, slot, 18)
    assert statements_of(worker, PAGES, QUERIES) == few
