"""What every register's models stand on, and the tables that remember what happened."""

from collections.abc import Collection
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import NOWHERE, Scope, own_organizations, scope
from backend.core.facts import Facts
from backend.core.personal import keep_masked
from backend.core.roles import GRANTS
from backend.core.tombstones import Tombstone as Tombstone
from backend.core.workflow import Machine


class KeptQuerySet(models.QuerySet):
    """Rows behind the gate: read them here, write them there."""

    def visible_to(self, user: Any) -> Self:
        """The rows that `user` may see; the one row rule, for every door."""
        return self.filter(self.model.visible(user))  # type: ignore[attr-defined]


class Kept(models.Model):
    """Anything written through the gate alone."""

    area: ClassVar[str]
    # Foreign keys whose rows the gate locks, in this order, before any rule looks.
    parents: ClassVar[tuple[str, ...]] = ()
    # Foreign keys that a row keeps for life: it belongs there, and is counted there.
    fixed: ClassVar[tuple[str, ...]] = ()
    # Whether new rows belong to no community yet: then only the installation's admin makes them.
    of_installation: ClassVar[bool] = False
    machine: ClassVar[Machine | None] = None
    # Columns made from others by `derive`, for searching: not edited, and no part of the history.
    derived: ClassVar[tuple[str, ...]] = ()
    # Columns that the system brings into step later: their change alone is nobody's work, and makes
    # no new revision, so what was entered before can still be saved, carried out, and taken back.
    following: ClassVar[tuple[str, ...]] = ()
    # Fields that hold personal data, and how each is masked: "name", "phone" or "hidden".
    personal: ClassVar[dict[str, str]] = {}
    # The path from a row to the organization whose work it is: that organization's contacts reach the
    # row by "<verb>_own" where the table of rights has such an action. None: nobody does so.
    own_path: ClassVar[str | None] = None
    # The foreign key that says into which row this one was merged. None: nothing is merged here.
    merged_path: ClassVar[str | None] = None
    # Whether those who could see a row are told that it is gone (tombstones.py).
    told_when_gone: ClassVar[bool] = True
    # Whether a form asks the gate itself, so that Django's hook need not ask the rules before.
    gate_is_asked = False

    # The key, by the name it has in every table of ours.
    id: Any

    revision = models.PositiveIntegerField(_("版本"), default=1, editable=False)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now, editable=False)
    updated_at = models.DateTimeField(_("更新时间"), default=timezone.now, editable=False)

    objects = KeptQuerySet.as_manager()

    class Meta:
        abstract = True

    @classmethod
    def action(cls, verb: str) -> str:
        """The name under which the access table knows this verb on this model."""
        return f"{cls.area}.{verb}"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        """The rows of this model that lie in a scope."""
        return where.rows()

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """The rows that `user` may see: what `visible_to` filters by."""
        seen = cls.rows_in(scope(user, cls.action("see")))
        return seen if cls.own_path is None else seen | cls.own_rows(user, "see")

    @classmethod
    def own_scope(cls, user: Any, verb: str) -> Scope:
        """Where `user` may do `verb` on rows of the own organization, and on no others."""
        action = f"{cls.action(verb)}_own"
        if cls.own_path is None or action not in GRANTS:
            return NOWHERE
        return scope(user, action)

    @classmethod
    def own_rows(cls, user: Any, verb: str) -> models.Q:
        """The rows of the organizations that `user` speaks for, where "<verb>_own" is allowed."""
        where = cls.own_scope(user, verb)
        mine = own_organizations(user) if where.anywhere else frozenset()
        if not mine:
            return models.Q(pk__in=[])
        return cls.rows_in(where) & models.Q(**{f"{cls.own_path}__in": mine})

    def before_taking_back(self, moves: Collection[str]) -> None:
        """Calls the rules that forbid taking back these moves of the row. Raises: RuleViolation."""

    @property
    def scope_community_id(self) -> int | None:
        """The community in which writing this row must be allowed."""
        raise NotImplementedError(f"{type(self).__name__} names no community")

    @property
    def emptied(self) -> bool:
        """Whether the row is kept for the counts alone: nothing is hung on it or revealed of it."""
        return False

    @classmethod
    def choosable(cls) -> models.Q | None:
        """The rows at which other rows may point; None for all of them."""
        return None

    def derive(self, before: Any) -> None:
        """Sets what follows from other fields, ahead of any check; `before`: as stored, or None."""

    @classmethod
    def gather(cls, records: list[Any]) -> Facts:
        """What the rules need to know about the rest of the world, for all records at once."""
        return Facts.gather(cls, records)

    def invariants(self, facts: Facts) -> None:
        """Calls this model's rules. Raises: RuleViolation with the rule's code."""

    def before_delete(self, facts: Facts) -> None:
        """Calls the rules that forbid deleting. Raises: RuleViolation with the rule's code."""

    def clean_fields(self, exclude: Any = None) -> None:
        """Django's hook for forms: a masked value that comes back means "unchanged"."""
        if self.personal and self.pk is not None:
            stored = type(self)._default_manager.filter(pk=self.pk).first()
            if stored is not None:
                keep_masked(self, stored)
        super().clean_fields(exclude=exclude)

    def clean(self) -> None:
        """Django's hook for forms: the same rules that the gate asks."""
        super().clean()
        if self.gate_is_asked:
            return
        facts = type(self).gather([self])
        self.invariants(facts)


