"""The floor of reading: for each query one hand-written statement that builds the whole answer.

No GraphQL, no rules but the community, nothing asked of the caller. The same answers, masks and all.
"""

import base64
from collections.abc import Callable
from typing import Any

import orjson
from django.db import connection
from django.http import HttpRequest, HttpResponse

_LITE = {
    "object": "json_object",
    "list": "json_group_array(json(r))",
    "when": "strftime('%Y-%m-%dT%H:%M:%S', {}, '+8 hours') || '+08:00'",
    "next": "json(CASE WHEN (SELECT count(*) FROM p) > 50 THEN 'true' ELSE 'false' END)",
}
_POSTGRES = {
    "object": "json_build_object",
    "list": "coalesce(json_agg(r), '[]')",
    "when": "to_char({} AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD\"T\"HH24:MI:SS') || '+08:00'",
    "next": "(SELECT count(*) FROM p) > 50",
}
_MASKED = "CASE WHEN {0} = '' THEN '' ELSE substr({0}, 1, 1) || '*' END"


def _statements() -> dict[str, str]:
    words = _POSTGRES if connection.vendor == "postgresql" else _LITE
    obj, lst = words["object"], words["list"]
    starts = words["when"].format("e.starts_at")
    event = (
        f"{obj}('code', e.code, 'title', e.title, 'status', upper(e.status), 'startsAt', {starts},"
        " 'speaker', e.speaker, 'maxGroupSize', e.max_group_size)"
    )
    guest = _MASKED.format("a.name")
    person = _MASKED.format("p.name")
    guests = f"""(SELECT {lst} FROM (
        SELECT {obj}('node', {obj}('name', {guest}, 'resident', {obj}('name', {person}))) AS r
        FROM (SELECT * FROM education_attendance o WHERE o.event_id = e.id
            ORDER BY o.event_id, o.id LIMIT 10) a
        JOIN people_resident p ON p.id = a.resident_id ORDER BY a.id) g)"""
    events = "education_legaleducationevent e"
    newest = "ORDER BY e.starts_at DESC, e.id DESC"
    row = f"{obj}('code', e.code, 'title', e.title, 'startsAt', {starts})"
    return {
        "Q1": f"""SELECT {obj}('data', {obj}('legalEducationEvents', {obj}('edges', (SELECT {lst} FROM (
            SELECT {obj}('node', {event}) AS r FROM {events}
            WHERE e.community_id = 1 {newest} LIMIT 100) x))))""",
        "Q2": f"""SELECT {obj}('data', {obj}('legalEducationEvents', {obj}('edges', (SELECT {lst} FROM (
            SELECT {obj}('node', {obj}('code', e.code, 'title', e.title,
                'venue', {obj}('name', v.name), 'community', {obj}('name', c.name),
                'attendances', {obj}('edges', {guests}))) AS r
            FROM {events} JOIN education_venue v ON v.id = e.venue_id
            JOIN places_community c ON c.id = e.community_id
            WHERE e.community_id = 1 {newest} LIMIT 95) x))))""",
        "Q3": f"""SELECT {obj}('data', {obj}('node', {event})) FROM {events}
            WHERE e.id = %s AND e.community_id = 1""",
        "Q4": f"""WITH m AS (SELECT e.* FROM {events} WHERE e.community_id = 1 AND e.status IN ('open')),
            p AS (SELECT e.* FROM m e {newest} LIMIT 51)
            SELECT {obj}('data', {obj}('legalEducationEvents', {obj}(
                'totalCount', (SELECT count(*) FROM m), 'pageInfo', {obj}('hasNextPage', {words["next"]}),
                'edges', (SELECT {lst} FROM (
                    SELECT {obj}('node', {row}) AS r FROM p e {newest} LIMIT 50) x))))""",
    }


def floor(name: str) -> Callable[[HttpRequest], HttpResponse]:
    """The bare view of one query."""
    statement = _statements()[name]

    def view(request: HttpRequest) -> HttpResponse:
        variables: dict[str, Any] = orjson.loads(request.body).get("variables") or {}
        given = [_key(variables["id"])] if "id" in variables else None
        with connection.cursor() as cursor:
            # Without values a per cent sign is one.
            cursor.execute(statement if given else statement.replace("%%", "%"), given)
            (text,) = cursor.fetchone()
        body = text if isinstance(text, str) else orjson.dumps(text)
        return HttpResponse(body, content_type="application/json")

    return view


def _key(given: str) -> int:
    return int(base64.b64decode(given).split(b":")[1])
