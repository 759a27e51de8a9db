"""Verbs of stations: pausing, closing, opening again."""

from backend.core import gate
from backend.core.access import Actor
from backend.stations.models import CoolStation


def move_station(station: CoolStation, verb: str, *, by: Actor, reason: str = "") -> CoolStation:
    """The station, paused, closed or open again. Raises: wrong_state; reason_required; not_allowed."""
    return gate.move(station, verb, by=by, reason=reason)


STATION_VERBS = {
    "pause": lambda row, *, by, reason: move_station(row, "pause", by=by, reason=reason),
    "resume": lambda row, *, by, reason: move_station(row, "resume", by=by),
    "close": lambda row, *, by, reason: move_station(row, "close", by=by, reason=reason),
    "reopen": lambda row, *, by, reason: move_station(row, "reopen", by=by),
}
