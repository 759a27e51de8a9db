"""Who stands at the admin door, and whether they may do something anywhere at all."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.csrf import csrf_failure

from backend.core.access import Actor, scope

DOOR = "admin"


def actor(request: HttpRequest) -> Actor:
    """Who acts through the admin. Raises: not_allowed for nobody."""
    return Actor.of(request.user, DOOR)


def allowed(request: HttpRequest, action: str) -> bool:
    """Whether the user may do `action` anywhere at all."""
    return scope(request.user, action).anywhere


def allowed_everywhere(request: HttpRequest, action: str) -> bool:
    """Whether the user may do `action` in the whole installation: what belongs to no community."""
    return scope(request.user, action).everywhere


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The refusal of a POST without its CSRF token: a page, or JSON where programs ask."""
    if not request.path.startswith("/graphql/"):
        return csrf_failure(request, reason)
    message = "请求没有带 CSRF 令牌，请刷新页面后再试；程序请改用接口密钥。"
    errors = [{"message": message, "extensions": {"code": "csrf_failed"}}]
    return JsonResponse({"data": None, "errors": errors}, status=403)
