"""The main API's door."""

from collections.abc import Callable
from typing import Any

import orjson
from cross_web import HTTPException
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from strawberry.django.views import GraphQLView
from strawberry.file_uploads.utils import replace_placeholders_with_files
from strawberry.http import GraphQLRequestData

from schema.journeys import examples
from schema.main.extensions import safe
from schema.main.schema import schema
from schema.main.trusted import document_of
from schema.requests import (
    GRAPHQL,
    bad_request,
    caller_kept,
    document_fits,
    guarded,
    media_type,
    one_operation,
    read_json,
    size_kept,
    too_large,
)

FIRST_QUERY = """# 普法活动和签到人次 / events and their heads
query {
  legalEducationEvents(first: 5, order: {startsAt: DESC}) {
    totalCount
    edges { node { code title startsAt statusLabel headsTotal venue { name } } }
  }
}
"""
MAX_BATCH = 10
View = Callable[[HttpRequest], HttpResponseBase]
# The form around an upload.
_FORM_BYTES = 1024 * 1024


class MainView(GraphQLView):
    """POST only: a GET shows GraphiQL to browsers."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            answer: HttpResponseBase = self.run(request=request)
            return answer
        except HTTPException as error:
            raise bad_request(error.reason, error.status_code) from None

    def parse_http_body(self, request: Any) -> Any:
        """The operations of a POST. Raises Refused for what is none."""
        asked: HttpRequest = request.request
        if asked.content_type == "application/json":
            data = read_json(asked.body)
        elif asked.content_type == "multipart/form-data":
            data = _with_files(request)
        else:
            raise bad_request("请用 Content-Type: application/json（上传文件用 multipart）。", 415)
        if not isinstance(data, list):
            return _read(data)
        if not 0 < len(data) <= MAX_BATCH:
            raise bad_request(f"一次请求最多 {MAX_BATCH} 个操作，至少一个。")
        return [_read(one) for one in data]

    def process_result(self, request: HttpRequest, result: Any, **kwargs: Any) -> Any:
        """Every error has a code: those of syntax and of refusals come past the extensions."""
        if result.errors:
            result.errors = [safe(error) for error in result.errors]
        return super().process_result(request, result, **kwargs)

    def create_response(self, response_data: Any, sub_response: Any) -> HttpResponseBase:
        answer = super().create_response(response_data, sub_response)
        kind = media_type(self.request)
        if kind == GRAPHQL and isinstance(response_data, dict) and _not_executed(response_data):
            # What was refused has no data, in the newer type: not even none.
            del response_data["data"]
            answer = HttpResponse(self.encode_json(response_data), status=400)
        answer["Content-Type"] = kind
        return answer

    def encode_json(self, data: object) -> bytes:
        return orjson.dumps(data, default=str)


def _not_executed(answer: dict[str, Any]) -> bool:
    return answer["data"] is None and not any("path" in error for error in answer["errors"])


def _read(data: Any) -> GraphQLRequestData:
    operation = one_operation(data)
    document = document_of(operation)
    if document is None:
        raise bad_request("请求里没有 query。")
    document_fits(document)
    return GraphQLRequestData(
        query=document,
        variables=operation.get("variables"),
        operation_name=operation.get("operationName"),
        extensions=operation.get("extensions"),
    )


def _with_files(request: Any) -> Any:
    """The operations of a multipart request, with its files in their places."""
    form = request.post_data
    texts = [form.get(name) for name in ("operations", "map")]
    if not all(isinstance(text, str) for text in texts):
        raise bad_request("上传请求应有 operations 和 map。")
    if max(len(text) for text in texts) > settings.GRAPHQL_MAX_BODY_BYTES:
        raise too_large("请求的字节数", settings.GRAPHQL_MAX_BODY_BYTES)
    operations, places = (read_json(text) for text in texts)
    try:
        return replace_placeholders_with_files(operations, places, request.files)
    except (AttributeError, IndexError, KeyError, TypeError, ValueError):
        raise bad_request("map 与 operations、文件对不上。") from None


_api = MainView.as_view(
    schema=schema,
    graphql_ide=None,
    allow_queries_via_get=False,
    multipart_uploads_enabled=True,
)


@csrf_exempt
def main_api(request: HttpRequest) -> HttpResponseBase:
    """GraphQL by POST. A request that brings no session cookie needs no CSRF token."""
    return guarded(request, lambda: _answered(request))


def _answered(request: HttpRequest) -> HttpResponseBase:
    if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
        return _explorer(request)
    return door_of(request, _api)


def door_of(request: HttpRequest, api: View) -> HttpResponseBase:
    """What a view of the main API answers to a POST: within size and rate, CSRF where a cookie came.

    Raises: Refused.
    """
    if request.method != "POST":
        raise bad_request("这个地址只接受 POST。", 405)
    size_kept(request, _largest(request))
    caller_kept(request)
    if settings.SESSION_COOKIE_NAME in request.COOKIES:
        # A function of its own: the library's view says of itself that it is exempt.
        return _guarded(request, api)
    return api(request)


@csrf_protect
def _guarded(request: HttpRequest, api: View) -> HttpResponseBase:
    return api(request)


def _largest(request: HttpRequest) -> int:
    """How many bytes a body of this kind may have."""
    if request.content_type == "multipart/form-data":
        return settings.IMPORT_MAX_BYTES + _FORM_BYTES
    return settings.GRAPHQL_MAX_BODY_BYTES


@csrf_protect
def _explorer(request: HttpRequest) -> HttpResponse:
    return render(
        request,
        "graphiql/main.html",
        {
            "endpoint": request.path,
            "title": "Linli 邻里 GraphQL",
            "default_query": FIRST_QUERY,
            "examples": examples(open_data=False),
        },
    )
