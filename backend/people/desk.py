"""What the roster brings to the search: people as one says them at the desk, and bodies."""

from django.db.models import F, Q

from backend.core.desk.searching import Findable, findable
from backend.core.desk.together import word
from backend.core.personal import HIDDEN, masked
from backend.people.models import Household, Organization, Representative, Resident
from backend.people.searching import households_sought_by, sought_by

HIDDEN_DOOR = word(HIDDEN)


def _one_of_us() -> Q:
    """No erased row, and none that was found to be somebody else's."""
    return Q(pk__in=Resident.objects.named().filter(merged_into__isnull=True).values("pk"))


findable(
    Findable(
        Resident,
        "person",
        masked("name", "name"),
        masked("phone", "phone"),
        match=sought_by,
        by_facets=False,
        narrow=_one_of_us,
    )
)
findable(
    Findable(
        Household,
        "home",
        F("building__name"),
        HIDDEN_DOOR,
        match=households_sought_by,
        by_facets=False,
    )
)
findable(Findable(Organization, "corporate_fare", F("name"), F("code")))
findable(
    Findable(Representative, "supervisor_account", masked("name", "name"), F("organization__name"))
)
