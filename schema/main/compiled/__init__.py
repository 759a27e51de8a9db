"""Reads compiled: a query whose whole selection the database can answer is one statement a root.

docs/decisions/0046-compiled-reads.md says how, and what is left to ordinary execution.
"""
