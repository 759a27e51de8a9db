"""Accounts in the admin: keys, users and failed sign-ins."""

import datetime
from collections.abc import Callable
from typing import Any

from axes.models import AccessAttempt
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from backend.accounts import actions, second_factor
from backend.accounts.forms import NewKeyForm
from backend.accounts.models import ApiKey, scope_label
from backend.accounts.queries import keys_seen_by
from backend.core.access import scope
from backend.core.admin import RegisterAdmin, actor, allowed_everywhere
from backend.core.errors import RuleViolation
from backend.core.lookups import OfferedLookups
from backend.core.telling import who
from backend.people.admin import UserAdmin
from backend.people.models import User
from backend.people.queries import accounts_in


@admin.register(ApiKey)
class ApiKeyAdmin(RegisterAdmin):
    """接口密钥: made and shown once, listed, revoked."""

    list_display = ("name", "prefix", "person", "state", "expires_at", "last_used_at")
    readonly_fields = ("person", "scopes_in_words", "last_used_at")
    fields = (
        "name",
        "person",
        "prefix",
        "scopes_in_words",
        "expires_at",
        "revoked_at",
        "last_used_at",
    )

    def __init__(self, model: Any, site: Any) -> None:
        columns, fields = self.list_display, self.fields
        super().__init__(model, site)
        self.list_display, self.fields = columns, fields
        self.list_select_related = ("owner",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return keys_seen_by(request.user)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False  # A key is what it was made as; it can only end.

    @display(
        description=_("状态"), label={"alive": "success", "ended": "danger", "expired": "warning"}
    )
    def state(self, key: ApiKey) -> tuple[str, str]:
        if key.revoked_at is not None:
            return "ended", gettext("已停用")
        return ("alive", gettext("有效")) if key.is_alive else ("expired", gettext("已过期"))

    @display(description=_("所有人"), ordering="owner__username")
    def person(self, key: ApiKey) -> str:
        return who(key.owner, key.owner.get_username())

    @display(description=_("最近使用"))
    def last_used_at(self, key: Any) -> Any:
        return key.last_used_at

    @display(description=_("权限"))
    def scopes_in_words(self, key: ApiKey) -> str:
        return "；".join(scope_label(action) for action in key.scopes)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.revoke_view)
        own = [path("<int:pk>/revoke/", view, name="accounts_apikey_revoke")]
        return own + super().get_urls()

    def record_links(self, request: HttpRequest, record: Any) -> list[dict[str, str]]:
        if not record.is_alive:
            return []
        return [{"label": gettext("停用这个密钥"), "url": self._url("revoke", record.pk)}]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> Any:
        """Asks what the key is for and shows it once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = NewKeyForm(request.POST or None, user=request.user)
        error, token, key = "", "", None
        if request.method == "POST" and form.is_valid():
            last_day = form.cleaned_data["expires_on"]
            end = datetime.datetime.combine(last_day, datetime.time(23, 59, 59))
            try:
                second_factor.must_be_shown(request)
                key, token = actions.create_api_key(
                    form.cleaned_data["name"],
                    form.cleaned_data["scopes"],
                    timezone.make_aware(end),
                    by=actor(request),
                )
            except RuleViolation as violation:
                error = violation.message
        context = self.admin_site.each_context(request) | {
            "title": gettext("新的接口密钥"),
            "opts": self.model._meta,
            "form": form,
            "error": error,
            "token": token,
            "key": key,
            "back": self._url("changelist"),
        }
        response = render(request, "accounts/new_key.html", context)
        # The secret is nobody's but the reader's: neither a cache nor "back" shows it again.
        response["Cache-Control"] = "no-store"
        return response

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once, then ends the key."""
        key = self.get_object(request, str(pk))
        if key is None:
            raise PermissionDenied

        def revoke(reason: str) -> str:
            actions.revoke_api_key(key, by=actor(request), reason=reason)
            return gettext("密钥已停用。")

        return confirmed(
            self, request, key, gettext("停用这个密钥"), revoke, self._url("change", pk)
        )


admin.site.unregister(User)


