"""Repeating slots in the admin: the rule with its exceptions on one page, and the closures."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from backend.core.admin import RegisterAdmin, actor
from backend.core.inlines import RegisterInline
from backend.services.models import Closure, SlotException, SlotRule
from backend.services.scheduling import Made, apply_rule, close


class ExceptionInline(RegisterInline):
    """例外, on the rule's page."""

    model = SlotException
    extra = 1


@admin.register(SlotRule)
class SlotRuleAdmin(RegisterAdmin):
    """排班规则."""

    autocomplete_fields = ("item",)
    inlines = (ExceptionInline,)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """The exceptions too; then the slots are what rule and exceptions say."""
        super().save_related(request, form, formsets, change)
        _say(request, apply_rule(form.instance, by=actor(request)))

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        return [
            {
                "label": str(_("服务时段")),
                "url": f"../../../slot/?item__id__exact={record.item_id}",
                "icon": "schedule",
            }
        ]


def _say(request: HttpRequest, made: Made) -> None:
    """What came of it."""
    if made.made:
        messages.success(
            request, gettext("已按规则建好 %(count)s 个时段。") % {"count": len(made.made)}
        )
    if made.called_off:
        messages.warning(
            request,
            gettext("%(count)s 个时段不再开，已取消，约了的人会收到通知。")
            % {"count": len(made.called_off)},
        )
    if made.left:
        days = "、".join(str(slot.rule_day) for slot in made.left[:10])
        messages.warning(
            request,
            gettext("%(days)s 的时段已有人约，没有动；要停请打开时段点“取消时段”。")
            % {"days": days},
        )


@admin.register(Closure)
class ClosureAdmin(RegisterAdmin):
    """停服日."""

    autocomplete_fields = ("item",)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        called_off = close(obj, by=actor(request)).called_off
        if called_off:
            messages.warning(
                request,
                gettext("已取消 %(count)s 个时段，约了的人会收到通知。")
                % {"count": len(called_off)},
            )
