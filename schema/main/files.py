"""Attachments in the main API."""

import strawberry


@strawberry.type
class FilesQuery:
    """Reads; none yet."""


@strawberry.type
class FilesMutation:
    """Verbs; none yet."""
