"""业主共同决定: a question put to the owners of an estate, the register as it was then, the ballots.

What it is counted by, the rooms and their owners and what the law asks, is copied when the vote
opens: a later change of the register changes no vote that has begun, and no result.
"""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord, Record
from backend.meetings.choices import OwnerMatter, ResolutionKind
from backend.meetings.tallies import Share
from backend.owner_votes import rules
from backend.owner_votes.areas import area_text
from backend.owner_votes.choices import Opinion, OwnerVoteStatus, VoteOutcome
from backend.owner_votes.counting import OwnerCount, Thresholds
from backend.owner_votes.register_models import OwnedRoom
from backend.owner_votes.states import OWNER_VOTE_MACHINE
from backend.people.choices import OrganizationKind
from backend.people.queries import names_in
from backend.places.rules import term_runs_forward

_TERMS = ("title", "question", "matter", "starts_on", "organizer_id", "recommendation_id")
_BASIS = (
    *("take_numerator", "take_denominator", "agree_numerator", "agree_denominator"),
    *("agree_strict", "rooms_all", "area_all", "heads_all", "opened_at"),
)
_RESULT = (
    *("area_for", "area_against", "area_abstain", "heads_for", "heads_against", "heads_abstain"),
    *("area_taking", "heads_taking", "outcome", "counted_at"),
)
_OVER = (OwnerVoteStatus.COUNTED, OwnerVoteStatus.PUBLISHED)


def _whole(label: Any, unit: Any) -> Any:
    return models.PositiveIntegerField(label, default=0, editable=False, help_text=unit)


_METRES, _HEADS = _("百分之一平方米"), _("户；一位业主几套房算一户，一套房几位共有人也算一户")


class VoteBasis(models.Model):
    """What a vote is counted by, as it was when it opened; and what was counted."""

    take_numerator = models.PositiveSmallIntegerField(
        _("参加表决（分子）"), default=0, editable=False
    )
    take_denominator = models.PositiveSmallIntegerField(
        _("参加表决（分母）"), default=0, editable=False
    )
    agree_numerator = models.PositiveSmallIntegerField(_("同意（分子）"), default=0, editable=False)
    agree_denominator = models.PositiveSmallIntegerField(
        _("同意（分母）"), default=0, editable=False
    )
    agree_strict = models.BooleanField(
        _("同意须超过"), default=False, editable=False, help_text=_("超过，而不是达到")
    )
    rooms_all = _whole(_("房屋"), _("套"))
    area_all = _whole(_("全体面积"), _METRES)
    heads_all = _whole(_("全体户数"), _HEADS)
    area_for = _whole(_("同意面积"), _METRES)
    area_against = _whole(_("反对面积"), _METRES)
    area_abstain = _whole(_("弃权面积"), _METRES)
    heads_for = _whole(_("同意户数"), _HEADS)
    heads_against = _whole(_("反对户数"), _HEADS)
    heads_abstain = _whole(_("弃权户数"), _HEADS)
    # Sums of the three, kept because they are what the law asks first.
    area_taking = _whole(_("参加表决面积"), _METRES)
    heads_taking = _whole(_("参加表决户数"), _HEADS)

    class Meta:
        abstract = True

    @property
    def needed(self) -> Thresholds:
        """What the law asked when the vote opened."""
        return Thresholds(
            Share(self.take_numerator, self.take_denominator),
            Share(self.agree_numerator, self.agree_denominator, strict=self.agree_strict),
        )

    @property
    def count(self) -> OwnerCount:
        """What was counted, for the rules and the words."""
        return OwnerCount(
            needed=self.needed,
            area_all=self.area_all,
            heads_all=self.heads_all,
            areas={o: getattr(self, f"area_{o}") for o in Opinion.values},
            heads={o: getattr(self, f"heads_{o}") for o in Opinion.values},
        )


