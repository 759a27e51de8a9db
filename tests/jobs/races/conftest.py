"""The world of the imports' races, and workers in it."""

from tests.imports.races.conftest import copies, database, large_import, world

__all__ = ["copies", "database", "large_import", "world"]
