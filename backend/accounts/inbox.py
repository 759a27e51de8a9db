"""站内信: what the neighbourhood told an account, on plain pages; nobody reads another's."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache

from backend.core.access import Actor
from backend.messaging.actions import mark_read
from backend.messaging.queries import inbox_of

SHOWN = 20
_UNREAD = ExpressionWrapper(Q(read_at__isnull=True), BooleanField())


@never_cache
@login_required
def inbox(request: HttpRequest) -> HttpResponse:
    """The account's messages: unread ones first, each kind newest first."""
    rows = inbox_of(request.user).annotate(unread=_UNREAD)
    page = Paginator(rows.order_by("-unread", "-pk"), SHOWN).get_page(request.GET.get("page"))
    return render(request, "account/inbox.html", {"page": page})


@never_cache
@login_required
def message(request: HttpRequest, pk: int) -> HttpResponse:
    """One message; who opens it has read it."""
    own = inbox_of(request.user)
    found = get_object_or_404(own, pk=pk)
    mark_read(own.filter(pk=pk), by=Actor.of(request.user, "pages"))
    return render(request, "account/message.html", {"letter": found})
