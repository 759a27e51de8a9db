"""Volunteers in a form's choice: by code and masked name, not by the bare code."""

from typing import Any

from django.http import HttpRequest

from backend.volunteers.models import Volunteer


class NamedVolunteers:
    """For a ModelAdmin or an inline: what is chosen of volunteers says who it is."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """The field, with the names read along."""
        if db_field.related_model is Volunteer:
            rows = Volunteer.objects.visible_to(request.user)
            kwargs["queryset"] = rows.select_related("resident")
        return super().formfield_for_foreignkey(  # type: ignore[misc]
            db_field, request, **kwargs
        )
