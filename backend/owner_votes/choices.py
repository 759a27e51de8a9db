"""Stored values (never change) with their Chinese labels and badge colours.

What the owners decide on (`OwnerMatter`) is the meetings' word too: a joint meeting recommends on it.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class OwnerVoteStatus(TextChoices):
    DRAFT = "draft", _("筹备中")
    OPEN = "open", _("投票中")
    COUNTED = "counted", _("已计票")
    PUBLISHED = "published", _("结果已公布")
    CANCELLED = "cancelled", _("已取消")


VOTE_COLOURS = {
    OwnerVoteStatus.DRAFT: "info",
    OwnerVoteStatus.OPEN: "success",
    OwnerVoteStatus.COUNTED: "warning",
    OwnerVoteStatus.PUBLISHED: "default",
    OwnerVoteStatus.CANCELLED: "danger",
}


class Opinion(TextChoices):
    """What a ballot says."""

    FOR = "for", _("同意")
    AGAINST = "against", _("反对")
    ABSTAIN = "abstain", _("弃权")


class VoteOutcome(TextChoices):
    CARRIED = "carried", _("通过")
    NOT_CARRIED = "not_carried", _("未通过")
