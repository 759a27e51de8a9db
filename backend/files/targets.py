"""What a file can be put on: the records that have a page to hang it on."""

from functools import cache

from backend.core.facets import all_facets
from backend.core.models import Record


@cache
def targets() -> dict[str, type[Record]]:
    """The models whose records take attachments, by label: every register with a form.

    One opts out by `attachments=False` in its Facets.
    """
    return {
        facets.model._meta.label: facets.model
        for facets in all_facets()
        if issubclass(facets.model, Record) and facets.form and facets.attachments
    }


def target_of(label: str) -> type[Record] | None:
    """The model of that label, if its records take attachments."""
    return targets().get(label)