@admin.register(User)
class AccountAdmin(UserAdmin):
    """用户, with what keeps an account safe."""

    change_form_outer_before_template = "linli/record_actions.html"

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows = super().get_queryset(request)
        seen = accounts_in(scope(request.user, "accounts.see"))
        return rows.filter(Q(pk__in=seen.values("pk")) | Q(pk=request.user.pk))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        names = super().get_readonly_fields(request, obj)
        # As the verb says: nobody closes the own account.
        return (*names, "is_active") if obj is not None and obj.pk == request.user.pk else names

    def get_urls(self) -> list[Any]:
        own = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"people_user_{name}")
            for name, view in (("signout", self.sign_out_view), ("reset2fa", self.reset_view))
        ]
        return own + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        context = dict(extra_context or {})
        if allowed_everywhere(request, "accounts.edit"):
            context["record_links"] = [
                {
                    "label": str(label),
                    "url": reverse(f"admin:people_user_{name}", args=[object_id]),
                }
                for name, label in (("signout", _("退出所有设备")), ("reset2fa", _("重置两步验证")))
            ]
        return super().change_view(request, object_id, form_url, context)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if change and not obj.is_active:
            actions.shut_out(obj, by=actor(request))

    def sign_out_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """退出所有设备."""
        return self._for_account(request, pk, gettext("退出所有设备"), actions.sign_out_everywhere)

    def reset_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """重置两步验证, for somebody who lost their phone."""
        return self._for_account(request, pk, gettext("重置两步验证"), actions.take_second_factors)

    def _for_account(
        self, request: HttpRequest, pk: int, title: str, verb: Callable[..., int]
    ) -> HttpResponse:
        user = self.get_object(request, str(pk))
        if user is None or not allowed_everywhere(request, "accounts.edit"):
            raise PermissionDenied

        def do(reason: str) -> str:
            verb(user, by=actor(request), reason=reason)
            return gettext("已完成。")

        back = reverse("admin:people_user_change", args=[pk])
        return confirmed(self, request, user, title, do, back, needs_reason=True)


def confirmed(
    page: Any,
    request: HttpRequest,
    record: Any,
    title: str,
    do: Callable[[str], str],
    back: str,
    *,
    needs_reason: bool = False,
) -> HttpResponse:
    """Asks once, with a reason where one is needed; then does it and says so."""
    error, reason = "", request.POST.get("reason", "")
    if request.method == "POST":
        try:
            said = do(reason)
        except RuleViolation as violation:
            error = violation.message
        else:
            messages.success(request, said)
            return HttpResponseRedirect(back)
    context = page.admin_site.each_context(request) | {
        "title": title,
        "opts": page.model._meta,
        "record": record,
        "needs_reason": needs_reason,
        "reason": reason,
        "error": error,
        "back": back,
    }
    return render(request, "accounts/confirm.html", context)


@admin.register(AccessAttempt)
class FailedSignInAdmin(OfferedLookups, ModelAdmin):
    """登录失败记录: for the installation's administrators; names are masked in the table itself."""

    list_display = ("attempt_time", "who", "where", "failures")
    show_full_result_count = False

    @display(description=_("用户名（脱敏）"))
    def who(self, attempt: AccessAttempt) -> str:
        return attempt.username or "—"

    @display(description=_("网络地址"))
    def where(self, attempt: AccessAttempt) -> str:
        return attempt.ip_address or "—"

    @display(description=_("失败次数"))
    def failures(self, attempt: AccessAttempt) -> int:
        return attempt.failures_since_start

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("who", "where", "failures", "attempt_time")

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return self.get_fields(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return allowed_everywhere(request, "accounts.edit")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return allowed_everywhere(request, "accounts.edit")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


# What the libraries register is their tables; people and programs are met on our own pages.
for left_out in ("account.EmailAddress", "mfa.Authenticator", "usersessions.UserSession") + tuple(
    f"socialaccount.{name}" for name in ("SocialAccount", "SocialApp", "SocialToken")
):
    for registered in [m for m in admin.site._registry if m._meta.label == left_out]:
        admin.site.unregister(registered)
