"""Joint meetings 1+3+N: seats, meetings, votes, resolutions and what comes of them."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MeetingsConfig(AppConfig):
    name = "backend.meetings"
    label = "meetings"
    verbose_name = _("联席会议")
