"""Alive and ready: what a proxy or a supervisor asks."""

from datetime import timedelta

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.utils import timezone

from backend.core.models import WorkerHeartbeat

# The worker beats every 5 seconds; six missed beats is a dead worker.
DEAD_AFTER = timedelta(seconds=30)


def alive(request: HttpRequest) -> JsonResponse:
    """200 as long as the process answers."""
    return JsonResponse({"alive": True})


def ready(request: HttpRequest) -> JsonResponse:
    """200 if the database and a worker can be reached, else 503 with what is missing."""
    state = {"database": _database_answers(), "worker": _worker_beats()}
    return JsonResponse(state, status=200 if all(state.values()) else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _worker_beats() -> bool:
    try:
        return WorkerHeartbeat.objects.filter(beaten_at__gte=timezone.now() - DEAD_AFTER).exists()
    except DatabaseError:
        return False
