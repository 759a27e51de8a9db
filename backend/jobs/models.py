"""Background work: what was asked for, by whom, and what became of it."""

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, home, reaches_own, scope
from backend.core.models import KeptQuerySet
from backend.jobs.choices import OPEN, JobState


class Job(models.Model):
    """后台任务: one piece of work that a worker does for somebody.

    The row is the truth and the queue only a doorbell: whoever rings, a job is taken by a
    conditional write of this row, and its end is written in the transaction of its work. So it
    lies in the database of the work; what changes while that transaction lasts (progress, lease,
    the wish to stop) lies in the queue's. Bookkeeping: it is pruned after some weeks.
    """

    area: ClassVar[str] = "jobs"

    # The key, by the name it has in every table of ours.
    id: Any

    community = models.ForeignKey(
        "places.Community",
        models.PROTECT,
        null=True,
        verbose_name=_("社区"),
        related_name="+",
    )
    kind = models.CharField(_("种类"), max_length=40)
    title = models.CharField(_("任务"), max_length=80)
    arguments = models.JSONField(_("参数"), default=dict)
    about_model = models.CharField(max_length=80, blank=True)
    about_id = models.BigIntegerField(null=True)
    once_key = models.CharField(max_length=120, blank=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        verbose_name=_("发起人"),
        related_name="+",
    )
    actor_name = models.CharField(_("发起人账号"), max_length=150)
    door = models.CharField(_("入口"), max_length=20)
    # What the key that asked for the work allows; null: all that its owner may.
    limits = models.JSONField(null=True)
    cancellable = models.BooleanField(default=True)
    max_tries = models.PositiveSmallIntegerField(default=3)

    state = models.CharField(
        _("状态"), max_length=10, choices=JobState.choices, default=JobState.QUEUED
    )
    tries = models.PositiveSmallIntegerField(_("次数"), default=0)
    # Who holds the job: checked again when its work is committed.
    token = models.CharField(max_length=32, blank=True)
    worker = models.CharField(_("后台进程"), max_length=80, blank=True)
    # The last figures; while the job runs the live ones are in the queue's database.
    done = models.PositiveIntegerField(_("已完成"), default=0)
    total = models.PositiveIntegerField(_("总数"), default=0)
    phase = models.CharField(_("步骤"), max_length=20, blank=True)
    error_code = models.CharField(_("错误代码"), max_length=60, blank=True)
    message = models.CharField(_("说明"), max_length=500, blank=True)
    result = models.CharField(_("结果"), max_length=300, blank=True)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    cancelled_by = models.CharField(_("取消人账号"), max_length=150, blank=True)
    queued_at = models.DateTimeField(_("提交时间"), default=timezone.now)
    started_at = models.DateTimeField(_("开始时间"), null=True)
    finished_at = models.DateTimeField(_("结束时间"), null=True)
    updated_at = models.DateTimeField(_("更新时间"), default=timezone.now)

    objects = KeptQuerySet.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("后台任务")
        ordering = ("-pk",)
        indexes = [
            models.Index(fields=["community", "-queued_at"], name="jobs_job_recent"),
            models.Index(
                fields=["state", "queued_at"],
                condition=models.Q(state__in=[JobState.QUEUED, JobState.RUNNING]),
                name="jobs_job_open",
            ),
            models.Index(fields=["about_model", "about_id"], name="jobs_job_about"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "once_key"],
                condition=models.Q(state__in=[JobState.QUEUED, JobState.RUNNING])
                & ~models.Q(once_key=""),
                name="jobs_job_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.pk} · {self.title}"

    @classmethod
    def action(cls, verb: str) -> str:
        """The name under which the access table knows this verb on jobs."""
        return f"{cls.area}.{verb}"

    @classmethod
    def rows_in(cls, where: Scope) -> models.Q:
        """The jobs that lie in a scope; those of a community are also its estates' people's."""
        return where.rows() | models.Q(community__in=where.estate_communities)

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """The jobs of the communities whose jobs `user` may see, and the own ones.

        The own ones only in communities to which the user still belongs; through a key only if it
        names them.
        """
        rows = cls.rows_in(scope(user, cls.action("see")))
        if not reaches_own(user, cls.action("see")):
            return rows
        return rows | (models.Q(started_by=user.pk) & cls.rows_in(home(user)))

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.state in OPEN

    @property
    def lease_name(self) -> str:
        """Under which name lease and progress are kept in the queue's database."""
        return f"job {self.pk}"


class Lease(models.Model):
    """Who works on something now: a job, or a routine that falls due by itself.

    In the queue's database, so that it beats while the work holds a transaction. A lease that has
    not beaten for a while is dead, and its work is taken up again by whoever notices.
    """

    name = models.CharField(max_length=80, unique=True)
    # Empty: nobody.
    token = models.CharField(max_length=32, blank=True)
    beaten_at = models.DateTimeField(null=True)
    # When the queue was last told of it.
    announced_at = models.DateTimeField(null=True)
    # The account that wants the end; empty: nobody.
    cancel_asked_by = models.CharField(max_length=150, blank=True)
    # Of routines: since when this run is due, when it ended, how often it was begun.
    due_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = verbose_name_plural = _("任务占用")

    def __str__(self) -> str:
        return self.name
