"""Messages in the admin: everybody's own inbox, the community's templates, the log of what went out."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from backend.core.access import scope
from backend.core.admin import actor, allowed
from backend.core.errors import RuleViolation
from backend.core.lookups import OfferedLookups
from backend.messaging import actions, queries
from backend.messaging.choices import DELIVERY_COLOURS, DeliveryState
from backend.messaging.models import Delivery, InboxMessage
from backend.messaging.templates import all_kinds
from backend.messaging.wording_pages import MessageTemplateAdmin

__all__ = ["DeliveryAdmin", "InboxMessageAdmin", "MessageTemplateAdmin"]
PAGE = 20


class NobodyWrites(OfferedLookups, ModelAdmin):
    """Rows that no form makes or changes."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(InboxMessage)
class InboxMessageAdmin(NobodyWrites):
    """收件箱: the reader's own messages, whoever they are."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        signed_in = request.user.is_authenticated and request.user.is_active
        return signed_in and getattr(request.user, "limited_to", None) is None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.inbox_of(request.user)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """The list, newest first; a POST marks all as read."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        own = queries.inbox_of(request.user)
        if request.method == "POST":
            actions.mark_read(own, by=actor(request))
            return HttpResponseRedirect(request.get_full_path())
        show = "unread" if request.GET.get("show") == "unread" else ""
        rows = own.filter(read_at__isnull=True) if show else own
        page = self.get_paginator(request, rows.order_by("-pk"), PAGE).get_page(
            request.GET.get("page")
        )
        context = self.admin_site.each_context(request) | {
            "title": gettext("收件箱"),
            "opts": self.model._meta,
            "show": show,
            "page": page,
            "unread": queries.unread_count(request.user),
        }
        return render(request, "messaging/inbox.html", context)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """One message; whoever opens it has read it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        own = queries.inbox_of(request.user).filter(
            pk=int(object_id) if object_id.isdecimal() else 0
        )
        message = own.select_related("community").first()
        if message is None:
            raise Http404
        actions.mark_read(own, by=actor(request))
        context = self.admin_site.each_context(request) | {
            "title": str(message),
            "opts": self.model._meta,
            "message": message,
            "about": self._link(request, message),
        }
        return render(request, "messaging/message.html", context)

    def _link(self, request: HttpRequest, message: InboxMessage) -> dict[str, str] | None:
        record = queries.about(message, request.user)
        if record is None:
            return None
        theirs = self.admin_site._registry.get(type(record))
        if theirs is None or not theirs.has_view_permission(request, record):
            return None
        opts = record._meta
        url = reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[record.pk])
        return {"label": f"{opts.verbose_name}：{record}", "url": url}


@admin.register(Delivery)
class DeliveryAdmin(NobodyWrites):
    """发送记录: what went out of the house, with masked addresses and without the words."""

    list_display = (
        "created_at",
        "channel",
        "kind_label",
        "masked_to",
        "state_label",
        "tries",
        "next_try_at",
        "error_code",
        "community",
    )
    list_filter = ("state", "channel")
    list_filter_submit = True
    list_per_page = 50
    list_select_related = ("community",)
    show_full_result_count = False
    change_form_outer_before_template = "linli/record_actions.html"
    fields = (
        "channel",
        "kind_label",
        "masked_to",
        "state",
        "tries",
        "created_at",
        "next_try_at",
        "sent_at",
        "provider_reference",
        "error_code",
        "community",
    )

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed(request, "messaging.see")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed(request, "messaging.see")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return Delivery.objects.visible_to(request.user)

    @display(description=_("状态"), ordering="state", label=DELIVERY_COLOURS)
    def state_label(self, delivery: Delivery) -> tuple[str, str]:
        return delivery.state, delivery.get_state_display()

    @display(description=_("通知种类"), ordering="template")
    def kind_label(self, delivery: Delivery) -> str:
        labels = {kind.code: str(kind.label) for kind in all_kinds()}
        return labels.get(delivery.template, delivery.template)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.retry_view)
        own = path("<path:object_id>/retry/", view, name="messaging_delivery_retry")
        return [own, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        delivery = self.get_object(request, object_id)
        context = dict(extra_context or {})
        if delivery is not None and self._may_retry(request, delivery):
            url = reverse("admin:messaging_delivery_retry", args=[delivery.pk])
            context["record_links"] = [{"label": gettext("重新发送"), "url": url, "primary": True}]
        return super().change_view(request, object_id, form_url, context)

    def _may_retry(self, request: HttpRequest, delivery: Delivery) -> bool:
        failed = delivery.state in (DeliveryState.FAILED, DeliveryState.GIVEN_UP)
        where = scope(request.user, "messaging.move")
        return failed and not delivery.secret and where.covers(delivery.community_id)

    def retry_view(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """Asks once, then sends again."""
        delivery = self.get_object(request, object_id)
        if delivery is None or not self._may_retry(request, delivery):
            raise PermissionDenied
        back = reverse("admin:messaging_delivery_change", args=[delivery.pk])
        if request.method == "POST":
            try:
                actions.retry(delivery, by=actor(request))
            except RuleViolation as violation:
                messages.error(request, violation.message)
            else:
                messages.success(request, gettext("已排入发送，由后台马上重试。"))
            return HttpResponseRedirect(back)
        context = self.admin_site.each_context(request) | {
            "title": gettext("重新发送"),
            "opts": self.model._meta,
            "delivery": delivery,
            "back": back,
        }
        return render(request, "messaging/retry.html", context)
