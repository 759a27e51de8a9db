"""Who: users, residents, organizations and the roles that people hold."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "backend.people"
    label = "people"
    verbose_name = "居民与组织"
