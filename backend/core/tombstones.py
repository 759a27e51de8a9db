"""Which rows are gone: deleted, merged into another, or emptied for privacy. For kept copies.

Written by the gate with the change itself. No value of the row is kept, only where it lay: enough
to tell of it to those who could see it, and to nobody else.
"""

from collections import defaultdict
from functools import cache
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from backend.core.access import own_organizations, scope
from backend.core.roles import GRANTS


class Gone(models.TextChoices):
    """What became of a row."""

    DELETED = "deleted", _("已删除")
    MERGED = "merged", _("已并入")
    ERASED = "erased", _("已清除个人信息")


class Tombstone(models.Model):
    """已消失的记录: that a row of a register is gone, and when. Append-only."""

    model = models.CharField(_("表"), max_length=80)
    object_id = models.BigIntegerField(_("编号"))
    kind = models.CharField(_("原因"), max_length=10, choices=Gone.choices)
    into_id = models.BigIntegerField(_("并入"), null=True)
    updated_at = models.DateTimeField(_("时间"), default=timezone.now)
    # Plain keys: what they name may be gone too.
    community_id = models.BigIntegerField()
    estate_id = models.BigIntegerField(null=True)
    organization_id = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        app_label = "core"
        verbose_name = verbose_name_plural = _("已消失的记录")
        indexes = [models.Index(fields=["model", "updated_at"], name="core_tombstone_since")]

    def __str__(self) -> str:
        return f"{self.model} {self.object_id} {self.kind}"

    @classmethod
    def visible(cls, user: Any) -> models.Q:
        """Those of rows that `user` may see by a role: in the community, the estate, or as the work
        of the own organization. Not those that were seen as one's own, or because published.
        """
        by_place: dict[models.Q, set[str]] = defaultdict(set)
        for model in told():
            where = _where(model, user)
            if where is not None:
                by_place[where].add(model._meta.label)
        seen = models.Q(pk__in=[])
        for where, labels in by_place.items():
            seen |= where & models.Q(model__in=sorted(labels))
        return seen


@cache
def told() -> tuple[Any, ...]:
    """The models of which it is told that a row is gone: those whose rows lie in a community."""
    known: list[Any] = apps.get_models()
    return tuple(
        model
        for model in known
        if getattr(model, "told_when_gone", False)
        and hasattr(model, "community_id")
        and model.action("see") in GRANTS
    )


def _estate(model: Any) -> str | None:
    path: str | None = getattr(model, "estate_path", None)
    return path


def _where(model: Any, user: Any) -> models.Q | None:
    """The places in which a user sees rows of a model by a role; None for nowhere."""
    where = scope(user, model.action("see"))
    rows = models.Q(pk__in=[])
    if where.everywhere:
        return models.Q(community_id__isnull=False)
    communities = where.communities
    if _estate(model) is None:
        # As `Record.rows_in`: what belongs to no estate is the whole community's.
        communities |= where.estate_communities
    elif where.estates:
        rows |= models.Q(estate_id__in=sorted(where.estates))
    if communities:
        rows |= models.Q(community_id__in=sorted(communities))
    own = model.own_scope(user, "see")
    mine = own_organizations(user) if own.anywhere else frozenset()
    if mine:
        covered = models.Q(organization_id__in=sorted(mine))
        if not own.everywhere:
            covered &= models.Q(community_id__in=sorted(own.communities | own.estate_communities))
        rows |= covered
    return None if rows == models.Q(pk__in=[]) else rows
