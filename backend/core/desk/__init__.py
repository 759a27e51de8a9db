"""今日待办: what waits, what comes, the figures of a period, and the search over all registers.

Registers say in their own desk.py what they bring; the core puts it together in a fixed number of
statements, however many registers there are.
"""
