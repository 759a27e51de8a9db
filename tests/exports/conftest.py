"""The world of the imports' races, and workers in it."""

from tests.imports.races.conftest import copies, database, world

__all__ = ["copies", "database", "world"]
