"""Owners decide together (业主共同决定): the register of rooms, votes, ballots, and their results."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class OwnerVotesConfig(AppConfig):
    name = "backend.owner_votes"
    label = "owner_votes"
    verbose_name = _("业主共同决定")
