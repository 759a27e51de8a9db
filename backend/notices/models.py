"""公示公告: what a community pins to its board for everybody to read."""

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import scope
from backend.core.facts import Facts
from backend.core.models import CodedRecord, KeptQuerySet
from backend.core.stored import StoredFacts, told
from backend.notices import rules
from backend.notices.choices import NoticeKind, NoticeStatus, OnBoard
from backend.notices.states import NOTICE_MACHINE
from backend.places.models import Estate


def current(prefix: str = "") -> Q:
    """The notices that hang on the board today."""
    return Q(
        **{f"{prefix}status": NoticeStatus.PUBLISHED, f"{prefix}until__gte": timezone.localdate()}
    )


def is_current() -> Case:
    """Whether a notice hangs on the board today, as an expression."""
    return Case(
        When(current(), then=Value(True)), default=Value(False), output_field=models.BooleanField()
    )


class NoticeQuerySet(KeptQuerySet):
    """Notices."""

    def with_current(self) -> Self:
        """Adds `current_now`: whether it hangs on the board today."""
        return self.annotate(current_now=is_current())

    def standing(self, where: str) -> Self:
        """Those that stand there (a value of OnBoard) today."""
        if where == OnBoard.CURRENT:
            return self.filter(current())
        if where == OnBoard.ENDED:
            return self.filter(status=NoticeStatus.PUBLISHED).exclude(current())
        return self.filter(status=where)


class PublicNotice(CodedRecord):
    """公示公告: one notice on the community's board, until its last day; it names no neighbour."""

    area = "notices"
    code_prefix = "gs"
    machine = NOTICE_MACHINE
    KEPT = ("kind", "title", "body", "contact", "estate_id", "until")

    kind = models.CharField(
        _("类别"),
        max_length=20,
        choices=NoticeKind.choices,
        default=NoticeKind.NOTICE,
        help_text=_("要让居民提意见的选“公示”，至少公布 3 天"),
    )
    title = models.CharField(_("标题"), max_length=80)
    body = models.TextField(
        _("内容"),
        max_length=4000,
        help_text=_("人人可见：不写居民姓名、电话、门牌、身份证号；办公电话写在“联系方式”里"),
    )
    contact = models.CharField(
        _("联系方式"),
        max_length=120,
        blank=True,
        help_text=_("办公地点和座机，如“社区服务窗口 0371-67890000”；不写个人手机。公示必填"),
    )
    estate = models.ForeignKey(
        Estate,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("小区"),
        related_name="notices",
        help_text=_("只和一个小区有关的才选；全社区的留空"),
    )
    # The day on which it last went up; a draft has none.
    published_on = models.DateField(_("发布日期"), null=True, blank=True, editable=False)
    until = models.DateField(
        _("截止日期"), help_text=_("公布到这一天（含），公示的提意见到这一天；过后自动算已结束")
    )
    # Kept while it is revised, and gone once it is published again: the history has them all.
    withdrawn_because = models.CharField(_("撤下原因"), max_length=500, blank=True, editable=False)
    status = models.CharField(
        _("状态"),
        max_length=10,
        choices=NoticeStatus.choices,
        default=NoticeStatus.DRAFT,
        editable=False,
    )

    objects: ClassVar[Any] = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("公示公告")
        # As a board is read: what hangs the longest from today on, then what is over.
        ordering = ("-until", "-pk")
        indexes = [
            models.Index(fields=["community", "-until"], name="notices_recent"),
            models.Index(fields=["community", "status", "-until"], name="notices_board"),
            models.Index(fields=["community", "updated_at"], name="notices_updated"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def visible(cls, user: Any) -> Q:
        """All of them for staff; what is published for every member of the community."""
        staff = cls.rows_in(scope(user, "notices.see"))
        members = cls.rows_in(scope(user, "notices.see_published"))
        return staff | (members & Q(status=NoticeStatus.PUBLISHED))

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        return StoredFacts.gather(cls, records)

    def texts(self) -> dict[str, tuple[str, str]]:
        """What everybody reads of it: field -> its name, its text."""
        return {
            "title": ("标题", str(self.title or "")),
            "body": ("内容", str(self.body or "")),
            "contact": ("联系方式", str(self.contact or "")),
        }

    @property
    def standing(self) -> OnBoard:
        """Where it is today."""
        return rules.standing(self.status, self.until, timezone.localdate())

    def invariants(self, facts: Any) -> None:
        rules.notice_is_written(self.title or "", self.body or "")
        rules.period_holds(self.kind, self.published_on, self.until)
        before = facts.before(self)
        if before is not None:
            rules.published_stays(self.status, before, told(self))

    def before_delete(self, facts: Facts) -> None:
        rules.draft_alone_goes(self.status, bool(self.withdrawn_because))
