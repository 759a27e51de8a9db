"""How models and fields are called in open data."""

from django.db import models


def plural(name: str) -> str:
    """Categories, slots."""
    return name[:-1] + "ies" if name.endswith("y") else name + "s"


def lower_first(name: str) -> str:
    """LegalEducationEvent → legalEducationEvent."""
    return name[0].lower() + name[1:]


def snake(name: str) -> str:
    """LegalEducationEvent → legal_education_event."""
    return "".join("_" + c.lower() if c.isupper() else c for c in lower_first(name))


def camel(name: str) -> str:
    """starts_at → startsAt."""
    head, *tail = name.split("_")
    return head + "".join(part.title() for part in tail)


def enum_name(field: models.Field) -> str:  # type: ignore[type-arg]
    """The enum of a field with choices: its model and itself, LegalEducationEventStatus."""
    inner = "".join(part.title() for part in field.name.split("_"))
    return f"{field.model.__name__}{inner}"
