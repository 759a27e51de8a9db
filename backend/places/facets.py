"""What of places is shown where."""

from backend.core.facets import Facets, register
from backend.places.models import (
    Building,
    Community,
    Estate,
    Grid,
    HolidayOverride,
    ResidentGroup,
    Subdistrict,
)

register(Facets(Subdistrict, form=("code", "name"), listed=("name", "code"), searched=("name",)))
COMMUNITY = register(
    Facets(
        Community,
        form=("subdistrict", "code", "name"),
        listed=("name", "code", "subdistrict"),
        searched=("name", "code"),
        public=("code", "name"),
        public_rows=Community.objects.all,
    )
)
register(
    Facets(
        Estate,
        form=("community", "code", "name"),
        listed=("name", "code", "community"),
        searched=("name",),
        filtered=("community",),
        exported=("code", "name", "community"),
    )
)
register(
    Facets(
        Building,
        form=("community", "estate", "name"),
        listed=("name", "estate", "community"),
        searched=("name", "estate__name"),
        filtered=("estate",),
        exported=("name", "estate", "community"),
    )
)
register(
    Facets(
        Grid,
        form=("community", "code", "name", "estate"),
        listed=("name", "code", "estate", "community"),
        searched=("name", "code"),
        filtered=("community",),
        exported=("code", "name", "estate"),
    )
)
register(
    Facets(
        ResidentGroup,
        form=("community", "code", "name", "estate", "grid", "started_on", "ended_on"),
        listed=("name", "estate", "grid", "started_on", "ended_on"),
        searched=("name", "code"),
        filtered=("community",),
        exported=("code", "name", "estate", "grid", "started_on", "ended_on"),
    )
)
register(
    Facets(
        HolidayOverride,
        form=("community", "day", "works", "note"),
        listed=("day", "works", "note", "community"),
        searched=("note",),
        filtered=("works", "community"),
        exported=("day", "works", "note"),
    )
)
