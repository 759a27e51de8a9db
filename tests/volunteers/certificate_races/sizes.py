"""How many there are of what in the rush."""

PROCESSES, THREADS = 4, 4
# Calls of each process; volunteers who are certified, and records that each has.
CALLS, PEOPLE, RECORDS = 40, 8, 6