class OwnerVote(VoteBasis, CodedRecord):
    """业主共同决定: one question to the owners of one estate (Civil Code art. 278)."""

    area = "owner_votes"
    code_prefix = "yz"
    estate_path = "estate"
    parents = ("estate",)
    fixed = ("estate",)
    own_path = "organizer"
    machine = OWNER_VOTE_MACHINE

    estate = models.ForeignKey(
        "places.Estate", models.PROTECT, verbose_name=_("小区"), related_name="owner_votes"
    )
    organizer = models.ForeignKey(
        "people.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("组织者"),
        related_name="owner_votes",
        help_text=_("业委会；没有业委会的，居委会。它的代表能登记选票、查看结果"),
    )
    recommendation = models.ForeignKey(
        "meetings.Resolution",
        models.PROTECT,
        null=True,
        blank=True,
        limit_choices_to={"kind": ResolutionKind.RECOMMENDATION},
        verbose_name=_("联席会议的建议"),
        related_name="owner_votes",
        help_text=_("根据联席会议的建议发起的，选那条建议；不是的不填"),
    )
    title = models.CharField(_("标题"), max_length=100)
    matter = models.CharField(_("事项"), max_length=15, choices=OwnerMatter.choices)
    question = models.TextField(
        _("表决内容"), max_length=2000, help_text=_("选票上的原话；会公开，不写姓名、电话、门牌")
    )
    starts_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("截止日期"), help_text=_("这一天收到的选票仍然有效"))
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=OwnerVoteStatus.choices,
        default=OwnerVoteStatus.DRAFT,
        editable=False,
    )
    opened_at = models.DateTimeField(_("固定底册的时间"), null=True, blank=True, editable=False)
    counted_at = models.DateTimeField(_("计票时间"), null=True, blank=True, editable=False)
    outcome = models.CharField(
        _("结果"), max_length=12, choices=VoteOutcome.choices, blank=True, editable=False
    )

    class Meta:
        verbose_name = verbose_name_plural = _("业主共同决定")
        ordering = ("-starts_on", "-pk")
        indexes = [
            models.Index(fields=["community", "updated_at"], name="owner_votes_vote_updated"),
        ]

    def __str__(self) -> str:
        return self.title

    def texts(self) -> dict[str, tuple[str, str]]:
        """What every owner reads, and later everybody."""
        return {
            "title": ("标题", str(self.title or "")),
            "question": ("表决内容", str(self.question or "")),
        }

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also each vote as it is stored, the names in its texts, what bodies organize it, and what
        a joint meeting has recommended.
        """
        facts = super().gather(records)
        known = frozenset(record.id for record in records if record.id is not None)
        rows = cls._default_manager.filter(pk__among=known).select_related(None)
        facts.note_beside((row.pk, ("stored", row)) for row in (rows if known else ()))
        by_community: dict[int, list[str]] = {}
        for record in records:
            texts = [text for _, text in record.texts().values()]
            by_community.setdefault(record.community_id, []).extend(texts)
        facts.names = {pk: names_in(pk, texts) for pk, texts in by_community.items()}
        bodies = frozenset(record.organizer_id for record in records) - {None}
        organizations: Any = cls._meta.get_field("organizer").related_model
        companies = organizations._default_manager.filter(
            pk__among=bodies, kind=OrganizationKind.PROPERTY_COMPANY
        )
        facts.note_beside(
            ("companies", pk) for pk in (companies.values_list("pk", flat=True) if bodies else ())
        )
        recommended = frozenset(record.recommendation_id for record in records) - {None}
        resolutions: Any = cls._meta.get_field("recommendation").related_model
        rows = resolutions._default_manager.filter(pk__among=recommended)
        told = rows.values_list("pk", "owner_matter", "meeting__status")
        facts.note_beside(
            (("recommendation", pk), tuple(of)) for pk, *of in (told if recommended else ())
        )
        return facts

    def invariants(self, facts: Facts) -> None:
        term_runs_forward(self.starts_on, self.ends_on, field="ends_on")
        rules.organizer_is_suitable(self.organizer_id in facts.beside.get("companies", ()))
        rules.texts_tell_nobody(self.texts(), facts.names[self.community_id])
        known = {stored.recommendation_id for _kind, stored in facts.beside.get(self.id, ())}
        for matter, status in facts.beside.get(("recommendation", self.recommendation_id), ()):
            rules.matter_is_as_recommended(matter, self.matter)
            if self.recommendation_id not in known:
                rules.recommendation_is_firm(status)
        for _kind, stored in facts.beside.get(self.id, ()):
            rules.terms_stay(stored.status, _told(stored, _TERMS), _told(self, _TERMS))
            rules.end_only_moves_on(stored.status, stored.ends_on, self.ends_on)
            begun = stored.status != OwnerVoteStatus.DRAFT
            rules.written_once(begun, _told(stored, _BASIS), _told(self, _BASIS))
            over = stored.status in _OVER
            rules.written_once(over, _told(stored, _RESULT), _told(self, _RESULT))

    def before_delete(self, facts: Facts) -> None:
        rules.draft_alone_goes(self.status)


def _told(record: Any, names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(getattr(record, name) for name in names)


class _OfBasis(Record):
    """Written when a vote opens, and never again."""

    area = "owner_votes"
    own_path = "vote__organizer"
    estate_path = "vote__estate"
    parents = ("vote",)
    fixed: ClassVar[tuple[str, ...]] = ("vote",)

    class Meta:
        abstract = True

    def invariants(self, facts: Facts) -> None:
        vote = facts.parent(self, "vote")
        if vote is not None:
            rules.basis_is_laid(vote.status, self.id is not None)

    def before_delete(self, facts: Facts) -> None:
        rules.basis_is_laid(None, True)


class BasisHead(_OfBasis):
    """一户: the owners of some rooms together, who cast one vote. The unit in which heads are counted."""

    vote = models.ForeignKey(
        OwnerVote, models.PROTECT, verbose_name=_("投票"), related_name="heads"
    )
    number = models.PositiveIntegerField(_("户号"))
    # Whose they were: keys of owners, no names; an owner who is erased stays a number.
    owners = models.TextField(_("业主"))
    size = models.PositiveIntegerField(_("面积"), help_text=_METRES)
    rooms_count = models.PositiveIntegerField(_("房屋"), help_text=_("套"))
    # The first of its rooms: what a list shows.
    place = models.CharField(_("房号"), max_length=50)

    class Meta:
        verbose_name = verbose_name_plural = _("投票底册的户")
        ordering = ("vote", "number")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vote", "number"],
                name="owner_votes_head_number",
                violation_error_code="owner_vote_fixed",
                violation_error_message="投票的房屋底册和结果已经固定，不能修改。",
            )
        ]

    def __str__(self) -> str:
        return self.place

    @property
    def size_text(self) -> str:
        """Square metres."""
        return area_text(self.size)


class BasisRoom(_OfBasis):
    """底册房屋: one room of the register as it was when the vote opened."""

    fixed = ("vote", "head", "room")

    vote = models.ForeignKey(
        OwnerVote, models.PROTECT, verbose_name=_("投票"), related_name="rooms"
    )
    head = models.ForeignKey(BasisHead, models.PROTECT, verbose_name=_("户"), related_name="rooms")
    room = models.ForeignKey(
        OwnedRoom, models.PROTECT, verbose_name=_("房屋"), related_name="votes"
    )
    building = models.CharField(_("楼号"), max_length=20)
    unit = models.CharField(_("单元"), max_length=10, blank=True)
    number = models.CharField(_("室"), max_length=10)
    place = models.CharField(_("房号"), max_length=50)
    size = models.PositiveIntegerField(_("面积"), help_text=_METRES)

    class Meta:
        verbose_name = verbose_name_plural = _("投票底册的房屋")
        ordering = ("vote", "pk")
        indexes = [models.Index(fields=["vote", "place"], name="owner_votes_basis_place")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vote", "room"],
                name="owner_votes_basis_once",
                violation_error_code="owner_vote_fixed",
                violation_error_message="投票的房屋底册和结果已经固定，不能修改。",
            )
        ]

    def __str__(self) -> str:
        return self.place


class OwnerBallot(Record):
    """选票: what the owners of some rooms together said. One a head and vote."""

    area = "owner_ballots"
    own_path = "vote__organizer"
    estate_path = "vote__estate"
    parents = ("vote", "head")
    fixed = ("vote", "head")

    vote = models.ForeignKey(
        OwnerVote, models.PROTECT, verbose_name=_("投票"), related_name="ballots"
    )
    head = models.ForeignKey(
        BasisHead, models.PROTECT, verbose_name=_("户"), related_name="ballots"
    )
    opinion = models.CharField(_("意见"), max_length=10, choices=Opinion.choices)
    paper_number = models.CharField(
        _("选票编号"), max_length=30, blank=True, help_text=_("纸质选票上的编号，可不填")
    )
    given_on = models.DateField(_("收到日期"))

    class Meta:
        verbose_name = verbose_name_plural = _("业主选票")
        ordering = ("-pk",)
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["vote", "head"],
                name="owner_votes_ballot_one",
                violation_error_code="owner_ballot_taken",
                violation_error_message="这一户已经登记过选票，一户一票；登记错了请改那一张。",
            ),
            models.UniqueConstraint(
                fields=["vote", "paper_number"],
                condition=~Q(paper_number=""),
                name="owner_votes_ballot_paper",
                violation_error_code="paper_number_taken",
                violation_error_message="这个选票编号已经登记过，请核对编号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head} {self.get_opinion_display()}"

    def invariants(self, facts: Facts) -> None:
        vote, head = facts.parent(self, "vote"), facts.parent(self, "head")
        if vote is None or head is None:
            return
        rules.buyer_is_of_this_vote(vote.pk, head.vote_id)
        rules.vote_takes_ballots(vote.status)
        rules.given_in_time(self.given_on, vote.starts_on, vote.ends_on, timezone.localdate())

    def before_delete(self, facts: Facts) -> None:
        rules.vote_takes_ballots(facts.parent(self, "vote").status)