class Record(Kept):
    """A row of a register: it belongs to one community."""

    estate_path: ClassVar[str | None] = None

    community = models.ForeignKey(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )

    class Meta:
        abstract = True

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        if cls.estate_path is None and not where.everywhere:
            # Rows that belong to no estate are the whole community's: its estates' people see them.
            return models.Q(community__in=where.communities | where.estate_communities)
        return where.rows("community", cls.estate_path)

    @property
    def scope_community_id(self) -> int | None:
        return self.community_id


class CodedRecord(Record):
    """A record that outside callers name by a code; unique over the whole installation."""

    code_prefix: ClassVar[str] = "r"

    code = models.SlugField(
        _("编号"),
        max_length=40,
        unique=True,
        blank=True,
        help_text=_("留空则自动编号；确定后请不要再改。"),
    )

    class Meta:
        abstract = True


class ChangeSet(models.Model):
    """One act of one actor: what the gate changed in one go. Append-only."""

    community = models.ForeignKey(
        "places.Community", models.PROTECT, null=True, verbose_name=_("社区"), related_name="+"
    )
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name=_("操作人"),
        related_name="+",
    )
    actor_name = models.CharField(_("操作人账号"), max_length=150)
    door = models.CharField(_("入口"), max_length=20)
    verb = models.CharField(_("动作"), max_length=60)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now)
    undo_of = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="undone_by", verbose_name=_("撤销的变更")
    )

    class Meta:
        verbose_name = verbose_name_plural = _("变更记录")
        indexes = [models.Index(fields=["community", "recorded_at"], name="core_changeset_recent")]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name} {timezone.localtime(self.recorded_at):%F %R}"


class ChangePart(models.Model):
    """Rows of one model changed by a change set: before and after, compressed.

    `first_pk`..`last_pk` lets the history of one record be found without an entry a row.
    """

    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="parts")
    model = models.CharField(_("表"), max_length=80)
    first_pk = models.BigIntegerField()
    last_pk = models.BigIntegerField()
    rows = models.PositiveIntegerField(_("行数"))
    payload = models.BinaryField()

    class Meta:
        verbose_name = verbose_name_plural = _("变更明细")
        indexes = [models.Index(fields=["model", "first_pk"], name="core_changepart_record")]

    def __str__(self) -> str:
        return f"{self.model} × {self.rows}"


