"""How many there are of what in the rush."""

CALLERS = 40
PROCESSES, THREADS = 4, 5
GRID = "wg-rush"
