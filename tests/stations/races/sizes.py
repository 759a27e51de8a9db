"""How many there are of what in the rush."""

CALLERS, STOCK, EACH = 120, 100, 3
PROCESSES, THREADS = 4, 5
RUSH, NAIVE, MIXED = "yz-rush", "yz-naive", "yz-mixed"
