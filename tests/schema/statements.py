"""Queries whose statements are counted, and the counting."""

from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from graphql import get_named_type, is_object_type

from backend.people.models import User
from schema.open_data.lists import open_lists
from schema.open_data.schema import schema as open_schema
from tests.schema.asking import MAIN, OPEN, caller, data

EVENT = (
    "code title startsAt statusLabel headsTotal attendanceCount community { name } venue { name }"
)
QUERIES = {
    "main: places and what is settled once": (
        MAIN,
        """{ estates(first: 50) { edges { node { name community { name } } } }
        buildings(first: 50) { edges { node { name estate { name } } } }
        grids(first: 50) { edges { node { name estate { name } } } }
        residentGroups(first: 50) { edges { node { name estate { name } grid { name } } } }
        serviceCategories(first: 50) { edges { node { name community { name } } } }
        supplies(first: 50) { edges { node { name community { name } } } }
        holidayOverrides(first: 50) { edges { node { day community { name } } } } }""",
    ),
    "main: events": (
        MAIN,
        f"{{ legalEducationEvents(first: 50) {{ edges {{ node {{ {EVENT} }} }} }} }}",
    ),
    "main: events, counted": (
        MAIN,
        f"{{ legalEducationEvents(first: 50) {{ totalCount edges {{ node {{ {EVENT} }} }} }} }}",
    ),
    "main: events with attendance and head-counts": (
        MAIN,
        """{ legalEducationEvents(first: 50) { totalCount edges { node { code availableActions { name }
        headcounts { kind count } attendances(first: 20) { totalCount edges { node {
        name signedInAt resident { name phone } } } } } } } }""",
    ),
    "main: events with attachments on every level": (
        MAIN,
        """{ legalEducationEvents(first: 50) { edges { node { code attachments { code url }
        headcounts { attachments { code } } attendances(first: 20) { edges { node {
        attachments { code thumbnailUrl } } } } } } } }""",
    ),
    "main: pages within events, each with its own order and filter": (
        MAIN,
        """{ legalEducationEvents(first: 50) { edges { node { code attachments { code }
        one: attendances(first: 3, order: {id: DESC}) { totalCount edges { node { name } } }
        two: attendances(last: 2) { edges { node { name attachments { code } event { code
        attendances(first: 1, after: "YXJyYXljb25uZWN0aW9uOjA=") { edges { node { name } } } } } } }
        three: attendances(filters: {linked: false}) { totalCount pageInfo { hasNextPage } }
        } } } }""",
    ),
    "main: one event twice under other names": (
        MAIN,
        """{ a: legalEducationEvent(code: "pf-held") { title attendances(first: 5) { edges { node { name } } } }
        b: legalEducationEvent(code: "pf-held") { title venue { name } } }""",
    ),
    "main: attendance": (
        MAIN,
        "{ attendances(first: 100) { totalCount edges { node { name event { code } resident { name } } } } }",
    ),
    "main: events with their places": (
        MAIN,
        """{ legalEducationEvents(first: 50) { edges { node { code registrationCount placesLeft
        waitlistCount myRegistration { status position ticket } } } } }""",
    ),
    "main: registrations": (
        MAIN,
        """{ registrations(first: 50) { totalCount edges { node { code name phone position ticket
        eventTitle availableActions { name } event { code } resident { name } } } } }""",
    ),
    "main: check-ins": (
        MAIN,
        """{ checkIns(first: 50) { edges { node { name success registration { code ticket }
        resident { name } } } } }""",
    ),
    "main: meetings with items, roll, resolutions and what came of them": (
        MAIN,
        """{ jointMeetings(first: 50) { totalCount edges { node { code statusLabel minutes
        availableActions { name } items { title } roll { name seat { code } } resolutions { number text
        actionItems { title overdue organizationName organization { name } } } } } } }""",
    ),
    "main: published resolutions, who is accountable, what is overdue": (
        MAIN,
        """{ resolutions(first: 50, filters: {published: true}) { edges { node { number text meeting {
        title } actionItems { organizationName dueOn overdue status } } } } }""",
    ),
    "main: overdue action items": (
        MAIN,
        """{ actionItems(first: 50, filters: {overdue: true}) { totalCount edges { node { title dueOn
        organizationName meetingTitle progress { text } availableActions { name } } } } }""",
    ),
    "main: rules of slots with their exceptions, and closures": (
        MAIN,
        """{ slotRules(first: 50) { totalCount edges { node { code helper item { title }
        exceptions { day kind } } } } closures(first: 50) { edges { node { reason
        item { title } } } } }""",
    ),
    "main: owners' votes": (
        MAIN,
        """{ ownerVotes(first: 50) { totalCount edges { node { code title estate statusLabel outcome
        ballotCount areaAll areaFor headsFor organizer { name } community { name }
        availableActions { name } } } } }""",
    ),
    "main: rooms with their owners": (
        MAIN,
        """{ ownedRooms(first: 100) { totalCount edges { node { estate building unit room size
        ownerships { owner { name phone nameInFull organization { name } } } } } } }""",
    ),
    "main: ballots": (
        MAIN,
        """{ ownerBallots(first: 100) { totalCount edges { node { place rooms area opinion paperNumber
        vote { code title } } } } }""",
    ),
    "open data: results of owners' votes": (
        OPEN,
        """{ ownerVotes(first: 50) { totalCount edges { node { code title estate outcome areaAll
        areaFor headsAll headsFor } } } }""",
    ),
    "open data: published resolutions, who is accountable, what is overdue": (
        OPEN,
        """{ resolutions(first: 50) { totalCount edges { node { number text meeting { title }
        actionItems { title organization dueOn overdue } } } } }""",
    ),
    "open data: meetings with their minutes": (
        OPEN,
        "{ jointMeetings(first: 50) { edges { node { code title number minutes } } } }",
    ),
    "open data: events": (
        OPEN,
        """{ legalEducationEvents(first: 50) { totalCount edges { node { code title headsTotal
        placesLeft venue { name } } } } }""",
    ),
    "open data: venues": (OPEN, "{ venues(first: 50) { totalCount edges { node { name } } } }"),
}


def _all_of(kind: Any, depth: int) -> str:
    """Every field of a type of the open data, and of what it points at."""
    told = []
    for name, field in kind.fields.items():
        inner = get_named_type(field.type)
        if not is_object_type(inner):
            told.append(name)
        elif depth:
            told.append(f"{name} {{ {_all_of(inner, depth - 1)} }}")
    return " ".join(told)


_OPEN = open_schema.graphql_schema.type_map
# Every list of the open data with all that can be asked of its rows.
QUERIES |= {
    f"open data: all of {one.name}": (
        OPEN,
        f"{{ {one.name}(first: 50) {{ edges {{ node {{ {_all_of(_OPEN[one.type_name], 2)} }} }} }} }}",
    )
    for one in open_lists()
}


def statements(worker: User, name: str) -> int:
    return counted(worker, *QUERIES[name])


def counted(worker: User, address: str, query: str) -> int:
    """How many rows are asked for by a query, in statements."""
    client = caller(worker if address == MAIN else None)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        data(client, query, address)
    return sum(1 for q in captured if q["sql"].lstrip().upper().startswith(("SELECT", "WITH")))