class Transition(models.Model):
    """One move of one record through its states. Append-only.

    `occurred_at` is when it happened, `recorded_at` when we heard of it.
    """

    change_set = models.ForeignKey(ChangeSet, models.PROTECT, related_name="transitions")
    model = models.CharField(_("表"), max_length=80)
    object_id = models.BigIntegerField(_("编号"))
    move = models.CharField(_("动作"), max_length=40)
    source = models.CharField(_("原状态"), max_length=30)
    target = models.CharField(_("新状态"), max_length=30)
    reason = models.CharField(_("原因"), max_length=500, blank=True)
    actor_name = models.CharField(_("操作人账号"), max_length=150)
    occurred_at = models.DateTimeField(_("发生时间"))
    recorded_at = models.DateTimeField(_("记录时间"), default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("状态流转")
        indexes = [models.Index(fields=["model", "object_id"], name="core_transition_record")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id}: {self.source} → {self.target}"


class JobProgress(models.Model):
    """How far a long job is; in the queue's database, so that it shows while the job writes."""

    key = models.CharField(max_length=80, unique=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    phase = models.CharField(max_length=20, blank=True)
    updated_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("任务进度")

    def __str__(self) -> str:
        return f"{self.key}: {self.done}/{self.total}"


class WorkerHeartbeat(models.Model):
    """The last sign of life of a background worker."""

    worker = models.CharField(max_length=64, unique=True)
    beaten_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("后台进程心跳")

    def __str__(self) -> str:
        return self.worker


class IdempotencyKey(models.Model):
    """What a creating request made: the same key of the same caller gives the first result."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    verb = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    object_id = models.BigIntegerField()
    # Of a verb for many items: what became of each, by index; keys and codes, nothing of the rows.
    answer = models.JSONField(null=True)
    made_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = _("幂等键")
        constraints = [
            models.UniqueConstraint(fields=["user", "verb", "key"], name="core_idempotency_once")
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.object_id}"


class RevealTask(models.Model):
    """A task for which somebody sees personal data in full: a reason once, for a short while.

    It holds for one user, one community and one area ("people", "attendance", …).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("查看人"), related_name="+"
    )
    community = models.ForeignKey(
        "places.Community", models.PROTECT, verbose_name=_("社区"), related_name="+"
    )
    area = models.CharField(_("范围"), max_length=30)
    reason = models.CharField(_("原因"), max_length=200)
    door = models.CharField(_("入口"), max_length=20)
    opened_at = models.DateTimeField(_("开始时间"), default=timezone.now)
    expires_at = models.DateTimeField(_("到期时间"))
    closed_at = models.DateTimeField(_("结束时间"), null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("查看完整信息")
        indexes = [models.Index(fields=["user", "expires_at"], name="core_reveal_open")]

    def __str__(self) -> str:
        return f"{self.area} · {self.reason}"


class DisclosureKind(models.TextChoices):
    READ = "read", _("查看")
    EXPORT = "export", _("导出")
    IMPORT = "import", _("导入")


class Disclosure(models.Model):
    """查阅记录: personal data of one community was seen in full, exported or imported. Append-only.

    One row a response and model, not one a record: `keys` (compressed) says which records.
    """

    community = models.ForeignKey(
        "places.Community", models.PROTECT, null=True, verbose_name=_("社区"), related_name="+"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name=_("查阅人"),
        related_name="+",
    )
    actor_name = models.CharField(_("查阅人账号"), max_length=150)
    kind = models.CharField(_("方式"), max_length=10, choices=DisclosureKind.choices)
    model = models.CharField(_("表"), max_length=80)
    whole = models.BooleanField(_("完整信息"), default=True)
    rows = models.PositiveIntegerField(_("条数"))
    # The lowest and the highest key: what a search for one record begins with.
    first_pk = models.BigIntegerField(null=True)
    last_pk = models.BigIntegerField(null=True)
    keys = models.BinaryField(default=b"")
    reason = models.CharField(_("原因"), max_length=200, blank=True)
    details = models.CharField(_("说明"), max_length=300, blank=True)
    door = models.CharField(_("入口"), max_length=20)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    task = models.ForeignKey(
        RevealTask,
        models.PROTECT,
        null=True,
        verbose_name=_("查看任务"),
        related_name="disclosures",
    )

    class Meta:
        verbose_name = verbose_name_plural = _("查阅记录")
        ordering = ("-at", "-pk")
        indexes = [
            models.Index(fields=["community", "-at"], name="core_disclosure_recent"),
            models.Index(fields=["model", "first_pk"], name="core_disclosure_record"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} · {self.get_kind_display()} · {self.rows}"

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """The log of the communities that `user` supervises."""
        return scope(user, "privacy.see").rows()
