"""Patrols with their points; digests with the groups that got them."""

from backend.patrols.digest_models import DailyDigest, GroupPost
from backend.patrols.patrol_models import Patrol, PatrolPoint

__all__ = ["DailyDigest", "GroupPost", "Patrol", "PatrolPoint"]
