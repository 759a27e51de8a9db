"""Pages of our own beside allauth's."""

from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.account.views import LoginView
from allauth.usersessions.models import UserSession
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from django.views.generic import TemplateView

from backend.accounts import actions, queries, second_factor
from backend.accounts.home_links import links_for
from backend.core.access import Actor
from backend.core.desk.without_rights import belongs_nowhere
from backend.messaging.queries import unread_count

sign_in = LoginView.as_view()


def admin_sign_in(request: HttpRequest, extra_context: Any = None) -> HttpResponse:
    """The sign-in of the staff pages: allauth's, with its second factor, at the address people know."""
    if request.user.is_authenticated:
        if not getattr(request.user, "is_staff", False):
            messages.warning(request, _("工作台只给社区工作人员用。您能办的事，都列在这一页。"))
            return HttpResponseRedirect(reverse("account_home"))
        return HttpResponseRedirect(get_next_redirect_url(request) or reverse("admin:index"))
    return sign_in(request)  # type: ignore[return-value]


@method_decorator(login_required, name="dispatch")
class HomeView(TemplateView):
    """账号与安全: what an account has, and where each of it is changed."""

    template_name = "account/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user = self.request.user
        return super().get_context_data(**kwargs) | {
            "has_second_factor": second_factor.has_one(user),
            "needs_second_factor": second_factor.needs_one(user),
            "unread_count": unread_count(user),
            "session_count": len(queries.sessions_of(user)),
            "links": links_for(user),
            "belongs_nowhere": belongs_nowhere(user),
        }


@login_required
def sessions(request: HttpRequest) -> HttpResponse:
    """登录的设备: where the account is signed in."""
    found = [
        {
            "pk": session.pk,
            "device": queries.device_of(session.user_agent),
            "ip": session.ip,
            "created_at": session.created_at,
            "is_current": session.session_key == request.session.session_key,
        }
        for session in queries.sessions_of(request.user)
    ]
    return render(request, "usersessions/usersession_list.html", {"sessions": found})


@login_required
@require_POST
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Signs one device out."""
    session = get_object_or_404(UserSession, pk=pk, user=request.user)
    actions.end_one(session, by=Actor.of(request.user, "pages"))
    messages.success(request, _("已退出那台设备。"))
    return HttpResponseRedirect(reverse("usersessions_list"))


@login_required
@require_POST
def end_other_sessions(request: HttpRequest) -> HttpResponse:
    """Signs every device out but this one."""
    actions.end_others(request.session.session_key, by=Actor.of(request.user, "pages"))
    messages.success(request, _("已退出其他设备。"))
    return HttpResponseRedirect(reverse("usersessions_list"))


class PasswordHelp(TemplateView):
    """忘记密码: whom to ask."""

    template_name = "account/password_help.html"
