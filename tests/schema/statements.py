"""Queries whose statements are counted, and the counting."""

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backend.people.models import User
from tests.schema.asking import MAIN, OPEN, caller, data

EVENT = (
    "code title startsAt statusLabel headsTotal attendanceCount community { name } venue { name }"
)
QUERIES = {
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
    "main: one event twice under other names": (
        MAIN,
        """{ a: legalEducationEvent(code: "pf-held") { title attendances(first: 5) { edges { node { name } } } }
        b: legalEducationEvent(code: "pf-held") { title venue { name } } }""",
    ),
    "main: attendance": (
        MAIN,
        "{ attendances(first: 100) { totalCount edges { node { name event { code } resident { name } } } } }",
    ),
    "open data: events": (
        OPEN,
        "{ legalEducationEvents(first: 50) { totalCount edges { node { code title headsTotal venue { name } } } } }",
    ),
    "open data: venues": (OPEN, "{ venues(first: 50) { totalCount edges { node { name } } } }"),
}


def statements(worker: User, name: str) -> int:
    address, query = QUERIES[name]
    client = caller(worker if address == MAIN else None)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        data(client, query, address)
    return sum(1 for q in captured if q["sql"].lstrip().upper().startswith(("SELECT", "WITH")))
