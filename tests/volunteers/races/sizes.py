"""How many there are of what in the rush."""

PROCESSES, THREADS = 4, 4
# Records told by each process; volunteers of whom they are told, and hours among which they fall.
CALLS, PEOPLE, HOURS = 40, 3, 12
