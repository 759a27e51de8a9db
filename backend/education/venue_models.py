"""Venues: where law is taught."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.access import scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord
from backend.education import rules
from backend.education.choices import VenueKind


class Venue(CodedRecord):
    """阵地: a place where law is taught: the stool theatre, a classroom, a stage, or online."""

    area = "education"
    code_prefix = "zd"

    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类型"), max_length=20, choices=VenueKind.choices)
    place = models.CharField(_("地点"), max_length=100, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("阵地")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["community", "name"],
                name="education_venue_name",
                violation_error_code="venue_taken",
                violation_error_message="本社区已有同名阵地，请核对。",
            )
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def visible(cls, user: Any) -> Q:
        """To every member of the community: whoever sees an event sees where it is."""
        staff = cls.rows_in(scope(user, "education.see"))
        return staff | cls.rows_in(scope(user, "education.see_published"))

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also in which formats events are planned at each venue."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        facts.note_beside(
            cls.objects.filter(pk__among=known, events__isnull=False)
            .order_by()
            .values_list("pk", "events__format")
            .distinct()
        )
        return facts

    def invariants(self, facts: Facts) -> None:
        for event_format in facts.beside.get(self.id, ()):
            rules.venue_suits_format(self.kind, event_format)
