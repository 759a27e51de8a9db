"""By which rules a community meets: its settings, and the copy that each meeting keeps.

A meeting copies them when it is convened, a vote its rule when it is called: a later change of the
settings changes no past outcome.
"""

from dataclasses import dataclass
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import Record
from backend.meetings.choices import Denominator, MajorityRule, VoteMethod
from backend.meetings.quorum import QuorumRule, quorum_rule_is_sound

# Copied onto a meeting when it is convened, in the order of the form.
CONVENING = (
    "notice_days",
    "core_required",
    "tripartite_least",
    "over_numerator",
    "over_denominator",
    "proxies_most",
)


class ConveningTerms(models.Model):
    """What a meeting needs so that it can decide."""

    notice_days = models.PositiveSmallIntegerField(
        _("提前通知天数"), default=3, help_text=_("天，按自然日算")
    )
    core_required = models.BooleanField(_("核心席必须到会"), default=True)
    tripartite_least = models.PositiveSmallIntegerField(
        _("三方至少到会"), default=2, help_text=_("方；居委会、物业公司、业委会中至少到几方")
    )
    over_numerator = models.PositiveSmallIntegerField(
        _("到会席位超过（分子）"), default=1, help_text=_("到会席位要多于全体席位的这个比例")
    )
    over_denominator = models.PositiveSmallIntegerField(_("到会席位超过（分母）"), default=2)
    proxies_most = models.PositiveSmallIntegerField(
        _("每席最多受托"), default=1, help_text=_("席；0 表示不接受委托")
    )

    class Meta:
        abstract = True

    @property
    def quorum_rule(self) -> QuorumRule:
        """Who must be there."""
        return QuorumRule(
            self.core_required, self.tripartite_least, self.over_numerator, self.over_denominator
        )


class MeetingSettings(ConveningTerms, Record):
    """议事规则: how a community holds its joint meetings. One row a community; none is the default."""

    area = "meeting_rules"

    majority = models.CharField(
        _("表决规则"), max_length=20, choices=MajorityRule.choices, default=MajorityRule.SIMPLE
    )
    denominator = models.CharField(
        _("计票基数"), max_length=10, choices=Denominator.choices, default=Denominator.PRESENT
    )
    method = models.CharField(
        _("表决方式"), max_length=10, choices=VoteMethod.choices, default=VoteMethod.OPEN
    )
    action_days = models.PositiveSmallIntegerField(
        _("落实期限"), default=10, help_text=_("工作日；没有写明时限的落实事项")
    )
    seat_term_months = models.PositiveSmallIntegerField(
        _("席位任期"), default=36, help_text=_("月；没有写明结束日期的席位按此提醒换届")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("议事规则")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["community"],
                name="meetings_settings_one",
                violation_error_code="settings_taken",
                violation_error_message="本社区已有议事规则，请直接修改那一份。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.community}"

    def invariants(self, facts: Facts) -> None:
        quorum_rule_is_sound(self.quorum_rule)


@dataclass(frozen=True)
class VoteTerms:
    """How a motion is put to the vote."""

    majority: str
    denominator: str
    method: str


def settings_of(community_id: int) -> MeetingSettings:
    """The settings of a community, the default ones if it has made none (unsaved)."""
    found = MeetingSettings.objects.filter(community=community_id).first()
    return found or MeetingSettings(community_id=community_id)


def copied(settings: MeetingSettings) -> dict[str, Any]:
    """What a meeting keeps of the settings."""
    return {name: getattr(settings, name) for name in CONVENING}
