"""Incipient issues: what might become a dispute, and what became of it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.facts import Facts
from backend.core.models import CodedRecord
from backend.core.stored import StoredFacts, told
from backend.partners import rules
from backend.partners.choices import Escalation, IssueKind, IssueStatus
from backend.partners.partner_models import VanguardPost
from backend.partners.states import ISSUE_MACHINE
from backend.people.queries import names_in


class IncipientIssue(CodedRecord):
    """苗头性问题: something that may grow into a dispute, found at a vanguard post or on the way.

    Nobody is named in it: it is about the matter. Whom it concerns is known to who found it.
    """

    area = "incipient"
    code_prefix = "mt"
    machine = ISSUE_MACHINE
    parents = ("post",)
    own_path = "post__agreement__partner__organization"
    personal = {"found_by": "name"}

    post = models.ForeignKey(
        VanguardPost,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("先锋岗"),
        related_name="issues",
        help_text=_("在先锋岗发现的选岗位；别处发现的留空，写明地点"),
    )
    place = models.CharField(
        _("地点"), max_length=100, blank=True, help_text=_("写到楼栋为止，不写门牌")
    )
    kind = models.CharField(_("类型"), max_length=20, choices=IssueKind.choices)
    description = models.TextField(
        _("情况"), max_length=1000, help_text=_("写事不写人：不要写姓名、电话、门牌")
    )
    found_on = models.DateField(_("发现日期"))
    found_by = models.CharField(_("发现人"), max_length=30, blank=True)
    settled_on = models.DateField(_("办结日期"), null=True, blank=True, editable=False)
    how_defused = models.TextField(_("化解办法"), max_length=500, blank=True, editable=False)
    # The other registers stand on floors above: a label and a code, no foreign key.
    escalated_to = models.CharField(
        _("转到"), max_length=40, choices=Escalation.choices, blank=True, editable=False
    )
    escalated_code = models.CharField(_("转办编号"), max_length=40, blank=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=IssueStatus.choices,
        default=IssueStatus.FOUND,
        editable=False,
    )

    # What is counted of a settled issue, and stays.
    KEPT = ("post_id", "place", "kind", "description", "found_on")

    class Meta:
        verbose_name = verbose_name_plural = _("苗头性问题")
        ordering = ("-found_on", "-pk")
        indexes = [
            models.Index(fields=["community", "-found_on"], name="partners_issue_recent"),
            models.Index(fields=["community", "updated_at"], name="partners_issue_updated"),
            models.Index(fields=["post", "status"], name="partners_issue_post"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(post__isnull=False) | ~Q(place=""),
                name="partners_issue_place",
                violation_error_code="issue_place_missing",
                violation_error_message="请选择先锋岗，或写明在哪里发现的。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.get_kind_display()}"

    def texts(self) -> dict[str, tuple[str, str]]:
        """The texts that must name nobody: field -> label and text."""
        return {
            "place": ("地点", str(self.place or "")),
            "description": ("情况", str(self.description or "")),
            "how_defused": ("化解办法", str(self.how_defused or "")),
        }

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """Also the names of the roster that occur in the texts: a query a community."""
        facts = StoredFacts.gather(cls, records)
        by_community: dict[int, list[str]] = {}
        for record in records:
            texts = [text for _, text in record.texts().values()]
            by_community.setdefault(record.community_id, []).extend(texts)
        facts.names = {
            community: names_in(community, texts) for community, texts in by_community.items()
        }
        return facts

    def invariants(self, facts: Any) -> None:
        before = facts.before(self)
        if before is not None:
            rules.settled_issue_stays(self.status, before, told(self))
        rules.issue_has_a_place(self.post_id, self.place)
        rules.day_is_past(self.found_on, timezone.localdate(), "found_on")
        post = facts.parent(self, "post") if self.post_id is not None else None
        if post is not None:
            rules.found_while_post_stood(self.found_on, post.since, post.until)
        rules.issue_texts_tell_nobody(self.texts(), facts.names[self.community_id])
