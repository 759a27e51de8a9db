"""The settings of a process that makes its tables from the models, as the fast suite does."""

from backend.settings import *  # noqa: F403
from fixtures.fresh_tables import FromModels

MIGRATION_MODULES = FromModels()
