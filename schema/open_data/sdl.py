"""The open-data schema as text."""

from schema.open_data.schema import schema


def sdl() -> str:
    """The schema in the schema definition language."""
    return str(schema)
