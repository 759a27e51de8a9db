"""Background work on people."""

from django_tasks import task

from backend.core.access import SYSTEM
from backend.core.routines import daily
from backend.people.households import form_households
from backend.places.models import Community


@daily
@task()
def form_all_households() -> int:
    """Puts whoever has come by a sheet into the household of their door; answers how many are new."""
    by = SYSTEM.through("worker")
    communities = Community.objects.order_by("pk")
    return sum(form_households(community, by=by) for community in communities)
