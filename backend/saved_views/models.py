"""Views of lists that somebody saved, and what each chose for a list."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backend.core.access import Scope, held_roles, scope
from backend.core.facts import Facts
from backend.core.models import Kept
from backend.core.roles import Role
from backend.saved_views import rules
from backend.saved_views.choices import SHARED_WITH, ViewKind


class SavedView(Kept):
    """视图: a list's filters, columns and order under a name, or an export's; nothing searched for.

    One's own; or, where `shared_with` names a role, that role's in the community.
    """

    area = "views"
    fixed = ("owner",)
    told_when_gone = False

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, verbose_name=_("保存人"), related_name="+"
    )
    name = models.CharField(_("名称"), max_length=60)
    model = models.CharField(_("表"), max_length=80)
    kind = models.CharField(
        _("种类"), max_length=10, choices=ViewKind.choices, default=ViewKind.LIST
    )
    # Parameters of the list's address, as (name, value); columns and order by their lasting names.
    filters = models.JSONField(_("筛选"), default=list, blank=True)
    columns = models.JSONField(_("列"), default=list, blank=True)
    order = models.JSONField(_("排序"), default=list, blank=True)
    # Of an export: the form of its file, and whether it asks for personal data in full.
    form = models.CharField(_("文件形式"), max_length=10, blank=True)
    whole = models.BooleanField(_("完整个人信息"), default=False)
    # Not "community": a record stays in its community for life, a view may cease to be shared there.
    shared_in = models.ForeignKey(
        "places.Community",
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("共享的社区"),
        related_name="+",
    )
    shared_with = models.CharField(
        _("共享给"), max_length=20, blank=True, choices=Role.choices, default=""
    )

    class Meta:
        verbose_name = verbose_name_plural = _("视图")
        ordering = ("name", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "model", "kind", "name"],
                name="saved_views_name_once",
                violation_error_code="view_name_taken",
                violation_error_message="您在这个列表里已经有这个名字的视图了，请换个名字，或打开它再更新。",
            )
        ]
        indexes = [models.Index(fields=["model", "shared_in"], name="saved_views_shared")]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def rows_in(cls, where: Scope) -> Q:
        """Those shared in the communities of a scope; one's own lie nowhere."""
        return where.rows("shared_in")

    @classmethod
    def visible(cls, user: Any) -> Q:
        """One's own; those shared with a role that one holds there; all where one may share."""
        if user is None or not user.is_authenticated or not user.is_active:
            return Q(pk__in=[])
        if getattr(user, "limited_to", None) is not None:
            return Q(pk__in=[])
        seen = Q(owner=user.pk)
        for role, communities in held_roles(user).items():
            seen |= Q(shared_with=role, shared_in__in=communities)
        sharing = scope(user, cls.action("share"))
        if sharing.communities:
            seen |= Q(shared_in__in=sharing.communities)
        return seen

    @property
    def scope_community_id(self) -> int | None:
        return self.shared_in_id

    @property
    def is_shared(self) -> bool:
        """Whether a role sees it."""
        return bool(self.shared_with)

    def invariants(self, facts: Facts) -> None:
        rules.view_has_a_name(self.name)
        rules.view_keeps_no_search(self.filters)
        rules.columns_are_few(self.columns)
        rules.view_is_shared_fully(self.shared_in_id, self.shared_with, SHARED_WITH)


class ListHabit(models.Model):
    """How somebody likes a list: its columns, none for the usual ones, and the view it opens with.

    One row a person and list. Bookkeeping: names of columns, nothing of people.
    """

    id: Any

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=80)
    columns = models.JSONField(default=list)
    # The key of a view; no foreign key: a view may be deleted, and come back by an undo.
    opens_with = models.BigIntegerField(null=True)

    class Meta:
        verbose_name = verbose_name_plural = _("列表习惯")
        constraints = [
            models.UniqueConstraint(fields=["user", "model"], name="saved_views_habit_once")
        ]

    def __str__(self) -> str:
        return self.model
