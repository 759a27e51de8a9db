"""Legal education: events, who came, how many watched."""

from django.apps import AppConfig


class EducationConfig(AppConfig):
    name = "backend.education"
    label = "education"
    verbose_name = "普法教育"
