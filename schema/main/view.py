"""The main API's door."""

from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from strawberry.django.views import GraphQLView

from schema.main.schema import schema

FIRST_QUERY = """# 普法活动和签到人次 / events and their heads
query {
  legalEducationEvents(first: 5, order: {startsAt: DESC}) {
    totalCount
    edges { node { code title startsAt statusLabel headsTotal venue { name } } }
  }
}
"""


class MainView(GraphQLView):
    """POST only: a GET shows GraphiQL to browsers."""

    def process_result(self, request: HttpRequest, result: Any, **kwargs: Any) -> Any:
        """Every error has a code: those of syntax come past the schema's extensions."""
        answer: Any = super().process_result(request, result, **kwargs)
        for error in answer.get("errors") or ():
            error.setdefault("extensions", {}).setdefault("code", "bad_request")
        return answer

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data, default=str)


_api = MainView.as_view(
    schema=schema,
    graphql_ide=None,
    allow_queries_via_get=False,
    multipart_uploads_enabled=True,
)


@csrf_exempt
def main_api(request: HttpRequest) -> HttpResponseBase:
    """GraphQL by POST. A request that brings no session cookie needs no CSRF token."""
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return _explorer(request)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        return _guarded(request)
    return _api(request)


@csrf_protect
def _guarded(request: HttpRequest) -> HttpResponseBase:
    return _api(request)


@csrf_protect
def _explorer(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "graphiql/main.html",
        {"endpoint": request.path, "title": "Linli 邻里 GraphQL", "default_query": FIRST_QUERY},
    )
