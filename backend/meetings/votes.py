"""表决: a motion put to the vote. Its rule, its denominator and who may vote are frozen when called."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope
from backend.core.facts import Facts
from backend.core.models import Kept, Record
from backend.meetings import rules
from backend.meetings.choices import (
    Choice,
    Denominator,
    MajorityRule,
    Outcome,
    VoteMethod,
    VoteStatus,
)
from backend.meetings.states import VOTE_MACHINE
from backend.meetings.tallies import Tally, in_words, tally_is_possible


class TallySnapshot(models.Model):
    """How a vote went, and by which rule: as it was then, whatever the settings say now."""

    majority = models.CharField(
        _("表决规则"), max_length=20, choices=MajorityRule.choices, blank=True, editable=False
    )
    denominator = models.CharField(
        _("计票基数"), max_length=10, choices=Denominator.choices, blank=True, editable=False
    )
    seats_present = models.PositiveSmallIntegerField(_("到会席位"), default=0, editable=False)
    seats_all = models.PositiveSmallIntegerField(_("全体席位"), default=0, editable=False)
    votes_for = models.PositiveSmallIntegerField(_("赞成"), default=0, editable=False)
    votes_against = models.PositiveSmallIntegerField(_("反对"), default=0, editable=False)
    votes_abstain = models.PositiveSmallIntegerField(_("弃权"), default=0, editable=False)

    class Meta:
        abstract = True

    @property
    def tally(self) -> Tally:
        """The counts, for the rules."""
        return Tally(
            self.votes_for,
            self.votes_against,
            self.votes_abstain,
            self.seats_present,
            self.seats_all,
        )

    @property
    def tally_words(self) -> str:
        """The result as the minutes say it; "" where nobody voted."""
        if not self.majority:
            return ""
        return in_words(self.tally, self.majority, self.denominator)


# What a resolution keeps of its vote.
TALLY = tuple(field.name for field in TallySnapshot._meta.local_fields)


class Vote(TallySnapshot, Record):
    """表决: one motion on one item, open (each seat by name) or secret (counts alone)."""

    area = "meetings"
    parents = ("item",)
    fixed = ("item",)
    machine = VOTE_MACHINE

    item = models.ForeignKey(
        "meetings.AgendaItem", models.PROTECT, verbose_name=_("议题"), related_name="votes"
    )
    motion = models.CharField(_("表决内容"), max_length=500)
    method = models.CharField(_("表决方式"), max_length=10, choices=VoteMethod.choices)
    called_at = models.DateTimeField(_("提请表决时间"), default=timezone.now, editable=False)
    counted_at = models.DateTimeField(_("计票时间"), null=True, blank=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=VoteStatus.choices,
        default=VoteStatus.OPEN,
        editable=False,
    )
    outcome = models.CharField(
        _("结果"), max_length=12, choices=Outcome.choices, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("表决")
        ordering = ("item", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(status=VoteStatus.OPEN),
                name="meetings_vote_one_open",
                violation_error_code="vote_still_open",
                violation_error_message="这项议题还有表决没有计票，请先计票或作废。",
            )
        ]

    def __str__(self) -> str:
        return self.motion

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the frozen counts of votes that are counted."""
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known, status=VoteStatus.COUNTED)
        found = rows.values_list("pk", "outcome", *TALLY) if known else ()
        facts.note_beside((pk, tuple(values)) for pk, *values in found)
        return facts

    def invariants(self, facts: Facts) -> None:
        now = (self.outcome, *(getattr(self, name) for name in TALLY))
        rules.written_once(any(was != now for was in facts.beside.get(self.id, ())))
        tally_is_possible(self.tally)


class Ballot(Kept):
    """票: that a seat may vote on a motion, and, if the vote is open, how it did."""

    area = "meetings"
    parents = ("vote",)
    fixed = ("vote",)

    vote = models.ForeignKey(Vote, models.PROTECT, verbose_name=_("表决"), related_name="ballots")
    seat = models.ForeignKey(
        "meetings.Seat", models.PROTECT, verbose_name=_("席位"), related_name="ballots"
    )
    choice = models.CharField(_("选择"), max_length=10, choices=Choice.choices, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("票")
        ordering = ("vote", "pk")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vote", "seat"],
                name="meetings_ballot_one",
                violation_error_code="ballot_taken",
                violation_error_message="一个席位一票，这个席位已在表决名单上。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.seat} {self.get_choice_display()}"

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        return where.rows("vote__community")

    @property
    def scope_community_id(self) -> int | None:
        return self.vote.community_id

    def invariants(self, facts: Facts) -> None:
        vote = facts.parent(self, "vote")
        if vote is None:
            return
        rules.vote_takes_ballots(vote.status)
        if self.choice:
            rules.ballots_suit_method(vote.method, named=True)

    def before_delete(self, facts: Facts) -> None:
        rules.written_once(True)
