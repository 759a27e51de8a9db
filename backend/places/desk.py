"""What places bring to the search."""

from django.db.models import F

from backend.core.desk.searching import Findable, findable
from backend.places.models import Building, Estate, Grid, ResidentGroup

findable(Findable(Estate, "holiday_village", F("name"), F("community__name")))
findable(Findable(Building, "apartment", F("name"), F("estate__name")))
findable(Findable(Grid, "grid_view", F("name"), F("code")))
findable(Findable(ResidentGroup, "forum", F("name"), F("code")))
