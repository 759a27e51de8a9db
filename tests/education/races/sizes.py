"""How many there are of what in the rush."""

CALLERS, PLACES, WAITING = 200, 10, 30
PROCESSES, THREADS = 4, 5
RUSH_EVENTS = ("pf-rush-1", "pf-rush-2", "pf-naive")
MIXED_EVENTS = ("pf-mixed-1", "pf-mixed-2", "pf-mixed-3")
FULL_EVENTS = tuple(f"pf-full-{n}" for n in range(6))
