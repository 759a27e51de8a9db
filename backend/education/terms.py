"""On what terms people may register for an event: the fields that every such event has."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from backend.education import rules

# The terms, in the order of the form: for forms, inputs and Facets.
TERMS = (
    "registration_opens_at",
    "registration_closes_at",
    "withdraw_until",
    "max_group_size",
    "needs_approval",
    "waitlist_on",
    "small_groups_pass",
)


class RegistrationTerms(models.Model):
    """What an event asks of those who register."""

    registration_opens_at = models.DateTimeField(
        _("报名开始"), null=True, blank=True, help_text=_("留空：开放报名后即可报名")
    )
    registration_closes_at = models.DateTimeField(
        _("报名截止"), null=True, blank=True, help_text=_("留空：活动举办前都可报名")
    )
    withdraw_until = models.DateTimeField(
        _("自助取消截止"), null=True, blank=True, help_text=_("过了这个时间，只有工作人员能取消")
    )
    max_group_size = models.PositiveSmallIntegerField(
        _("每份报名最多人数"),
        default=rules.LARGEST_GROUP,
        help_text=_("人，1 到 10；带家人一起报名，按人数占名额"),
    )
    needs_approval = models.BooleanField(
        _("报名需要审核"), default=False, help_text=_("待审核的也占名额")
    )
    waitlist_on = models.BooleanField(
        _("满员后可候补"), default=True, help_text=_("有空位时，按先后顺序自动递补")
    )
    small_groups_pass = models.BooleanField(
        _("候补可越过大组"),
        default=False,
        help_text=_("空位不够排在最前的一组时，让后面人少的先递补；不勾选则严格按先后"),
    )
    poster_version = models.PositiveIntegerField(
        _("海报二维码版本"), default=1, editable=False, help_text=_("加一，旧的二维码就失效")
    )

    class Meta:
        abstract = True

    def terms_hold(self) -> None:
        """Raises: registration_time_reversed; group_limit_invalid."""
        rules.terms_are_in_order(
            self.registration_opens_at, self.registration_closes_at, self.max_group_size
        )
