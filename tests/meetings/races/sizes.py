"""How many there are of what in the rush."""

CALLERS, PROCESSES, THREADS = 50, 4, 5
# Meetings that are convened at one moment, of two years; resolutions written in so many meetings.
MEETINGS, RESOLUTIONS, ROOMS = 40, 40, 8
