"""How many there are of what in the rush."""

CALLERS, PLACES = 200, 10
PROCESSES, THREADS = 4, 5
RUSH, NAIVE, MIXED, HELD = "slot-rush", "slot-naive", "slot-mixed", "slot-held"
